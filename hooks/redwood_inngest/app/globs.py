"""Globs as configuration files have them: EditorConfig's sections, Prettier's overrides.

A glob is matched by following all places at once at which the text so far can end, without
backtracking, so that the time grows only with the glob's length. The well-kept matchers for Python
(fnmatch, wcmatch) make regular expressions of globs, which Python matches by backtracking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ..errors import UnknownGlob

# More than any glob of a public app has, by far.
_LENGTH = 1000
_DEPTH = 5

_RANGE = re.compile(r"\{(-?\d{1,18})\.\.(-?\d{1,18})\}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)

# Maps the places that a text was matched up to, to the places where a part then ends.
_Part = Callable[[str, frozenset[int]], frozenset[int]]


class Glob:
    """A glob that is read.

    Args:
        glob: Its text. `*`, `**`, `?`, `[a-z]`, `{a,b}`, `{1..3}`, and groups such as `?(a|b)` and
            `+(a)` have their usual meaning.

    Raises:
        UnknownGlob: It has a group `!(a)`, brackets that do not close, or is far too long or deep.
    """

    def __init__(self, glob: str) -> None:
        if len(glob) > _LENGTH:
            raise UnknownGlob(f"{glob[:60]}...")
        reader = _Reader(glob)
        self._part = reader.alternatives("", 0)

    def match(self, path: str) -> bool:
        """Whether the glob matches the whole of a path."""
        return len(path) in self._part(path, frozenset({0}))


@lru_cache(maxsize=512)
def glob_pattern(glob: str) -> Glob:
    """Read a glob; the same text is read only once.

    Raises:
        UnknownGlob: It has a form that is not supported.
    """
    return Glob(glob)


class _Reader:
    """Reads a glob from left to right."""

    def __init__(self, glob: str) -> None:
        self._glob = glob
        self._at = 0

    def alternatives(self, closer: str, depth: int) -> _Part:
        """The parts of a group, up to its end; the whole glob where there is no closer."""
        if depth > _DEPTH:
            raise UnknownGlob(self._glob)
        separator = {"}": ",", ")": "|"}.get(closer)
        found: list[list[_Part]] = [[]]
        while self._at < len(self._glob):
            character = self._glob[self._at]
            if closer and character == closer:
                self._at += 1
                return _any_of([_in_turn(parts) for parts in found])
            if character == separator:
                self._at += 1
                found.append([])
            else:
                found[-1].append(self._next(depth))
        if closer:
            raise UnknownGlob(self._glob)
        return _in_turn(found[0])

    def _next(self, depth: int) -> _Part:
        glob, at = self._glob, self._at
        if glob.startswith("!(", at):
            raise UnknownGlob(glob)
        if glob[at] in "?*+@" and glob.startswith("(", at + 1):
            self._at += 2
            return _repeated(self.alternatives(")", depth + 1), glob[at])
        if numbers := _RANGE.match(glob, at):
            self._at = numbers.end()
            return _number_between(*sorted((int(numbers[1]), int(numbers[2]))))
        if glob.startswith("**/", at) and (at == 0 or glob[at - 1] == "/"):
            self._at += 3
            return _folders
        if glob.startswith("**", at):
            self._at += 2
            return _anything
        return self._character(depth)

    def _character(self, depth: int) -> _Part:
        character = self._glob[self._at]
        self._at += 1
        if character == "[":
            return self._characters()
        if character == "{":
            return self.alternatives("}", depth + 1)
        if character == "*":
            return _anything_in_folder
        if character == "?":
            return _one(lambda one: one != "/")
        if character == "\\" and self._at < len(self._glob):
            character = self._glob[self._at]
            self._at += 1
        return _one(lambda one: one == character)

    def _characters(self) -> _Part:
        end = self._glob.find("]", self._at + 1)
        if end < 0:
            raise UnknownGlob(self._glob)
        inner = self._glob[self._at : end]
        self._at = end + 1
        negated = inner.startswith(("!", "^"))
        escaped = re.sub(r"([\\\[^])", r"\\\1", inner[1:] if negated else inner)
        try:
            one = re.compile(f"[{'^' if negated else ''}{escaped}]", re.DOTALL)
        except re.error:
            raise UnknownGlob(self._glob) from None
        return _one(lambda character: bool(one.match(character)))


def _one(fits: Callable[[str], bool]) -> _Part:
    return lambda text, starts: frozenset(
        start + 1 for start in starts if start < len(text) and fits(text[start])
    )


def _in_turn(parts: list[_Part]) -> _Part:
    def ends(text: str, starts: frozenset[int]) -> frozenset[int]:
        for part in parts:
            if not starts:
                break
            starts = part(text, starts)
        return starts

    return ends


def _any_of(parts: list[_Part]) -> _Part:
    return lambda text, starts: frozenset().union(*(part(text, starts) for part in parts))


def _repeated(part: _Part, how: str) -> _Part:
    def ends(text: str, starts: frozenset[int]) -> frozenset[int]:
        found = part(text, starts)
        new = found
        while how in "*+" and new:
            new = part(text, new) - found
            found |= new
        return found | starts if how in "*?" else found

    return ends


def _number_between(first: int, last: int) -> _Part:
    def ends(text: str, starts: frozenset[int]) -> Iterator[int]:
        for start in starts:
            number = _NUMBER.match(text, start)
            for end in range(start + 1, number.end() + 1 if number else 0):
                digits = text[start:end]
                written = digits != "-" and digits == str(int(digits))
                if written and first <= int(digits) <= last:
                    yield end

    return lambda text, starts: frozenset(ends(text, starts))


def _anything(text: str, starts: frozenset[int]) -> frozenset[int]:
    return frozenset(range(min(starts), len(text) + 1)) if starts else starts


def _anything_in_folder(text: str, starts: frozenset[int]) -> frozenset[int]:
    found: set[int] = set()
    for start in sorted(starts):
        if start in found:
            continue
        end = text.find("/", start)
        found.update(range(start, (len(text) if end < 0 else end) + 1))
    return frozenset(found)


def _folders(text: str, starts: frozenset[int]) -> frozenset[int]:
    """Any number of folders, each with the slash after it."""
    if not starts:
        return starts
    first = min(starts)
    after_slash = (at + 1 for at in range(first, len(text)) if text[at] == "/")
    return starts | frozenset(after_slash)
