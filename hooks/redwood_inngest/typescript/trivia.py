"""The whitespace and comments between two tokens, and the tokens that they belong to.

A token keeps all of the space before it. A person reads it otherwise: a comment on the line of
a statement or of a list's item belongs to that, and only text after the line's end belongs to
the next one. Every insertion and removal goes by `split_space`, which splits it so.
"""

from __future__ import annotations

import re
from typing import cast

from .nodes import Node, Token

_LINE = r"[^\n\r\u2028\u2029]*"
_PIECE = re.compile(
    rf"//{_LINE}|<!--{_LINE}|-->{_LINE}|/\*.*?\*/|\r\n|[\n\r\u2028\u2029]|[^\S\n\r\u2028\u2029]+|.",
    re.DOTALL,
)
_LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_LINE_ENDS = {"\r\n", "\n", "\r", "\u2028", "\u2029"}
_COMMENT = ("//", "/*", "<!--", "-->")


def has_comment(space: str) -> bool:
    """Whether there is more than whitespace between two tokens."""
    return bool(space.strip())


def comments_in(space: str) -> list[str]:
    """The comments between two tokens, each with single blanks for its whitespace.

    An edit may move a comment to another indentation; it is the same comment then.
    """
    if not has_comment(space):
        return []
    pieces = _PIECE.findall(space)
    return [" ".join(piece.split()) for piece in pieces if piece.startswith(_COMMENT)]


def split_space(space: str) -> tuple[str, str]:
    """The part of a space that belongs to the token before it, and that of the one after it.

    The first is the text on the line of the token before, with a comment of several lines that
    begins there; the second begins with a line's end. On one line, all belongs to the token after.

    Args:
        space: The whitespace and comments between two tokens.
    """
    cut = _first_line_end(space)
    return (space[:cut], space[cut:]) if cut >= 0 else ("", space)


def split_last_line(space: str) -> tuple[str, str]:
    """The part of a space before its last line's end, and the rest from that on.

    A line's end in a comment is none. The first is empty and the second all where there is none.
    """
    start, place = 0, 0
    if not has_comment(space):
        for end in _LINE_END.finditer(space):
            start = end.start()
        return space[:start], space[start:]
    for piece in _PIECE.findall(space):
        if piece in _LINE_ENDS:
            start = place
        place += len(piece)
    return space[:start], space[start:]


def lines_of(space: str) -> list[str]:
    """The lines of a space, with their ends; a comment of several lines is part of one line."""
    lines = [""]
    for piece in _PIECE.findall(space):
        lines[-1] += piece
        if piece in _LINE_ENDS:
            lines.append("")
    return lines


def ends_in_line_comment(space: str) -> bool:
    """Whether what follows a space on the same line would be part of a comment."""
    last = lines_of(space)[-1]
    pieces = [piece for piece in _PIECE.findall(last) if piece.strip()]
    return bool(pieces) and pieces[-1].startswith(("//", "<!--", "-->"))


def is_broken(space: str) -> bool:
    """Whether a line ends between two tokens, comments of several lines aside."""
    return _first_line_end(space) >= 0


def indent_of(space: str) -> str:
    """The indentation of what follows a space, if that begins a line."""
    last = split_last_line(space)[1]
    line = last.lstrip("\r\n\u2028\u2029")
    return line[: len(line) - len(line.lstrip(" \t"))] if len(line) < len(last) else ""


def space_before(node: Node) -> str:
    """The whitespace and comments before a node."""
    while node.parts:
        node = node.parts[0]
    return node.space


def with_space(node: Node, space: str) -> Node:
    """The node with other whitespace and comments before it."""
    if space_before(node) == space:
        return node
    if not node.parts:
        return cast("Token", node).with_space(space)
    first, *others = node.parts
    return node.with_parts((with_space(first, space), *others))


def _first_line_end(space: str) -> int:
    found = _LINE_END.search(space)
    if not found:
        return -1
    start = found.start()
    if not start or not has_comment(space[:start]):
        return start
    place = 0
    for piece in _PIECE.findall(space):
        if piece in _LINE_ENDS:
            return place
        place += len(piece)
    return -1
