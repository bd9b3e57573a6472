"""The nodes: LibCST nodes, whose kinds are those of tree-sitter's grammars.

A leaf of the tree is a `Token`, which holds its text and the whitespace and comments before it;
everything else is a `Branch`, which holds its parts in order. Printing all tokens gives the source
back.
"""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, cast

import libcst as cst

Kind = TypeVar("Kind", bound="Node")


def _set_by_init(node_class: type[Kind]) -> type[Kind]:
    """A frozen class whose `__init__` sets attributes as any other does.

    Mypy sees to it that nothing else does. Python's own check of each attribute took most of the
    time that it takes to make a node.
    """
    node_class.__setattr__ = object.__setattr__  # type: ignore[method-assign]
    node_class.__delattr__ = object.__delattr__  # type: ignore[method-assign]
    return node_class


class NodeClass(ABCMeta):
    """The class of node classes: `isinstance` asks for subclasses and not, as ABCs do, for more."""

    __instancecheck__ = type.__instancecheck__


class Node(cst.CSTNode, metaclass=NodeClass):
    """A node of the tree.

    Attributes:
        kind: Its kind in tree-sitter's grammar: `call_expression`, `identifier`, `{`.
        role: The name that its parent's grammar rule gives it.
        parts: The nodes that it is made of, in the order of the text; a token has none.
        text: The text of a token; all else is made of tokens.
        space: The whitespace and comments before a token.
    """

    # typeshed declares it otherwise for ABC than LibCST does for its nodes.
    __slots__: ClassVar[Sequence[str]] = ()  # type: ignore[misc]

    kind: str
    role: str | None
    parts: tuple[Node, ...]
    text: str
    space: str

    def tokens(self) -> Iterator[Token]:
        """All tokens below this node, in the order of the text."""
        raise NotImplementedError

    def part(self, role: str) -> Node | None:
        """The first part that the grammar calls `role`, if there is one."""
        for part in self.parts:
            if part.role == role:
                return part
        return None

    def named(self) -> list[Node]:
        """The parts that are not keywords or punctuation marks."""
        return [part for part in self.parts if type(part) is not Token]

    def with_parts(self, parts: tuple[Node, ...]) -> Branch:
        """The branch made of other parts."""
        return Branch(self.kind, parts, self.role)

    @property
    def source(self) -> str:
        """The node as text, with the whitespace and comments before it."""
        texts: list[str] = []
        _print(self, texts.append)
        return "".join(texts)

    @property
    def code(self) -> str:
        """The node as text, without the whitespace and comments before it."""
        first: Node = self
        while first.parts:
            first = first.parts[0]
        return self.source[len(first.space) :]


@_set_by_init
@dataclass(frozen=True, init=False, slots=True)
class Token(Node):
    """A leaf: its text, and the whitespace and comments (`space`) before it.

    One of this very class is a keyword or a punctuation mark, and is its own kind.
    """

    text: str
    space: str = ""
    role: str | None = None
    kind: str = field(init=False)
    parts = ()

    def __init__(self, text: str, space: str = "", role: str | None = None) -> None:
        self.kind = self.text = text  # type: ignore[misc]
        self.space = space  # type: ignore[misc]
        self.role = role  # type: ignore[misc]

    @property
    def source(self) -> str:
        """See `Node.source`."""
        return self.space + self.text

    @property
    def code(self) -> str:
        """See `Node.code`."""
        return self.text

    def copy(self, space: str, role: str | None) -> Token:
        """The same text again, in another place."""
        return Token(self.text, space, role)

    def with_space(self, space: str) -> Token:
        """The token with other whitespace and comments before it."""
        return self.copy(space, self.role)

    def tokens(self) -> Iterator[Token]:
        """See `Node.tokens`."""
        yield self

    def _visit_and_replace_children(self, visitor: cst.CSTVisitorT) -> Token:
        return self

    def _codegen_impl(self, state: Any) -> None:
        state.add_token(self.space)
        state.add_token(self.text)


@_set_by_init
@dataclass(frozen=True, init=False, slots=True)
class NamedToken(Token):
    """A leaf whose kind the grammar names: an identifier, a string, a number."""

    kind: str = ""

    def __init__(self, text: str, space: str, role: str | None, kind: str) -> None:
        self.text = text  # type: ignore[misc]
        self.space = space  # type: ignore[misc]
        self.role = role  # type: ignore[misc]
        self.kind = kind  # type: ignore[misc]

    def copy(self, space: str, role: str | None) -> NamedToken:
        """See `Token.copy`."""
        return NamedToken(self.text, space, role, self.kind)


@_set_by_init
@dataclass(frozen=True, init=False, slots=True)
class Branch(Node):
    """An inner node: its parts in the order of the text, tokens included."""

    kind: str
    parts: tuple[Node, ...]
    role: str | None = None
    text = ""
    space = ""

    def __init__(self, kind: str, parts: tuple[Node, ...], role: str | None = None) -> None:
        self.kind = kind  # type: ignore[misc]
        self.parts = parts  # type: ignore[misc]
        self.role = role  # type: ignore[misc]

    def tokens(self) -> Iterator[Token]:
        """See `Node.tokens`."""
        pending = list(self.parts[::-1])
        while pending:
            node = pending.pop()
            if node.parts:
                pending += node.parts[::-1]
            else:
                yield cast("Token", node)

    def _visit_and_replace_children(self, visitor: cst.CSTVisitorT) -> Branch:
        parts: list[Node] = []
        for part in self.parts:
            result: Any = part.visit(visitor)
            if isinstance(result, cst.FlattenSentinel):
                parts.extend(result)
            elif not isinstance(result, cst.RemovalSentinel):
                parts.append(result)
        same = len(parts) == len(self.parts) and all(map(_is, parts, self.parts))
        return self if same else self.with_parts(tuple(parts))

    def _codegen_impl(self, state: Any) -> None:
        for part in self.parts:
            part._codegen(state)


def _print(node: Node, add: Callable[[str], None]) -> None:
    for part in node.parts:
        if type(part) is Branch:
            _print(part, add)
        else:
            add(part.space)
            add(part.text)


def _is(one: object, other: object) -> bool:
    return one is other


def is_kind(node: Node | None, *kinds: str) -> bool:
    """Whether there is a node and it is of one of these kinds."""
    return node is not None and node.kind in kinds


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text, parents first."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if current.parts:
            pending += current.parts[::-1]


def place_of(around: Node, part: Node) -> int:
    """The place of a part of a node among its parts, found by identity."""
    return next(place for place, other in enumerate(around.parts) if other is part)


def position(tree: Node, node: Node) -> tuple[int, int]:
    """The start of a node of a tree, as line and column from 1, found by identity.

    Raises:
        LookupError: The node is not in the tree.
    """
    before: list[str] = []
    for current in walk(tree):
        first = next(node.tokens(), None) if current is node else None
        if current is node:
            text = "".join(before) + (first.space if first else "")
            return text.count("\n") + 1, len(text) - text.rfind("\n")
        if isinstance(current, Token):
            before += (current.space, current.text)
    raise LookupError(f"no such {node.kind} in the tree")
