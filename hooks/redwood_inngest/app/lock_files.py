"""Lock files: which version of a package the api side gets, where nothing is installed yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .files import read_bytes

_NUMBERS = r"(\d[\d.]*)"


def locked_version(lock: Path, package: str, side: str, asked: str) -> str:
    """The version of a package that an installation would put where a side resolves it.

    Args:
        lock: The lock file of yarn, npm or pnpm.
        package: The package's name.
        side: The side's folder, relative to that of the lock file: `api`.
        asked: The range that the app's package.json files ask for; empty where none does.

    Returns:
        The version, such as `5.6.2`; empty where the file has none.
    """
    text = read_bytes(lock).decode(errors="replace")
    return _READERS[lock.name](text, re.escape(package), re.escape(side), asked)


@dataclass(frozen=True)
class Writers:
    """The versions of a package manager that keep a lock file in the format that it has.

    Attributes:
        first: The first of them, as major and minor.
        last: The last major; None where the newest is one of them.
    """

    first: tuple[int, int]
    last: int | None = None

    def include(self, version: str) -> bool:
        """Whether a version is one of them."""
        numbers = re.match(r"(\d+)\.(\d+)", version)
        if not numbers:
            return False
        found = int(numbers[1]), int(numbers[2])
        return self.first <= found and (self.last is None or found[0] <= self.last)

    def __str__(self) -> str:
        first = ".".join(map(str, self.first)).removesuffix(".0")
        if self.last is None:
            return f"{first} or later"
        return first if self.last == self.first[0] else f"{first} to {self.last}"


def writers_of(lock: Path) -> Writers | None:
    """Which versions of its package manager a lock file is for.

    Any other version takes the file for broken or rewrites it, and still reports success.

    Args:
        lock: The lock file of yarn, npm or pnpm.

    Returns:
        The versions; None where the file does not say its format.
    """
    text = read_bytes(lock).decode(errors="replace")
    pattern, formats = _FORMATS[lock.name]
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        return None
    return next(writers for format_, writers in formats if format_ <= int(found[1]))


def _in_yarn(text: str, name: str, side: str, asked: str) -> str:
    """The version that is asked for, or else the one that most packages ask for.

    Yarn hoists that one (https://yarnpkg.com/advanced/lexicon#hoisting).
    """
    entry = rf'^"?({name}@[^\n]*?)"?:\n  version:? "?{_NUMBERS}'
    versions = {
        descriptor.strip('"').rpartition("@")[2].removeprefix("npm:"): version
        for descriptors, version in re.findall(entry, text, re.MULTILINE)
        for descriptor in descriptors.split(", ")
    }
    if asked in versions:
        return str(versions[asked])
    ranges = re.findall(rf'^    "?{name}"?:? "?(?:npm:)?([^"\n]+)"?$', text, re.MULTILINE)
    wanted = Counter(versions[each] for each in ranges if each in versions)
    if wanted:
        return str(wanted.most_common(1)[0][0])
    return str(next(iter(versions.values()), ""))


def _in_npm(text: str, name: str, side: str, asked: str) -> str:
    """The version in the side's own folder, or else in the one above it."""
    for folder in (f"{side}/node_modules", "node_modules"):
        found = re.search(rf'"{folder}/{name}": \{{\s*"version": "{_NUMBERS}', text)
        if found:
            return str(found[1])
    return ""


def _in_pnpm(text: str, name: str, side: str, asked: str) -> str:
    """The version that the side names, or else the first one there is."""
    named = rf"^  {side}:\n(?:    .*\n)*?      '?{name}'?:\n        .*\n        version: {_NUMBERS}"
    anywhere = rf"^  '?/?{name}@{_NUMBERS}'?:"
    found = re.search(named, text, re.MULTILINE) or re.search(anywhere, text, re.MULTILINE)
    return str(found[1]) if found else ""


_READERS: dict[str, Callable[[str, str, str, str], str]] = {
    "yarn.lock": _in_yarn,
    "package-lock.json": _in_npm,
    "npm-shrinkwrap.json": _in_npm,
    "pnpm-lock.yaml": _in_pnpm,
}

# The text that tells each lock file's format, and its writers from a version of that on. Seen
# with yarn 1.22 and releases of 2, 3 and 4, and with pnpm 7 to 10, on lock files of each other.
_NPM_FORMATS = (r'"lockfileVersion": *(\d+)', ((2, Writers((7, 0))), (0, Writers((5, 0), 6))))
_FORMATS: dict[str, tuple[str, tuple[tuple[int, Writers], ...]]] = {
    "yarn.lock": (
        r"^(?:__metadata:\n  version: |# yarn lockfile v)(\d+)",
        (
            (10, Writers((4, 15))),
            (9, Writers((4, 13))),
            (7, Writers((4, 0))),
            (5, Writers((3, 0), 3)),
            (2, Writers((2, 0), 3)),
            (0, Writers((1, 0), 1)),
        ),
    ),
    "package-lock.json": _NPM_FORMATS,
    "npm-shrinkwrap.json": _NPM_FORMATS,
    "pnpm-lock.yaml": (
        r"^lockfileVersion: '?(\d+)",
        ((7, Writers((9, 0))), (6, Writers((8, 0), 8)), (0, Writers((3, 0), 7))),
    ),
}
