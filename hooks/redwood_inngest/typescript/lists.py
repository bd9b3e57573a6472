"""The items of a list between brackets: arrays, objects, arguments, the names of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from .nodes import Branch, Node, Token, place_of
from .style import CodeStyle
from .trivia import (
    comments_in,
    ends_in_line_comment,
    has_comment,
    indent_of,
    is_broken,
    space_before,
    split_last_line,
    split_space,
    with_space,
)

LISTS = {"arguments", "array", "export_clause", "named_imports", "object", "object_pattern"}


class Item(NamedTuple):
    """An item with what belongs to it.

    Attributes:
        node: The item; nothing for a hole.
        lead: The space before it, up to what belongs to the item before.
        comma: The space before the comma after it; nothing without a comma.
        tail: The rest of its line.
        place: Its place among the parts of the list that was read; -1 for a new item.
    """

    node: Node | None
    lead: str = ""
    comma: str | None = None
    tail: str = ""
    place: int = -1


@dataclass(frozen=True)
class Items:
    """The items of a list, one by one, each with its comments.

    Attributes:
        opening: The opening bracket.
        head: The rest of the line of the opening bracket.
        items: The items and holes.
        end: The space before the closing bracket, up to what belongs to the last item.
        closing: The closing bracket.
    """

    opening: Token
    head: str
    items: tuple[Item, ...]
    end: str
    closing: Token

    @classmethod
    def of(cls, brackets: Branch) -> Items:
        """Read a list."""
        parts = brackets.parts
        closing = parts[-1]
        head = ""
        items: list[Item] = []
        for place, part in enumerate(parts[1:], 1):
            if part.text == ",":
                if is_hole(parts, place):
                    items.append(Item(None, "", part.space, "", place))
                continue
            tail, lead = split_space(space_before(part))
            if part is closing and not is_broken(lead):
                tail = lead.rstrip() if has_comment(lead) else ""
                lead = lead[len(tail) :]
            if not items:
                head = tail
            elif tail:
                items[-1] = items[-1]._replace(tail=tail)
            following = closing if part is closing else parts[place + 1]
            comma = following.space if following.text == "," else None
            items.append(Item(part, lead, comma, "", place))
        end = items.pop().lead
        return cls(cast("Token", parts[0]), head, tuple(items), end, cast("Token", closing))

    def branch(self, brackets: Branch) -> Branch:
        """The list with these items."""
        parts: list[Node] = [self.opening]
        space = self.head
        for item in self.items:
            if item.node:
                parts.append(with_space(item.node, space + item.lead))
                space = ""
            if item.comma is not None:
                parts.append(Token(",", space + item.comma))
                space = ""
            space += item.tail
        return brackets.with_parts((*parts, self.closing.with_space(space + self.end)))

    def index(self, place: int) -> int:
        """The number of the item that was read at a place."""
        return next(number for number, item in enumerate(self.items) if item.place == place)

    def append(self, node: Node, style: CodeStyle) -> Items:
        """One more item at the end, laid out as the list is; comments before it come with it."""
        if is_broken(self.end):
            return self._append_below(node, style)
        items = self.items
        padding = style.padding if self.opening.text == "{" else ""
        own = space_before(node).strip()
        own += " " * bool(own)
        if not items:
            bare = not self.head and not self.end
            new = Item(node, lead=(padding if bare else self.end or " ") + own)
            return replace(self, items=(new,), end=self.end if self.head else padding)
        last = items[-1]
        new = Item(node, lead=" " + own, comma=None if last.comma is None else "")
        if last.tail or last.comma is None:
            last = last._replace(comma=(last.comma or "") + last.tail, tail="")
        return replace(self, items=(*items[:-1], last, new))

    def _append_below(self, node: Node, style: CodeStyle) -> Items:
        above, end = split_last_line(self.end)
        indent = next(
            (indent_of(item.lead) for item in reversed(self.items) if is_broken(item.lead)),
            indent_of(end) + style.indent,
        )
        items = self.items
        with_comma = items[-1].comma is not None if items else style.last_comma
        if items and items[-1].comma is None:
            items = (*items[:-1], items[-1]._replace(comma=""))
        line = style.newline + indent
        own = space_before(node).strip()
        lead = above + line + (own + line if own else "")
        new = Item(node, lead, "" if with_comma else None)
        return Items(self.opening, self.head, (*items, new), end, self.closing)

    def insert(self, node: Node, number: int, style: CodeStyle) -> Items:
        """One more item in front of another one and its comments."""
        before = self.items[number]
        if is_broken(before.lead):
            new = Item(node, style.newline + indent_of(before.lead), "")
        else:
            blanks = before.lead[: len(before.lead) - len(before.lead.lstrip())]
            new = Item(node, blanks, "")
            before = before._replace(lead=" " + before.lead.lstrip())
        items = (*self.items[:number], new, before, *self.items[number + 1 :])
        return replace(self, items=items)

    def remove(self, number: int, *, moved: bool = False) -> Items:
        """One item less, with what stands after it on its line; comments before it stay.

        Args:
            number: Which one goes.
            moved: Whether the comments before it go, too: they are written elsewhere.
        """
        item, before, after = self.items[number], self.items[:number], self.items[number + 1 :]
        kept = item.lead.rstrip() if has_comment(item.lead) and not moved else ""
        own_line = split_last_line(item.lead)[1]
        blank = " " if has_comment(own_line) else own_line
        head = before[-1].tail if before else self.head
        if after and not after[0].node:
            gap = blank if ends_in_line_comment(head + kept) else ""
            hole = after[0]._replace(comma=kept + gap + (after[0].comma or ""))
            return replace(self, items=(*before, hole, *after[1:]))
        if after:
            lead = after[0].lead if is_broken(after[0].lead) else blank + after[0].lead.lstrip()
            return replace(self, items=(*before, after[0]._replace(lead=kept + lead), *after[1:]))
        if before and item.comma is None and before[-1].node and before[-1].comma is not None:
            last = before[-1]._replace(comma=None, tail=before[-1].comma + before[-1].tail)
            before = (*before[:-1], last)
        head = before[-1].tail if before else self.head
        end = kept + self.end
        if not before and not has_comment(head + end):
            end = ""
        elif not is_broken(self.end) and ends_in_line_comment(head + kept):
            end = kept + blank
        return replace(self, items=before, end=end)


def is_hole(parts: Sequence[Node], comma: int) -> bool:
    """Whether there is nothing before a comma of a list, so that it stands for an item."""
    return comma == 1 or parts[comma - 1].text == ","


def belonging(brackets: Branch, item: Node) -> list[str]:
    """The comments that go when an item does: in it, and after it on its line."""
    inner = [token.space for token in item.tokens()][1:]
    _, *beside = spaces_around(brackets, item)
    return [comment for space in (*inner, *beside) for comment in comments_in(space)]


def spaces_around(brackets: Branch, item: Node) -> tuple[str, str, str]:
    """The spaces before an item, between it and its comma, and after that on its line."""
    items = Items.of(brackets)
    found = items.items[items.index(place_of(brackets, item))]
    return found.lead, found.comma or "", found.tail
