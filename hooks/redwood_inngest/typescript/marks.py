"""What is left in a tree where something was taken off, so that later steps can see it."""

from __future__ import annotations

from .nodes import Branch, Node, is_kind, token_class

# Tokens without text: where a part of the code was, and where a comment was.
TAKEN_OFF = token_class("taken_off")
COMMENT_TAKEN_OFF = token_class("comment_taken_off")


def is_mark(node: Node) -> bool:
    """Whether the node only says that something was here."""
    return is_kind(node, "taken_off", "comment_taken_off")


def named(branch: Branch) -> list[Node]:
    """The parts of a branch that are not keywords, punctuation or marks."""
    return [part for part in branch.named() if not is_mark(part)]
