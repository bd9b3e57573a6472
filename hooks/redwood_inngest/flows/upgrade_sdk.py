"""Bring the code of files and folders to a later major version of the Inngest SDK.

Modules are read first and all together, since an endpoint has options that belong to the client of
another module, and a function uses the events of that client. A folder is upgraded as a whole or
not at all.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from ..app.files import followed
from ..app.find import find_root
from ..app.handler import SOURCE_SUFFIXES
from ..app.packages import named_packages
from ..changes import Change, Changes, read
from ..codemods.checked import without_collector
from ..codemods.graphql_handler import decode
from ..codemods.sdk.around import Around, Client
from ..codemods.sdk.codemod import VERSIONS, Upgraded, upgrade
from ..codemods.sdk.environment import rename_variables
from ..codemods.sdk.notes import Note
from ..codemods.sdk.survey import HandedOver, Survey, survey
from ..errors import Refusal
from ..typescript.bindings import Module
from ..typescript.parser import parse
from ..typescript.style import REDWOOD_STYLE
from . import interrupted
from .folder_style import folder_style
from .results import Result, as_typed, refused

UPGRADED = "upgraded"
UP_TO_DATE = "up-to-date"
WOULD_UPGRADE = "would-upgrade"
NOT_WRITTEN = "not-written"

_PACKAGE = "inngest"
_IGNORED = {"build", "dist", "node_modules", "out"}
# The `.local` files, for one machine only, hold keys: they are not edited.
_ENV_FILE = re.compile(r"\.env(?!\.local$|.*\.local$)\..+")
_SPECIFIER = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"\n]+)['"]""")
# Clients, endpoints, and exports of other modules that are passed on.
_SAYS_SOMETHING = re.compile(r"\bInngest\b|\bserve\b|\bexport\s*[{*]")
_ALIASES = ("@/", "~/", "$lib/", "src/")
_INDEXES = tuple(f"/index{suffix}" for suffix in SOURCE_SUFFIXES)
# A limit for modules that pass on the exports of modules that pass on exports.
_MAX_DEPTH = 5
_MAJOR = re.compile(r"[\^~>=v\s]*(\d+)")


@dataclass(frozen=True)
class UpgradeResult(Result):
    """The outcome for one file.

    Attributes:
        notes: The work that is left to the user, in the order of the text.
    """

    notes: tuple[Note, ...] = ()

    def remarks(self) -> list[str]:
        """See `Result.remarks`."""
        told = [f"{self.path}:{note.line}:{note.column}: {note.text}" for note in self.notes]
        return super().remarks() + told

    def as_json(self) -> dict[str, object]:
        """See `Result.as_json`."""
        notes = [
            {"line": note.line, "column": note.column, "text": note.text} for note in self.notes
        ]
        return {**super().as_json(), "notes": notes}


@dataclass(eq=False)
class _File:
    """A file to upgrade: its facts, and its outcome."""

    path: Path
    shown: str
    data: bytes
    text: str = ""
    module: Module | None = None
    after: str = ""
    uses_sdk: bool = False
    notes: tuple[Note, ...] = ()
    refusal: Refusal | None = None

    @property
    def changed(self) -> bool:
        return not self.refusal and self.after != self.text


@dataclass(eq=False)
class _Unit:
    """A path that was given; its files are written all together."""

    path: str
    is_folder: bool
    files: list[_File] = field(default_factory=list)
    refusal: Refusal | None = None


def run(paths: Sequence[str], *, to: int = VERSIONS[-1], dry_run: bool = False) -> Iterator[Result]:
    """Upgrade files and folders.

    Args:
        paths: Source files, and folders whose source and env files are meant.
        to: The major version of the SDK to bring them to.
        dry_run: Whether to leave the files as they are.

    Yields:
        The outcome for each file; of a folder, only for files with something to report.
    """
    files: dict[Path, _File] = {}
    units = [_unit(path, to, files) for path in paths]
    _upgrade_all(files, to)
    for unit in units:
        yield from _finished(unit, dry_run=dry_run)


@dataclass(frozen=True)
class UpgradedFile:
    """A module or an env file, upgraded in memory.

    Attributes:
        path: The file.
        before: Its text now.
        after: Its text after the upgrade.
        notes: The work that is left to the user.
    """

    path: Path
    before: str
    after: str
    notes: tuple[Note, ...]


def sdk_files(root: Path, source: str) -> list[Path]:
    """The files of an app that may use the SDK, and its env files.

    Args:
        root: The app's folder.
        source: The folder of the api side's sources.
    """
    files = _files_below(root / source)
    found = [file for file in files if _read(file, str(file), only_sdk=True)]
    return found + sorted(file for file in root.glob(".env*") if _ENV_FILE.fullmatch(file.name))


def upgraded(paths: Sequence[Path], to: int) -> list[UpgradedFile]:
    """Upgrade files in memory; nothing is written.

    Args:
        paths: The source and env files.
        to: The major version of the SDK to bring them to.

    Raises:
        Refusal: One of them cannot be upgraded; it is named.
    """
    files: dict[Path, _File] = {}
    for path in paths:
        found = _read(path, str(path), only_sdk=False)
        if found:
            _check_version(found, to)
            files[found.path] = found
    for one in _upgrade_all(files, to):
        if one.refusal:
            raise one.refusal.at(str(one.path))
    return [UpgradedFile(one.path, one.text, one.after, one.notes) for one in files.values()]


def run_on_text(data: bytes, *, to: int, dry_run: bool) -> tuple[Result, str]:
    """Upgrade a module's text, as it comes through standard input.

    Returns:
        The outcome, and the new text, which is empty after a refusal.
    """
    try:
        text = decode(data)
        done = upgrade(text, ".tsx" if "</" in text else ".ts", to)
    except Refusal as refusal:
        return refused("-", refusal), ""
    change = Change("-", data, done.source.encode()) if done.changed else None
    status = (WOULD_UPGRADE if dry_run else UPGRADED) if done.changed else UP_TO_DATE
    return UpgradeResult("-", status, change=change, notes=done.notes), done.source


def _unit(path: str, to: int, seen: dict[Path, _File]) -> _Unit:
    """A path with its files, but those that another path has already."""
    unit = _Unit(path, Path(path).is_dir())
    try:
        for file in _files_below(Path(path)) if unit.is_folder else [Path(path)]:
            found = _read(file, "" if unit.is_folder else path, only_sdk=unit.is_folder)
            if found and found.path not in seen:
                unit.files.append(found)
        if unit.is_folder and not any(map(_is_source, unit.files)):
            raise Refusal("nothing here uses the Inngest SDK: name the folder or file that does.")
        for one in unit.files:
            _check_version(one, to)
    except Refusal as refusal:
        unit.refusal = refusal
        unit.files = []
    seen.update({one.path: one for one in unit.files})
    return unit


def _read(file: Path, shown: str = "", *, only_sdk: bool) -> _File | None:
    """A file; None where it does not mention the SDK and only such are asked for."""
    resolved = followed(file)
    data = read(resolved.parent, resolved.name)
    if data is None:
        raise Refusal("there is no such file.")
    one = _File(resolved, shown or as_typed(str(resolved)), data)
    mentions = _PACKAGE.upper().encode() in data.upper() or b"createFunction" in data
    if only_sdk and not mentions:
        return None
    try:
        one.text = one.after = decode(data)
    except Refusal as refusal:
        one.refusal = refusal
    return one


def _is_source(one: _File) -> bool:
    return one.path.suffix in SOURCE_SUFFIXES and (
        (_PACKAGE in one.text and "import" in one.text) or "createFunction" in one.text
    )


def _files_below(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in _IGNORED and not name.startswith(".")
        )
        for name in sorted(names):
            if (
                name.endswith(SOURCE_SUFFIXES) and not name.endswith(".d.ts")
            ) or _ENV_FILE.fullmatch(name):
                yield Path(top, name)


def _check_version(one: _File, to: int) -> None:
    since = _declared_major(one.path.parent)
    if since is not None and since > to:
        raise Refusal(
            f"the app has SDK {since} already, by its package.json, and there is no way back to"
            f" SDK {to}: leave out --to.",
        )


@cache
def _declared_major(folder: Path) -> int | None:
    """The major version of the SDK that the nearest package.json with the SDK asks for."""
    for above in (folder, *folder.parents):
        manifest = above / "package.json"
        asked = named_packages(manifest).get(_PACKAGE) if manifest.exists() else None
        if asked is not None:
            found = _MAJOR.match(asked)
            return int(found[1]) if found else None
        if (above / ".git").exists():
            break
    return None


@dataclass(frozen=True)
class _Exported:
    """A client that a module exports: the module that makes it, its name there, and itself."""

    module: Path
    local: str
    client: Client


class _Modules:
    """The modules of this run and those that they import, with the facts that they share."""

    def __init__(self, files: Mapping[Path, _File]) -> None:
        self._files = files
        self._moved: dict[Path, dict[str, dict[str, str]]] = defaultdict(dict)
        self._disputed: set[Path] = set()
        self._surveys = {path: self._survey(path) for path in files}
        self._on_edge = any(one.on_edge for one in self._surveys.values())
        for path, said in self._surveys.items():
            for handed in said.handed_over:
                self._hand_over(path, handed)

    def order(self) -> list[Path]:
        """The files, those that make clients first."""
        return sorted(self._files, key=lambda path: not self._surveys[path].clients)

    def forget(self, path: Path) -> None:
        """Drop the facts of a module, which stays as it is."""
        self._surveys[path] = Survey()

    def around(self, path: Path) -> Around:
        """The other modules, as one module sees them."""
        clients: dict[tuple[str, str], Client] = {}
        for specifier in set(_SPECIFIER.findall(self._files[path].text)):
            target = _resolved(path.parent, specifier)
            for name, found in self._exports(target).items() if target else ():
                clients[specifier, name] = self._as_it_will_be(found)
        return Around(
            clients,
            self._moved.get(path, {}) if path not in self._disputed else {},
            _declared_major(path.parent),
            self._on_edge,
        )

    def _as_it_will_be(self, found: _Exported) -> Client:
        """A client as it will be after this run."""
        here = found.module in self._files
        return replace(
            found.client,
            events=found.client.events if here or found.client.has_events else {},
            takes_options=found.client.takes_options
            and here
            and found.module not in self._disputed,
        )

    def _survey(self, path: Path) -> Survey:
        one = self._files.get(path)
        try:
            text = one.text if one else decode(read(path.parent, path.name) or b"")
            if _SAYS_SOMETHING.search(text):
                module = Module(parse(text, path.suffix))
                if one:
                    one.module = module
                return survey(module)
        except Refusal:
            pass  # the upgrade of this file says why
        return Survey()

    def _exports(self, path: Path, depth: int = 0) -> dict[str, _Exported]:
        """The clients that a module exports, its own and those of other modules."""
        if path not in self._surveys:
            self._surveys[path] = self._survey(path)
        said = self._surveys[path]
        found = {
            name: _Exported(path, said.locals[name], client)
            for name, client in said.clients.items()
        }
        for name, specifier, there in said.passed_on if depth < _MAX_DEPTH else ():
            target = _resolved(path.parent, specifier)
            for exported, each in (self._exports(target, depth + 1) if target else {}).items():
                if there == "*":
                    found.setdefault(exported, each)
                elif there == exported:
                    # Its event types are not passed on with it.
                    found.setdefault(name, replace(each, client=replace(each.client, events={})))
        return found

    def _hand_over(self, path: Path, handed: HandedOver) -> None:
        target = _resolved(path.parent, handed.module)
        found = self._exports(target).get(handed.name) if target else None
        if found is None:
            return
        before = self._moved[found.module].setdefault(found.local, {})
        given = handed.options.items()
        if not found.local or any(before.get(key, code) != code for key, code in given):
            self._disputed.add(found.module)
        before.update(handed.options)


@cache
def _resolved(importing: Path, specifier: str) -> Path | None:
    """The file that a module of a folder imports, for relative paths and the usual aliases."""
    if specifier.startswith("."):
        return _as_file(importing / specifier)
    alias = next((one for one in _ALIASES if specifier.startswith(one)), None)
    if alias is None:
        return None
    candidates = (_as_file(folder / specifier[len(alias) :]) for folder in _roots(importing, alias))
    return next(filter(None, candidates), None)


@cache
def _roots(importing: Path, alias: str) -> list[Path]:
    """The folders that an alias may stand for in a module of a folder, the nearest first."""
    inner = {"$lib/": ("src/lib",), "src/": ("src",)}.get(alias, (".", "src"))
    found: list[Path] = []
    for folder in (importing, *importing.parents):
        found += [folder / below for below in inner if (folder / below).is_dir()]
        if (folder / "package.json").exists():
            break
    return found


def _as_file(stem: Path) -> Path | None:
    if not stem.parent.is_dir():
        return None
    bare = stem.with_suffix("") if stem.suffix in {".js", ".mjs"} else stem
    endings = ("", *SOURCE_SUFFIXES, *_INDEXES)
    candidates = (
        Path(f"{each}{ending}") for each in dict.fromkeys((stem, bare)) for ending in endings
    )
    return next((one.resolve() for one in candidates if one.is_file()), None)


def _upgrade_all(files: Mapping[Path, _File], to: int) -> list[_File]:
    """Upgrade files in memory; return them in the order in which that was done."""
    with without_collector():
        modules = _Modules(files)
        ordered = [files[path] for path in modules.order()]
        for one in ordered:
            _upgrade(one, to, modules)
            if one.refusal:
                modules.forget(one.path)
    return ordered


def _upgrade(one: _File, to: int, modules: _Modules) -> None:
    if one.refusal:
        return
    try:
        if _ENV_FILE.fullmatch(one.path.name):
            one.after, one.notes = rename_variables(one.text, to)
            return
        style = (
            folder_style(one.path.parent, f"inngest{one.path.suffix}")
            if one.text
            else REDWOOD_STYLE
        )
        around, module, one.module = modules.around(one.path), one.module, None
        done: Upgraded = upgrade(one.text, one.path.suffix, to, style, around, module)
        one.after, one.notes, one.uses_sdk = done.source, done.notes, done.uses_sdk
    except Refusal as refusal:
        one.refusal = refusal


def _finished(unit: _Unit, *, dry_run: bool) -> list[Result]:
    """Write the new files of a path, and report them."""
    if unit.refusal:
        return [refused(unit.path, unit.refusal)]
    stopped = any(one.refusal for one in unit.files)
    try:
        if any(one.changed for one in unit.files) and not stopped:
            _write(unit, dry_run=dry_run)
    except Refusal as refusal:
        return [refused(unit.path, refusal)]
    results = [_result(one, dry_run=dry_run, stopped=stopped) for one in unit.files]
    told = [
        one for one in results if not unit.is_folder or one.status != UP_TO_DATE or one.remarks()
    ]
    return told or [Result(unit.path, UP_TO_DATE)]


def _write(unit: _Unit, *, dry_run: bool) -> None:
    changed = [one for one in unit.files if one.changed]
    folder = Path(os.path.commonpath([one.path.parent for one in changed]))
    root = find_root(folder) or folder
    interrupted.check(root, dry_run=dry_run)
    if dry_run:
        return
    changes = (
        Change(one.path.relative_to(root).as_posix(), one.data, one.after.encode())
        for one in changed
    )
    Changes(root, tuple(changes)).make()


def _result(one: _File, *, dry_run: bool, stopped: bool) -> Result:
    if one.refusal:
        return refused(one.shown, one.refusal)
    if not one.changed:
        return UpgradeResult(one.shown, UP_TO_DATE, notes=one.notes)
    change = Change(one.shown.lstrip("/"), one.data, one.after.encode())
    status = NOT_WRITTEN if stopped else WOULD_UPGRADE if dry_run else UPGRADED
    return UpgradeResult(one.shown, status, change=change, notes=one.notes)
