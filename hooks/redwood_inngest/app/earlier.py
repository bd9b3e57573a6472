"""Inngest in an app by other means than this template: by hand, or by the tool of 2023."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import HasInngest
from .files import read_bytes
from .handler import SOURCE_SUFFIXES

USUAL_ENDPOINT = "inngest"
_OTHER_ENDPOINTS = ("inngest-serve", "inngest-functions", "inngest-endpoint")

_SDK = re.compile(rb"""['"](inngest(/[\w/-]+)?|envelop-plugin-inngest)['"]""")
_NO_SOURCES = {"node_modules", "dist"}
_TEST = re.compile(r"\.(test|spec|scenarios|fixtures|mock|d)\.[cm]?[jt]sx?$")


def modules_below(folder: Path) -> Iterator[Path]:
    """The modules in a folder, in order, tests included."""
    for file in sorted(folder.rglob("*")):
        folders = file.relative_to(folder).parts[:-1]
        hidden = any(part in _NO_SOURCES or part.startswith(".") for part in folders)
        if file.suffix in SOURCE_SUFFIXES and not hidden and file.is_file():
            yield file


def is_test(file: Path) -> bool:
    """Whether a file is a test, or declares types only."""
    return _TEST.search(file.name) is not None or "__tests__" in file.parts


def uses_sdk(path: Path) -> bool:
    """Whether a module, or one in a folder, names the SDK or the plugin's package."""
    files = modules_below(path) if path.is_dir() else iter((path,))
    return any(_SDK.search(read_bytes(file)) for file in files if not is_test(file))


def check_without_inngest(root: Path, api_path: str) -> None:
    """Check that an app has no Inngest yet.

    Raises:
        HasInngest: A module of its api side uses the SDK.
    """
    source = root / api_path / "src"
    for file in modules_below(source):
        if uses_sdk(file) and not is_test(file):
            raise has_inngest(file.relative_to(root).as_posix())


def has_inngest(path: str) -> HasInngest:
    """The refusal for an app that has Inngest already."""
    return HasInngest(
        "this app has Inngest already, and not from redwood-inngest: `redwood-inngest adopt` "
        "carries it over (`--diff` shows it first).",
        path=path,
    )


def find_endpoint(root: Path, api_path: str) -> str:
    """A name for the endpoint's function that no function of the app has."""
    functions = root / api_path / "src" / "functions"
    names = (USUAL_ENDPOINT, *_OTHER_ENDPOINTS)
    return next((name for name in names if _is_free(functions, name)), USUAL_ENDPOINT)


def _is_free(functions: Path, name: str) -> bool:
    files = [functions / f"{name}{suffix}" for suffix in SOURCE_SUFFIXES]
    paths = [path for path in (*files, functions / name) if path.exists()]
    return all(uses_sdk(path) for path in paths)
