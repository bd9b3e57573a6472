"""Which files of an app import which, told from their texts: imports in comments count, too."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..app.files import MAX_SOURCE, read_if_there
from ..app.handler import SOURCE_SUFFIXES
from ..errors import Refusal

_NOT_SOURCES = {"node_modules", "dist", "build", "out", "coverage"}
_SPECIFIER = re.compile(r"""\b(?:from|import|require|mock)\b[\s(]*(['"`])([^'"`\n]+)\1""")
_SUFFIX = re.compile(r"\.[cm]?[jt]sx?$")


@dataclass(frozen=True)
class Import:
    """An import in a file.

    Attributes:
        specifier: The module or the package, as it is written.
        line: The line, from 1.
    """

    specifier: str
    line: int


def imports_in(text: str) -> list[Import]:
    """The imports in a module's text, those in comments included."""
    found, line, counted = [], 1, 0
    for match in _SPECIFIER.finditer(text):
        line += text.count("\n", counted, match.start(2))
        counted = match.start(2)
        found.append(Import(match[2], line))
    return found


def source_texts(root: Path, wanted: Callable[[str, str], bool]) -> dict[str, str]:
    """The texts of modules of an app, by path; those of installed packages are left out.

    Args:
        root: The app's folder.
        wanted: Tells by its path and its text whether a module is wanted.
    """
    found = {}
    for file in _modules(root):
        path, text = file.relative_to(root).as_posix(), _text(file)
        if wanted(path, text):
            found[path] = text
    return found


def _modules(root: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if name not in _NOT_SOURCES and not name.startswith(".")
        )
        yield from (Path(above, name) for name in sorted(names) if name.endswith(SOURCE_SUFFIXES))


def _text(file: Path) -> str:
    try:
        return (read_if_there(file, MAX_SOURCE) or b"").decode(errors="replace")
    except Refusal:  # no plain file, or none that anybody wrote by hand
        return ""


def imported_file(
    importer: str, specifier: str, files: Mapping[str, object], api_path: str
) -> str | None:
    """The file of the app that an import leads to.

    Args:
        importer: The file with the import, relative to the app's folder.
        specifier: The module, as it is written there.
        files: The files that are in question, by path.
        api_path: The folder of the api side.

    Returns:
        The file; None where it is none of these.
    """
    path = _path(importer, specifier, api_path)
    stem = _SUFFIX.sub("", path)
    stems = (path, stem, f"{stem}/index") if path else ()
    candidates = (f"{each}{suffix}" for each in stems for suffix in ("", *SOURCE_SUFFIXES))
    return next((each for each in candidates if each in files), None)


def _path(importer: str, specifier: str, api_path: str) -> str:
    """The path that an import names, from the app's folder on; empty where it names a package."""
    if specifier.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(importer), specifier))
    for alias, folder in (
        ("src/", f"{api_path}/src/"),
        ("$api/", f"{api_path}/"),
        ("api/", f"{api_path}/"),
    ):
        if specifier.startswith(alias):
            return folder + specifier.removeprefix(alias)
    return ""


def imports_package(text: str, package: str) -> bool:
    """Whether a module's text imports a package, or a part of one."""
    return any(
        each.specifier == package or each.specifier.startswith(f"{package}/")
        for each in imports_in(text)
    )
