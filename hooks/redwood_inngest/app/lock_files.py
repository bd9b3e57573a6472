"""Lock files: which version of a package the api side gets, where nothing is installed yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
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
