"""The edits that every codemod needs: list items, statements, and what they look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed
from typing import Any, cast

import libcst as cst

from .nodes import Branch, Node, Token, walk
from .parser import parse
from .style import Style


def statement(text: str, suffix: str = ".ts") -> Branch:
    """One statement from its text."""
    return cast("Branch", parse(text, suffix).parts[0])


def expression(text: str, suffix: str = ".ts") -> Node:
    """One expression from its text."""
    parenthesized = cast("Branch", statement(f"({text})", suffix).parts[0])
    return parenthesized.parts[1]


def property_(text: str, suffix: str = ".ts") -> Node:
    """One object property from its text."""
    return cast("Branch", expression(f"{{{text}}}", suffix)).parts[1]


def space_before(node: Node) -> str:
    """The whitespace and comments before a node."""
    return next(node.tokens()).space


def with_space(node: Node, space: str) -> Node:
    """The node with other whitespace and comments before it."""
    if isinstance(node, Token):
        return changed(node, space=space)
    first, *others = cast("Branch", node).parts
    return changed(cast("Branch", node), parts=(with_space(first, space), *others))


def replace(tree: Branch, replacements: Mapping[Node, Node]) -> Branch:
    """The tree with some of its nodes, found by identity, replaced; none inside another."""
    return cast("Branch", tree.visit(_Replace(tree, replacements)))


class _Replace(cst.CSTTransformer):
    """Descends only where there is something to replace."""

    def __init__(self, tree: Branch, replacements: Mapping[Node, Node]) -> None:
        super().__init__()
        self.replacements = {id(old): new for old, new in replacements.items()}
        self.open = _ancestors(tree, set(self.replacements))

    def on_visit(self, node: cst.CSTNode) -> bool:
        return id(node) in self.open

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        return self.replacements.get(id(original_node), updated_node)


def _ancestors(tree: Branch, targets: set[int]) -> set[int]:
    """The branches, by identity, that hold a target."""
    parents = {
        id(part): id(node) for node in walk(tree) if isinstance(node, Branch) for part in node.parts
    }
    found: set[int] = set()
    for target in targets:
        while target in parents and parents[target] not in found:
            target = parents[target]
            found.add(target)
    return found


def append_item(brackets: Branch, item: Node, style: Style) -> Branch:
    """A list with one more item at its end, laid out as the list is.

    Args:
        brackets: An array, an object, or anything else of items between brackets.
        item: The item to add.
        style: How the file is written.
    """
    inner, closing = list(brackets.parts[:-1]), cast("Token", brackets.parts[-1])
    last_comma = len(inner) > 1 and inner[-1].kind == ","
    if "\n" in closing.space:
        before, closing_space = _split_last_line(closing.space)
        indent = _item_indent(inner[1:], closing_space, style)
        item = with_space(item, before + style.newline + indent)
    else:
        before = closing.space.rstrip()
        padding = " " if len(inner) > 1 or before or is_braces(brackets) else closing.space
        item = with_space(item, before + padding)
        closing_space = closing.space[len(before) :]
        if len(inner) == 1 and is_braces(brackets) and not closing.space:
            closing_space = " "
    comma = Token(",")
    if last_comma or (len(inner) == 1 and "\n" in closing.space):
        inner += [item, comma]
    elif len(inner) == 1:
        inner += [item]
    else:
        inner += [comma, item]
    return changed(brackets, parts=(*inner, changed(closing, space=closing_space)))


def remove_item(brackets: Branch, item: Node) -> Branch:
    """A list without one of its items: what `append_item` undoes, byte for byte."""
    parts = list(brackets.parts)
    place = next(number for number, part in enumerate(parts) if part is item)
    comma_follows = parts[place + 1].kind == ","
    after = place + 2 if comma_follows else place + 1
    start = place if comma_follows or parts[place - 1].kind != "," else place - 1
    space, following = space_before(item), parts[after]
    if after == len(parts) - 1:
        kept = _split_last_line(space)[0] if "\n" in space else space.rstrip()
        joined = kept + space_before(following)
        if len(parts) - after + start == 2 and joined == " ":
            joined = space if brackets.kind == "array" else ""
    else:
        joined = space if "\n" not in space_before(following) else space_before(following)
    parts[start : after + 1] = [with_space(following, joined)]
    return changed(brackets, parts=tuple(parts))


def is_braces(brackets: Branch) -> bool:
    """Whether the items stand between `{` and `}`."""
    return brackets.parts[0].kind == "{"


def _split_last_line(space: str) -> tuple[str, str]:
    """What comes before the last newline, and the rest from that newline on."""
    cut = space.rindex("\n")
    cut -= space[:cut].endswith("\r")
    return space[:cut], space[cut:]


def _item_indent(items: list[Node], closing_space: str, style: Style) -> str:
    for item in reversed(items):
        line = space_before(item).rpartition("\n")
        if line[1]:
            return line[2][: len(line[2]) - len(line[2].lstrip())]
    return closing_space.lstrip("\r\n") + style.indent
