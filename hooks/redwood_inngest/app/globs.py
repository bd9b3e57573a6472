"""Globs as configuration files have them: EditorConfig's sections, Prettier's overrides."""

from __future__ import annotations

import re

from ..errors import UnknownGlob

_RANGE = re.compile(r"\{(-?\d+)\.\.(-?\d+)\}")
_QUANTIFIED = re.compile(r"([?*+@])\(")


def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression for a whole path.

    Reads `*`, `**`, `?`, `[a-z]`, `{a,b}`, `{1..3}`, and groups such as `?(a|b)` and `+(a)`.

    Raises:
        UnknownGlob: It has a group `!(a)`, or brackets that do not close.
    """
    try:
        return re.compile(_translated(glob) + r"\Z", re.DOTALL)
    except re.error as error:
        raise UnknownGlob(glob) from error


def _translated(glob: str) -> str:
    parts: list[str] = []
    closers: list[str] = []
    at = 0
    while at < len(glob):
        text, at = _next(glob, at, closers)
        parts.append(text)
    if closers:
        raise UnknownGlob(glob)
    return "".join(parts)


def _next(glob: str, at: int, closers: list[str]) -> tuple[str, int]:
    """The regular expression for what stands at a place, and where the rest begins."""
    if glob.startswith("!(", at):
        raise UnknownGlob(glob)
    if group := _QUANTIFIED.match(glob, at):
        closers.append(")" + group[1].replace("@", ""))
        return "(?:", group.end()
    if numbers := _RANGE.match(glob, at):
        first, last = sorted((int(numbers[1]), int(numbers[2])))
        return f"(?:{'|'.join(map(str, range(first, last + 1)))})", numbers.end()
    if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
        return "(?:.*/)?", at + 3
    if glob.startswith("**", at):
        return ".*", at + 2
    return _next_character(glob, at, closers)


def _next_character(glob: str, at: int, closers: list[str]) -> tuple[str, int]:
    character = glob[at]
    if character == "[":
        return _characters(glob, at)
    if character == "{":
        closers.append("}")
        return "(?:", at + 1
    if closers and character == closers[-1][0]:
        closer = closers.pop()
        return ")" + closer[1:] if closer[0] == ")" else ")", at + 1
    if closers and character == {"}": ",", ")": "|"}[closers[-1][0]]:
        return "|", at + 1
    if character == "\\" and at + 1 < len(glob):
        return re.escape(glob[at + 1]), at + 2
    return {"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character)), at + 1


def _characters(glob: str, at: int) -> tuple[str, int]:
    end = glob.find("]", at + 2)
    if end < 0:
        raise UnknownGlob(glob)
    inner = glob[at + 1 : end]
    negated = inner.startswith(("!", "^"))
    inner = inner[1:] if negated else inner
    escaped = re.sub(r"([\\\[^])", r"\\\1", inner)
    return f"[{'^' if negated else ''}{escaped}]", end + 1
