"""Edits of a module, collected first, then made at once, and checked against their result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple, cast

from . import statements
from .bindings import Module
from .lists import LISTS, Items, belonging, is_hole
from .nodes import Branch, Node, Token, place_of
from .parser import parse
from .style import CodeStyle
from .trivia import comments_in, space_before, with_space


def statement(text: str, suffix: str = ".ts") -> Branch:
    """One statement from its text."""
    return cast("Branch", _copy(_parsed(text, suffix).parts[0]))


def expression(text: str, suffix: str = ".ts") -> Node:
    """One expression from its text."""
    return _copy(cast("Branch", _parsed(f"({text})", suffix).parts[0].parts[0]).parts[1])


def object_member(text: str, suffix: str = ".ts") -> Node:
    """One member of an object literal from its text."""
    return expression(f"{{{text}}}", suffix).parts[1]


@lru_cache(maxsize=64)
def _parsed(text: str, suffix: str) -> Branch:
    return parse(text, suffix)


def _copy(node: Node) -> Node:
    """The same again: nodes are told apart by identity, so that none may stand in two places."""
    if node.parts:
        return node.with_parts(tuple(map(_copy, node.parts)))
    return cast("Token", node).copy(node.space, node.role)


def as_item(node: Node) -> Node:
    """A copy of a node without the space before it, to stand in another place."""
    return with_space(_copy(node), "")


class _Change(NamedTuple):
    """One more part of a list or a block, or one less.

    Attributes:
        anchor: The part that goes, or the one in front of which the new one comes.
        new: The new part; nothing where one goes.
        lay_out: Makes the change in a block's parts, by the anchor's number; unused for lists.
        moved: Whether an item that goes takes the comments before it along.
    """

    anchor: Node
    new: Node | None
    lay_out: Callable[[list[Node], int], None] | None = None
    moved: bool = False


class Edits:
    """Edits of single nodes: one replaced, one more or one less in a list or a block.

    The requested edits are kept as data, apart from their layout, so that `problem` can compare
    them with the result.

    Attributes:
        module: The module that is edited; its tree stays as it is.
        now: The results of the nodes that were edited, by their identity; filled by `apply`.
    """

    def __init__(self, module: Module, style: CodeStyle) -> None:
        self.module = module
        self.now: dict[int, Node] = {}
        self._style = style
        self._replaced: dict[int, Node] = {}
        self._changes: dict[int, list[_Change]] = {}
        self._edited_in: set[int] = set()
        self._may_go: list[Callable[[], list[str]]] = []
        self._may_come: list[str] = []
        self._untouched: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._replaced or self._changes)

    def replace(self, node: Node, new: Node) -> None:
        """Replace a node by another one."""
        self._replaced[id(node)] = new
        self._mark(node)

    def append(self, brackets: Branch, item: Node) -> None:
        """Add an item at the end of a list, with the comments before it."""
        self._change(brackets, _Change(brackets.parts[-1], item))

    def insert(self, brackets: Branch, item: Node, before: Node) -> None:
        """Add an item to a list, in front of another one."""
        self._change(brackets, _Change(before, item))

    def remove(self, brackets: Branch, item: Node, *, moved: bool = False) -> None:
        """Take an item out of a list, with what belongs to it.

        Args:
            brackets: The list.
            item: The item.
            moved: Whether the comments before it go, too: they are written elsewhere.
        """
        self._may_go.append(partial(belonging, brackets, item))
        self._change(brackets, _Change(item, None, moved=moved))

    def insert_below(self, block: Branch, new: Node, following: Node, *, blank: bool) -> None:
        """Add a statement below the one before `following`; with a blank line between or not."""
        lay_out = partial(statements.insert_below, new=new, blank=blank, style=self._style)
        self._change(block, _Change(following, new, lay_out))

    def insert_above(self, block: Branch, new: Node, following: Node, *, blank: bool) -> None:
        """Add a statement above another one and the comments that belong to it."""
        lay_out = partial(statements.insert_above, new=new, blank=blank, style=self._style)
        self._change(block, _Change(following, new, lay_out))

    def remove_statement(self, block: Branch, old: Node, *, opens_group: bool = False) -> None:
        """Take a statement out of a module or a block; see `statements.remove`."""
        following = block.parts[place_of(block, old) + 1]
        self._may_go.append(partial(statements.comments_of, old, following))
        lay_out = partial(statements.remove, opens_group=opens_group)
        self._change(block, _Change(old, None, lay_out))

    def bring(self, new: Node) -> Node:
        """Note that the comments of a new node come from another module; return the node."""
        self._may_come += (one for token in new.tokens() for one in comments_in(token.space))
        return new

    def removes(self, item: Node) -> bool:
        """Whether a list's item or a statement is to go."""
        around = self.module.parent(item)
        changes = self._changes.get(id(around), ())
        return any(change.anchor is item and change.new is None for change in changes)

    def _change(self, node: Branch, change: _Change) -> None:
        self._changes.setdefault(id(node), []).append(change)
        self._mark(node)

    def _mark(self, node: Node) -> None:
        self._edited_in.add(id(node))
        for around in self.module.ancestors(node):
            if id(around) in self._edited_in:
                break
            self._edited_in.add(id(around))

    # Making them.

    def apply(self) -> Branch:
        """The module's program with all edits made."""
        return cast("Branch", self._edited(self.module.program))

    def _edited(self, node: Node) -> Node:
        key = id(node)
        if key in self._replaced:
            new = _in_role(with_space(self._replaced[key], space_before(node)), node.role)
            self.now[key] = new
            return new
        inside = self._edited_in
        new = node.with_parts(
            tuple([self._edited(part) if id(part) in inside else part for part in node.parts])
        )
        changes = self._changes.get(key)
        if changes and node.kind in LISTS:
            new = self._with_items(node, new, changes)
        elif changes:
            new = self._with_statements(node, new, changes)
        self.now[key] = new
        return new

    def _with_items(self, old: Node, new: Branch, changes: Sequence[_Change]) -> Branch:
        items = Items.of(new)
        for change in changes:
            place = _place(old.parts, change.anchor)
            if change.new is None:
                items = items.remove(items.index(place), moved=change.moved)
            elif change.anchor is old.parts[-1]:
                items = items.append(change.new, self._style)
            else:
                items = items.insert(change.new, items.index(place), self._style)
        return items.branch(new)

    def _with_statements(self, old: Node, new: Branch, changes: Sequence[_Change]) -> Branch:
        parts, olds = list(new.parts), list(old.parts)
        for change in changes:
            number = _place(olds, change.anchor)
            if change.lay_out:
                change.lay_out(parts, number)
            if change.new is None:
                del olds[number]
            else:
                olds.insert(number, change.new)
        return new.with_parts(tuple(parts))

    def is_in(self, node: Node) -> bool:
        """Whether a node is edited, or something in it."""
        return id(node) in self._edited_in

    def untouched(self) -> dict[str, Node]:
        """The largest nodes of the module that no edit is in, by their source; see `parse`."""
        found: dict[str, Node] = {}
        self._collect(self.module.program, found)
        self._untouched = set(map(id, found.values()))
        return found

    def _collect(self, node: Node, found: dict[str, Node]) -> None:
        for part in node.parts:
            if id(part) in self._edited_in:
                if id(part) not in self._replaced:
                    self._collect(part, found)
            elif type(part) is Branch:
                found[part.source] = part

    # Checking them.

    def problem(self, result: Branch) -> str:
        """The difference in a tree besides the requested edits; empty when there is none.

        Args:
            result: The tree of the text that came out, parsed anew.
        """
        if not self._is_as_asked(self.module.program, result):
            return "other code than what was to be edited has changed"
        return self._problem_of_comments(self.module.program, result)

    def _problem_of_comments(self, old: Node, new: Node) -> str:
        met: set[int] = set()
        after = _commented(new, self._untouched, met)
        before = _commented(old, met, met)
        if before == after:
            return ""
        olds, news = (
            Counter(chain.from_iterable(map(comments_in, one))) for one in (before, after)
        )
        if (news - olds) - Counter(self._may_come):
            return "a comment has changed"
        may_go = chain.from_iterable(comments() for comments in self._may_go)
        return "a comment was lost" if (olds - news) - Counter(may_go) else ""

    def _is_as_asked(self, old: Node, new: Node) -> bool:
        old = self._replaced.get(id(old), old)
        if old.kind != new.kind or old.text != new.text:
            return False
        parts: Sequence[Node] = self._asked_parts(old)
        others: Sequence[Node] = new.parts
        if len(parts) != len(others):
            parts, others = _significant(parts, old.kind), _significant(others, new.kind)
        if len(parts) != len(others):
            return False
        for part, other in zip(parts, others, strict=True):
            if part is other:
                continue
            if part.parts or other.parts or id(part) in self._replaced:
                if not self._is_as_asked(part, other):
                    return False
            elif part.text != other.text:
                return False
        return True

    def _asked_parts(self, old: Node) -> Sequence[Node]:
        changes = self._changes.get(id(old))
        if not changes:
            return old.parts
        parts = list(old.parts)
        is_list = old.kind in LISTS
        for change in changes:
            number = _place(parts, change.anchor)
            if change.new is not None:
                parts[number:number] = _with_comma(parts, number, change.new, is_list)
            elif is_list and parts[number + 1].kind == ",":
                del parts[number : number + 2]
            elif is_list and parts[number - 1].kind == "," and not is_hole(parts, number - 1):
                del parts[number - 1 : number + 1]
            else:
                del parts[number]
        return parts


def _with_comma(parts: list[Node], number: int, new: Node, is_list: bool) -> list[Node]:
    """A new part, with the comma between it and the next, or between it and the one before."""
    if not is_list:
        return [new]
    if number < len(parts) - 1:
        return [new, Token(",")]
    return [new] if number == 1 or parts[number - 1].kind == "," else [Token(","), new]


def _significant(parts: Sequence[Node], kind: str) -> Sequence[Node]:
    """The parts without what a style may add: a list's last comma, semicolons."""
    if len(parts) > 2 and parts[-2].text == "," and kind in LISTS:
        return (*parts[:-2], parts[-1])
    return parts[:-1] if parts and parts[-1].text == ";" else parts


def _commented(tree: Node, known: set[int], met: set[int]) -> list[str]:
    """The spaces in a tree that have comments; known nodes are left out, and noted in `met`."""
    spaces: list[str] = []
    for part in tree.parts:
        if type(part) is not Branch:
            space = part.space
            if len(space) > 1 and ("/" in space or "-->" in space):
                spaces.append(space)
        elif id(part) in known:
            met.add(id(part))
        else:
            spaces += _commented(part, known, met)
    return spaces


def _place(parts: Sequence[Node], node: Node) -> int:
    return next(number for number, part in enumerate(parts) if part is node)


def _in_role(node: Node, role: str | None) -> Node:
    if node.role == role:
        return node
    if node.parts:
        return Branch(node.kind, node.parts, role)
    return cast("Token", node).copy(node.space, role)


def filled(template: Node, hole: str, node: Node) -> Node:
    """A template with a node in the place of each identifier of a name."""
    if template.text == hole:
        return _in_role(with_space(as_item(node), space_before(template)), template.role)
    if not template.parts:
        return template
    parts = tuple(filled(part, hole, node) for part in template.parts)
    return template.with_parts(parts)
