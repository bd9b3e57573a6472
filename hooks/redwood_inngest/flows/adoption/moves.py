"""The modules of an app that move, and what the modules that import them say then."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ...app.earlier import modules_below
from ...app.handler import SOURCE_SUFFIXES
from ...changes import read
from ...codemods.adoption.imports import all_imports, respecified, specifiers
from ...codemods.graphql_handler import decode
from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.expressions import string_value
from ...typescript.parser import parse
from ..folder_style import folder_style

_ENDINGS = ("", *SOURCE_SUFFIXES, *(f"/index{suffix}" for suffix in SOURCE_SUFFIXES))
_WRITTEN = (".js", ".mjs", ".ts")


@dataclass(frozen=True)
class Moves:
    """Modules that move.

    Attributes:
        root: The app's folder.
        source: The folder with the api side's sources: `api/src`.
        new: The new path of each module that moves, by its old one; both relative to the root.
    """

    root: Path
    source: str
    new: Mapping[str, str] = field(default_factory=dict)

    def resolved(self, path: str, specifier: str) -> str | None:
        """The module of the app that a module means by a specifier, if it is one."""
        if specifier.startswith("."):
            stem = posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))
        else:
            start = next((one for one in self._aliases() if specifier.startswith(one)), None)
            if start is None:
                return None
            stem = f"{self.source}/{specifier[len(start) :]}"
        bare = next((stem.removesuffix(end) for end in _WRITTEN if stem.endswith(end)), stem)
        candidates = [f"{each}{ending}" for each in (stem, bare) for ending in _ENDINGS]
        return next((one for one in candidates if (self.root / one).is_file()), None)

    def _aliases(self) -> tuple[str, ...]:
        return ("src/", f"{self.source}/", f"${self.source}/")

    def specifier(self, path: str, specifier: str, *, moved: bool = False) -> str:
        """The specifier by which a module's code imports the same module afterwards.

        Args:
            path: The module with the code, where it is now.
            specifier: The specifier now.
            moved: Whether the code is in another folder then.
        """
        target = self.resolved(path, specifier)
        if target is None or not (target in self.new or (moved and specifier.startswith("."))):
            return specifier
        new = PurePosixPath(self.new.get(target, target))
        ending = next((end for end in _WRITTEN if specifier.endswith(end)), "")
        start = next((one for one in self._aliases() if specifier.startswith(one)), "src/")
        below = new.relative_to(self.source).with_suffix("")
        if new.stem == "index" and not specifier.endswith("index"):
            below = below.parent
        return f"{start}{below}{ending}"

    def imported(self, path: str, texts: Mapping[str, str]) -> frozenset[str]:
        """The names that other modules import from a module.

        Args:
            path: The module.
            texts: The other modules, by path.
        """
        names: set[str] = set()
        for other, text in texts.items():
            suffix = PurePosixPath(other).suffix
            if suffix in SOURCE_SUFFIXES and PurePosixPath(path).stem in text:
                names |= {
                    one.name
                    for one in all_imports(text, suffix)
                    if self.resolved(other, one.module) == path
                }
        return frozenset(names)

    def respecified(self, path: str, text: str) -> str:
        """A module that imports what has moved, and that may move itself.

        Raises:
            Refusal: The module cannot be edited for certain.
        """
        suffix, moved = PurePosixPath(path).suffix, path in self.new
        if suffix not in SOURCE_SUFFIXES:
            return text
        if not moved and not any(PurePosixPath(one).stem in text for one in self.new):
            return text
        try:
            module = Module(parse(text, suffix))
        except Refusal as refusal:
            if moved:
                raise refusal.at(path) from None
            return text  # whatever it is, the framework cannot read it either
        found = {string_value(node) or "" for node in specifiers(module)}
        new = {one: self.specifier(path, one, moved=moved) for one in found}
        changed = {old: now for old, now in new.items() if old != now}
        if not changed:
            return text
        file = self.root / path
        try:
            return respecified(text, suffix, folder_style(file.parent, file.name), changed)
        except Refusal as refusal:
            raise refusal.at(path) from None


def importers(root: Path, source: str) -> dict[str, str]:
    """The modules that may import others of the api side, by path: those there and scripts."""
    folders = (root / source, root / "scripts")
    files = (file for folder in folders if folder.is_dir() for file in modules_below(folder))
    texts = {}
    for file in files:
        path = file.relative_to(root).as_posix()
        try:
            texts[path] = decode(read(root, path) or b"")
        except Refusal:
            continue  # the framework cannot read it either
    return texts
