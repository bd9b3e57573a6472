"""The edits that every codemod needs: change nodes, add list items and take them away."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import libcst as cst

from .bindings import Module
from .nodes import Branch, Node, Token
from .parser import parse
from .style import Style

Change = Callable[[Any], Any]


def statement(text: str) -> Branch:
    """One statement from its text."""
    return cast("Branch", _copy(_parsed(text).parts[0]))


def expression(text: str) -> Node:
    """One expression from its text."""
    return cast("Branch", statement(f"({text})").parts[0]).parts[1]


def object_member(text: str) -> Node:
    """One member of an object literal from its text."""
    return cast("Branch", expression(f"{{{text}}}")).parts[1]


@lru_cache(maxsize=64)
def _parsed(text: str) -> Branch:
    return parse(text)


def _copy(node: Node) -> Node:
    """The same again: nodes are told apart by identity, so that none may stand in two places."""
    if isinstance(node, Token):
        return type(node)(node.text, node.space, node.role)
    return type(cast("Branch", node))(tuple(map(_copy, node.parts)), node.role)


def space_before(node: Node) -> str:
    """The whitespace and comments before a node."""
    while node.parts:
        node = node.parts[0]
    return cast("Token", node).space


def with_space(node: Node, space: str) -> Node:
    """The node with other whitespace and comments before it."""
    if space_before(node) == space:
        return node
    if isinstance(node, Token):
        return node.with_space(space)
    first, *others = cast("Branch", node).parts
    return cast("Branch", node).with_parts((with_space(first, space), *others))


def has_comment(space: str) -> bool:
    """Whether there is more than whitespace between two tokens."""
    return bool(space.strip())


class Edits:
    """Changes of single nodes, collected first and then made in one visit of the tree."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._changes: dict[int, list[Change]] = {}
        self._around: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._changes)

    def on(self, node: Node, change: Change) -> None:
        """Change a node: `change` takes it, its parts already changed, and gives the new one."""
        self._changes.setdefault(id(node), []).append(change)
        for around in self.module.ancestors(node):
            if id(around) in self._around:
                break
            self._around.add(id(around))

    def put(self, node: Node, new: Node) -> None:
        """Put another node into the place of one."""
        self.on(node, lambda _: new)

    def has(self, node: Node) -> bool:
        """Whether a change of this node is asked for already."""
        return id(node) in self._changes

    def first(self) -> int | None:
        """The place, among the program's statements, of the first one that changes."""
        touched = self._around | self._changes.keys()
        parts = self.module.program.parts
        return next((place for place, part in enumerate(parts) if id(part) in touched), None)

    def apply(self) -> Branch:
        """The module's program with all changes made."""
        return cast("Branch", self.module.program.visit(_Visitor(self._changes, self._around)))


class _Visitor(cst.CSTTransformer):
    """Goes only where there is something to change."""

    def __init__(self, changes: dict[int, list[Change]], around: set[int]) -> None:
        super().__init__()
        self.changes = changes
        self.around = around

    def on_visit(self, node: cst.CSTNode) -> bool:
        return id(node) in self.around

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        for change in self.changes.get(id(original_node), ()):
            updated_node = change(updated_node)
        return updated_node


def append_item(brackets: Branch, item: Node, style: Style, own_line: bool = True) -> Branch:
    """A list with one more item at its end, laid out as the list is.

    Args:
        brackets: An array, an object, or anything else of items between brackets.
        item: The item to add.
        style: How the file is written.
        own_line: Whether the item has a line for itself in a list of many lines.
    """
    inner, closing = list(brackets.parts[:-1]), cast("Token", brackets.parts[-1])
    empty, comma_last = len(inner) == 1, inner[-1].kind == ","
    if "\n" in closing.space and (own_line or empty or has_comment(closing.space)):
        before, end = split_last_line(closing.space)
        before += style.newline + item_indent(inner[1:], end, style)
    else:
        before, end = _beside(brackets, closing.space, style)
    commas = [Token(",")] if comma_last or (empty and "\n" in end and style.trailing_comma) else []
    if not (empty or comma_last):
        inner.append(Token(","))
    parts = (*inner, with_space(item, before), *commas, closing.with_space(end))
    return brackets.with_parts(parts)


def _beside(brackets: Branch, space: str, style: Style) -> tuple[str, str]:
    """The space before an item added on the last line, and before the closing bracket."""
    comment = space if "\n" not in space else ""
    comment = comment[: len(comment.rstrip())]
    if len(brackets.parts) > 2 or comment:
        return f"{comment} ", space[len(comment) :]
    padding = style.padding if is_braces(brackets) else ""
    return (padding, padding) if not space else (padding or space, "")


def insert_item(brackets: Branch, item: Node, before: Node, style: Style) -> Branch:
    """A list with one more item, in front of another one."""
    place = place_of(brackets, before)
    space = space_before(before)
    same_line, rest = split_first_line(space)
    if rest:
        indent = rest.rpartition("\n")[2]
        item, before = (
            with_space(item, same_line + style.newline + indent),
            with_space(before, rest),
        )
    else:
        item, before = with_space(item, space), with_space(before, " ")
    parts = (*brackets.parts[:place], item, Token(","), before, *brackets.parts[place + 1 :])
    return brackets.with_parts(parts)


def remove_item(brackets: Branch, item: Node, style: Style) -> Branch:
    """A list without one of its items: what adding it undoes, byte for byte."""
    parts = list(brackets.parts)
    start = end = place_of(brackets, item)
    comma_follows = parts[end + 1].kind == ","
    if comma_follows:
        end += 1
    elif parts[start - 1].kind == ",":
        start -= 1
    following = parts[end + 1]
    space, rest = space_before(item), space_before(following)
    if end + 2 < len(parts):
        joined = split_first_line(space)[0] + split_first_line(rest)[1] if "\n" in rest else space
    elif "\n" in space:
        joined = split_last_line(space)[0] + (split_first_line(rest)[1] or rest)
    elif len(parts) - (end + 1 - start) == 2 and not has_comment(space):
        padding = style.padding if is_braces(brackets) else ""
        joined = "" if rest == padding else space or rest
    else:
        joined = space.rstrip() + rest
    parts[start : end + 2] = [with_space(following, joined)]
    return brackets.with_parts(tuple(parts))


def is_tight_when_hugged(brackets: Node | None) -> bool:
    """Whether brackets hold one item and no comment, so that nothing need stand beside it."""
    if not isinstance(brackets, Branch) or brackets.kind != "arguments":
        return False
    spaces = (space_before(part) for part in brackets.parts[1:])
    return len(brackets.named()) == 1 and not any(has_comment(space) for space in spaces)


def tightened(brackets: Branch) -> Branch:
    """A list of one item with nothing between it and its brackets."""
    opening, item, *_, closing = brackets.parts
    return brackets.with_parts((opening, with_space(item, ""), with_space(closing, "")))


def place_of(brackets: Branch, item: Node) -> int:
    """Where a part of a branch stands among its parts."""
    return next(number for number, part in enumerate(brackets.parts) if part is item)


def is_braces(brackets: Branch) -> bool:
    """Whether the items stand between `{` and `}`."""
    return brackets.parts[0].kind == "{"


def split_last_line(space: str) -> tuple[str, str]:
    """What comes before the last newline, and the rest from that newline on."""
    cut = space.rindex("\n")
    cut -= space[:cut].endswith("\r")
    return space[:cut], space[cut:]


def split_first_line(space: str) -> tuple[str, str]:
    """What stands on the same line, and the rest from its newline on."""
    cut = space.find("\n")
    if cut < 0:
        return space, ""
    cut -= space[:cut].endswith("\r")
    return space[:cut], space[cut:]


def item_indent(items: list[Node], closing_space: str, style: Style) -> str:
    """The indentation of a list's items, by its last one that begins a line."""
    for item in reversed(items):
        _, newline, line = space_before(item).rpartition("\n")
        if newline:
            return line[: len(line) - len(line.lstrip())]
    return closing_space.rpartition("\n")[2] + style.indent
