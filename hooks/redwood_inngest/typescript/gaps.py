"""The whitespace and comments between two tokens, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PIECE = re.compile(r"//[^\n\r\u2028\u2029]*|/\*.*?\*/|\r\n|\n|[^\n\r/]+|.", re.DOTALL)


def pieces(space: str) -> list[str]:
    """A token's space in pieces: comments, line ends, and blanks."""
    return _PIECE.findall(space)


def is_comment(piece: str) -> bool:
    """Whether a piece of a space is a comment."""
    return piece.startswith(("//", "/*"))


def has_comment(space: str) -> bool:
    """Whether there is a comment in a token's space."""
    return "/" in space


@dataclass(frozen=True)
class Gap:
    """A token's space, as a person sees it.

    Args:
        tail: What follows the token before, on its line.
        lines: The lines between; an empty one is `""`.
        indent: What precedes the token, on its line.
        newline: How lines end here; empty when both tokens are on one line.
    """

    tail: str
    lines: tuple[str, ...]
    indent: str
    newline: str

    def __str__(self) -> str:
        return self.newline.join((self.tail, *self.lines, self.indent))

    @property
    def loose(self) -> tuple[str, ...]:
        """The lines without the comment that stands directly above the token."""
        end = len(self.lines)
        while end and self.lines[end - 1]:
            end -= 1
        return self.lines[:end]

    @property
    def attached(self) -> tuple[str, ...]:
        """The lines of the comment that stands directly above the token."""
        return self.lines[len(self.loose) :]


def read_gap(space: str, at_start: bool = False) -> Gap:
    """Read a token's space; `at_start` of a file, the first line has no token before."""
    lines = [""]
    newline = ""
    for piece in pieces(space):
        if piece in {"\n", "\r\n"}:
            newline = newline or piece
            lines.append("")
        else:
            lines[-1] += piece
    if at_start:
        lines.insert(0, "")
    *above, indent = lines if len(lines) > 1 else ["", lines[0]]
    if not newline and not at_start:
        return Gap("", (), indent, "")
    tail, *between = above or [""]
    return Gap(tail.rstrip(), tuple(line.rstrip() for line in between), indent, newline or "\n")


def one_blank_line(lines: Iterable[str], first: bool, last: bool) -> tuple[str, ...]:
    """The lines with no two blank ones in a row, and none where a block begins or ends."""
    kept: list[str] = []
    for line in lines:
        if line or (kept[-1:] != [""] and not (first and not kept)):
            kept.append(line)
    if last and kept[-1:] == [""]:
        kept.pop()
    return tuple(kept)
