"""Whether two modules are the same program, whatever their layout."""

from __future__ import annotations

from redwood_inngest.typescript.lists import LISTS
from redwood_inngest.typescript.nodes import Node, walk
from redwood_inngest.typescript.parser import parse
from redwood_inngest.typescript.trivia import comments_in


def same_program(one: str, other: str, suffix: str) -> bool:
    """Whether two texts have the same code and comments, layout and last commas aside.

    `extraPlugins: []` is the same as none, and its comments are not looked at.
    """
    first, second = parse(one, suffix), parse(other, suffix)
    if code(first) != code(second):
        return False
    return comments(first) == comments(second) or _has_empty_list(first)


def code(tree: Node) -> list[str]:
    """The tokens of a tree, without a list's last comma, semicolons and empty `extraPlugins`."""
    if not tree.parts:
        return [tree.text] if tree.text != ";" else []
    parts = [part for part in tree.parts if not _is_empty_list(part)]
    if tree.kind in LISTS:
        parts = _without_idle_commas(parts)
    return [text for part in parts for text in code(part)]


def _without_idle_commas(parts: list[Node]) -> list[Node]:
    """A list's parts without its last comma, and the commas that empty `extraPlugins` leave."""
    kept: list[Node] = []
    for part in parts:
        if part.text == "," and parts[0].text == "{" and kept[-1].text in {"{", ","}:
            continue
        kept.append(part)
    return [*kept[:-2], kept[-1]] if kept[-2].text == "," else kept


def _is_empty_list(node: Node) -> bool:
    if node.kind != "pair" or "extraPlugins" not in node.parts[0].code:
        return False
    value = node.parts[-1]
    return value.kind == "array" and len(value.parts) == len("[]")


def _has_empty_list(tree: Node) -> bool:
    return any(map(_is_empty_list, walk(tree)))


def comments(tree: Node) -> list[str]:
    """The comments of a tree, in order."""
    return [comment for token in tree.tokens() for comment in comments_in(token.space)]
