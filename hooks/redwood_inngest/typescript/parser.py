"""Source text to tree: tree-sitter parses it, and its concrete tree is lifted into our nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic
from types import MappingProxyType

import tree_sitter_typescript
from tree_sitter import Language, Node as SyntaxNode, Parser

from ..errors import Refusal
from .nodes import Branch, NamedToken, Node, Token
from .trivia import space_before, with_space

# A visit takes two Python frames a level and Python stops at 1,000 frames; the deepest of 93
# public handlers has 40 levels.
MAX_DEPTH = 250
# The parser crashes at some hundred megabytes; the largest of 93 public handlers has 10 kilobytes.
MAX_BYTES = 512 * 1024
# By the clock, since asking for processor time costs thirty times as much, some forty times a file.
_SECONDS = 5

_NOTHING: Mapping[str, Node] = MappingProxyType({})
_COMMENTS = {"comment", "html_comment"}
# Expressions that bind tighter than an operation, and begin with their operand.
_READS = {
    "call_expression",
    "member_expression",
    "non_null_expression",
    "subscript_expression",
}
_OPERATIONS = {"binary_expression", "unary_expression", "update_expression", "type_assertion"}


def parse(source: str, suffix: str = ".ts", known: Mapping[str, Node] = _NOTHING) -> Branch:
    """Parse a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar: `.ts`, `.mts` and `.cts` may hold
            `<T>value` casts; all others (`.tsx`, `.js`, `.jsx`, ...) may hold JSX.
        known: Nodes by their source, from a tree of the same grammar. Where the parser finds a
            node of the same kind, role and source, that one becomes part of the tree: they are
            immutable.

    Returns:
        The `program` node. Its `source` is the text that was given, byte for byte.

    Raises:
        Refusal: The text is too large, has a syntax error, or is nested too deeply.
    """
    data = source.encode()
    if len(data) > MAX_BYTES:
        raise Refusal(
            f"this has {len(data):,} bytes, and no more than {MAX_BYTES:,} are read as code: split "
            "it, or make it smaller."
        )
    grammar = _grammar(suffix in {".ts", ".mts", ".cts"})
    root = _root(grammar.parser, data)
    if root.has_error:
        line, column = _where(data, _first_error(root))
        raise Refusal(
            "this cannot be read as TypeScript or JavaScript from here on: a syntax error, or"
            " syntax that is newer than the parser of this tool.",
            line=line,
            column=column,
        )
    return _lift(root, data, source, grammar, known)


def _root(parser: Parser, data: bytes) -> SyntaxNode:
    """The root of the concrete tree.

    Where the syntax is wrong, tree-sitter tries many ways to go on, which can take it minutes.
    """
    end = monotonic() + _SECONDS
    try:
        tree = parser.parse(
            lambda at, _: data[at:], progress_callback=lambda _, __: monotonic() > end
        )
    except ValueError:  # it was stopped
        parser.reset()
        raise Refusal(
            "this cannot be read as TypeScript or JavaScript: it has so many syntax errors that "
            f"the parser was stopped after {_SECONDS} seconds."
        ) from None
    return tree.root_node


@dataclass(frozen=True)
class _Grammar:
    """A grammar of tree-sitter's: its parser, and its names by their numbers.

    Attributes:
        kinds: The name of each kind.
        named: Whether a leaf of a kind is more than a keyword or a punctuation mark.
        roles: The name of each field; None where there is none.
        string: The kind of strings, which are leaves for us.
        comments: The kinds of comments, which are space for us.
    """

    parser: Parser
    kinds: list[str]
    named: list[bool]
    roles: Mapping[int | None, str | None]
    string: int | None
    comments: set[int]


@cache
def _grammar(plain_typescript: bool) -> _Grammar:
    both = tree_sitter_typescript
    language = Language(both.language_typescript() if plain_typescript else both.language_tsx())
    kinds = [language.node_kind_for_id(n) or "" for n in range(language.node_kind_count)]
    fields = range(1, language.field_count + 1)
    return _Grammar(
        Parser(language),
        kinds,
        [language.node_kind_is_named(number) for number in range(len(kinds))],
        {None: None} | {number: language.field_name_for_id(number) for number in fields},
        language.id_for_node_kind("string", True),  # named: the type has the same kind
        {number for number, kind in enumerate(kinds) if kind in _COMMENTS},
    )


def _first_error(root: SyntaxNode) -> SyntaxNode:
    node = root
    while not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error)
    return node


def _where(data: bytes, node: SyntaxNode) -> tuple[int, int]:
    before = data[: node.start_byte].decode()
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _lift(
    root: SyntaxNode, data: bytes, source: str, grammar: _Grammar, known: Mapping[str, Node]
) -> Branch:
    """Lift the concrete tree, without recursion: `unfinished` are the nodes still missing parts."""
    kinds, named, roles = grammar.kinds, grammar.named, grammar.roles
    string, comments = grammar.string, grammar.comments
    text = source if source.isascii() else _Utf8(data)
    cursor = root.walk()
    to_first_child, to_next_sibling = cursor.goto_first_child, cursor.goto_next_sibling
    unfinished: list[tuple[str, str | None, list[Node]]] = []
    parts: list[Node] = []
    unused, known_kinds = dict(known), {node.kind for node in known.values()}
    printed = 0
    more = to_first_child()
    while more and (syntax := cursor.node) is not None:
        number, role = syntax.kind_id, roles[cursor.field_id]
        kind = kinds[number]
        if (
            kind in known_kinds
            and (same := unused.pop(text[printed : syntax.end_byte], None))
            and same.role == role
            and same.kind == kind
        ):
            parts.append(same)
            printed = syntax.end_byte
        elif number != string and to_first_child():
            if len(unfinished) >= MAX_DEPTH:
                raise _too_deep(data, syntax)
            unfinished.append((kind, role, parts))
            parts = []
            continue
        elif number not in comments:
            start, end = syntax.byte_range
            space = text[printed:start] if start > printed else ""
            if named[number]:
                parts.append(NamedToken(text[start:end], space, role, kind))
            else:
                parts.append(Token(text[start:end], space, role))
            printed = end
        more = to_next_sibling()
        while unfinished and not more:
            cursor.goto_parent()
            kind, role, around = unfinished.pop()
            branch = Branch(kind, tuple(parts), role)
            around.append(_regrouped(branch) if kind in _READS else branch)
            parts = around
            more = to_next_sibling()
    parts.append(NamedToken("", text[printed : len(data)], None, "end_of_file"))
    return Branch(root.type, tuple(_without_carriage_return(parts)))


def _without_carriage_return(parts: list[Node]) -> list[Node]:
    """A module in which the carriage return at the end of a `#!` line is space, as elsewhere."""
    if parts[0].kind != "hash_bang_line" or not parts[0].text.endswith("\r"):
        return parts
    first, second, *others = parts
    line = first.with_changes(text=first.text[:-1])
    return [line, with_space(second, "\r" + space_before(second)), *others]


def _regrouped(read: Branch) -> Branch:
    """`a && b!.c` as JavaScript reads it: with types, tree-sitter makes `(a && b)!.c` of it."""
    head = read.parts[0]
    if head.kind not in _OPERATIONS or not isinstance(head, Branch):
        return read
    operand = head.parts[-1]
    parts = (operand.with_changes(role=head.role), *read.parts[1:])
    inner = _regrouped(read.with_changes(parts=parts, role=operand.role))
    return head.with_changes(parts=(*head.parts[:-1], inner), role=read.role)


class _Utf8:
    """Text that is sliced by places in its bytes; ASCII is so itself."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __getitem__(self, place: slice) -> str:
        return self._data[place].decode()


def _too_deep(data: bytes, syntax: SyntaxNode) -> Refusal:
    line, column = _where(data, syntax)
    return Refusal(
        f"the code is nested more than {MAX_DEPTH} levels deep here: simplify it.",
        line=line,
        column=column,
    )
