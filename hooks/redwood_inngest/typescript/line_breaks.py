"""Where lines break: joined and broken again where Prettier would do it.

Prettier writes a group on one line if it fits, the outermost group first. So here: of the nodes
that lost something, the outermost first, one that is broken over lines is joined if all of it can
stand on one line; else only its head is, where Prettier has a layout for that: the last argument
of a call that opens on the call's line, a value that follows its `=`, the arrows of a chain.
Where a line has become too long, since what was broken in it is gone, a list in brackets is broken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .gaps import has_comment
from .marks import is_mark, named
from .nodes import Branch, Node, Token, is_kind, walk
from .parentheses import is_side_by_side, operator_level
from .parser import parse
from .prettier_shapes import (
    can_stand_below,
    continues,
    has_kin,
    has_nested,
    has_parentheses_for_lines,
    has_several_values,
    holds_ternary,
    is_composition,
    is_full_literal,
    is_hugging,
    is_inlined,
    is_long_chain,
    is_open_ended,
    is_stiff_chain,
    is_table,
    last_body,
    opens_first,
    operation_kind,
    stays_beside,
    without_parentheses,
)

_INDENT = 2
_INDENTED_LINE = re.compile(r"\n(?!\n)")
_TEST = re.compile(r"[fx]?(describe|it|test)\b")
_OPENING = {"(", "[", "{", "${"}
_CLOSING = {")", "]", "}"}
_ASSIGNMENTS = {"variable_declarator", "assignment_expression", "public_field_definition"}
# Joined only together with what they are part of, or never.
_NO_GROUP = {
    "program",
    "export_statement",
    "statement_block",
    "class_body",
    "class_declaration",
    "abstract_class_declaration",
    "class",
    "function_declaration",
    "function_expression",
    "generator_function_declaration",
    "generator_function",
    "method_definition",
    "switch_case",
    "switch_default",
    "switch_body",
    "switch_statement",
    "try_statement",
    "catch_clause",
    "object",
    "template_string",
    "template_substitution",
    "required_parameter",
    "optional_parameter",
    "else_clause",
}
_BODIES = {"statement_block", "class_body", "switch_body", "interface_body", "enum_body"}
_LISTS = {"program", "statement_block", "class_body", "switch_body", "object"}
_BRACKETED = {
    "arguments": False,
    "formal_parameters": False,
    "object_pattern": True,
    "object": True,
    "array": True,
    "array_pattern": True,
    "named_imports": True,
}
# What makes the only argument of a call not worth a line of its own, if it is short.
_SHORT = {"identifier", "this", "number", "string", "regex", "true", "false", "null", "undefined"}
_LOOPS = {"while_statement", "for_statement", "for_in_statement", "do_statement"}


@dataclass(frozen=True)
class Layout:
    """What decides where lines break.

    Args:
        width: How long a line may be.
        indent_width: How wide a level of indentation is.
        bracket_spacing: Whether braces on one line have spaces inside.
        trailing_comma: See `HouseStyle`.
    """

    width: int = 80
    indent_width: int = 2
    bracket_spacing: bool = True
    trailing_comma: str = "es5"


def rejoin(tree: Branch) -> str:
    """Print a tree in which `taken_off` tokens mark what is gone, its lines joined as they can."""
    lines = _Lines(tree, Layout())
    lines.settle(tree)
    return str(lines)


def reflow(source: str, layout: Layout, suffix: str = ".ts") -> str:
    """Lay the lines of a source text out anew.

    Args:
        source: A module that Prettier has laid out, with 2 spaces to a level.
        layout: How to lay it out.
        suffix: The file's suffix; see `parse`.

    Returns:
        The module, still with 2 spaces to a level: what fits on one line is on one line.
    """
    tree = parse(source, suffix)
    lines = _Lines(tree, layout)
    lines.everything_concerned = True
    lines.settle(tree)
    return str(lines)


class _Lines:
    """The tokens of a tree, the space before each free to change."""

    def __init__(self, tree: Branch, layout: Layout) -> None:
        self.everything_concerned = False
        self._layout = layout
        self._angles: tuple[set[int], set[int]] = (set(), set())
        self._arrows: set[int] = set()
        self._texts: list[str] = []
        self._spaces: list[str] = []
        self._spans: dict[int, tuple[int, int]] = {}
        self._marked: set[int] = set()
        self._no_groups: set[int] = set()
        self._no_lone: set[int] = set()
        self._hanging: set[int] = set()
        self._moved = (0, 0)
        self._read(tree)

    def __str__(self) -> str:
        return "".join(
            part for pair in zip(self._spaces, self._texts, strict=True) for part in pair
        )

    def _read(self, tree: Branch) -> None:
        marks = 0
        stack: list[tuple[Node, int | None, int]] = [(tree, None, 0)]
        while stack:
            node, start, marks_before = stack.pop()
            if start is not None:
                self._spans[id(node)] = (start, len(self._texts))
                body = node.part("body") if isinstance(node, Branch) else None
                if body and is_kind(node, "arrow_function") and not stays_beside(body):
                    self._arrows.add(self._spans[id(body)][0] - 1)
                if is_kind(node, "type_arguments", "type_parameters"):
                    self._angles[0].add(start)
                    self._angles[1].add(len(self._texts) - 1)
                if marks > marks_before:
                    self._marked.add(id(node))
            elif isinstance(node, Branch):
                stack.append((node, len(self._texts), marks))
                stack.extend((part, None, 0) for part in reversed(node.parts))
            elif isinstance(node, Token):
                marks += self._read_token(node)

    def settle(self, tree: Branch) -> None:
        """Join what fits and break what does not, twice: what has moved may fit now, or not."""
        for settle in (self.join, self.split, self.join, self.split):
            for node in self.concerned(tree):
                settle(node)

    def concerned(self, tree: Branch) -> Iterator[Branch]:
        """The nodes that lost something, what stands beside the loss, and what has moved since."""
        stack: list[tuple[Branch, bool]] = [(tree, False)]
        while stack:
            node, beside = stack.pop()
            marked = self.everything_concerned or id(node) in self._marked
            start, _ = self._spans[id(node)]
            for part in node.parts:
                if isinstance(part, Branch):
                    self._place_in(part, node)
            if marked or beside or self._moved[0] <= start < self._moved[1]:
                yield node
            beside = (marked or beside) and node.kind not in _LISTS
            branches = (part for part in reversed(node.parts) if isinstance(part, Branch))
            stack.extend((part, beside) for part in branches)

    def _place_in(self, part: Branch, parent: Branch) -> None:
        """Note what a part's parent says of its lines."""
        if continues(part, parent):
            self._no_groups.add(id(part))
        nested = (
            operation_kind(part) and operation_kind(parent) and not is_side_by_side(part, parent)
        )
        if nested or is_kind(parent, "arguments", "array"):
            self._hanging.add(id(part))
        inner = without_parentheses(part)
        if operation_kind(inner) and operation_kind(inner) == operation_kind(parent):
            self._no_lone |= {id(inner), id(parent)}
        elif is_kind(parent, "parenthesized_expression") and parent.role == "condition":
            self._no_lone |= {id(part)} if operation_kind(part) == "logical" else set()

    def _read_token(self, token: Token) -> int:
        start = len(self._texts)
        if is_mark(token) and not token.space:
            self._spans[id(token)] = (start, start)
            return 1
        self._texts.append(token.text)
        self._spaces.append(token.space)
        self._spans[id(token)] = (start, start + 1)
        return is_mark(token)

    # Measuring

    def _breaks(self, at: int) -> bool:
        return "\n" in self._spaces[at]

    def _is_broken(self, start: int, end: int) -> bool:
        return any(map(self._breaks, range(start + 1, end)))

    def _column(self, at: int) -> int:
        """Where a token starts in its line."""
        column = 0
        while at >= 0:
            space = self._spaces[at]
            if "\n" in space:
                return column + self._indent_width(space[space.rindex("\n") + 1 :])
            column += _width(space)
            at -= 1
            if at >= 0:
                line = self._texts[at].rpartition("\n")
                column += _width(line[2])
                if line[1]:
                    return column
        return column

    def _indent_width(self, blank: str) -> int:
        levels, rest = divmod(len(blank) - len(blank.lstrip(" ")), _INDENT)
        return levels * self._layout.indent_width + rest + _width(blank.lstrip(" "))

    def _flat_space(self, at: int) -> str:
        """The space before a token when its group stands on one line."""
        if not self._breaks(at):
            return self._spaces[at]
        before, text = self._texts[at - 1], self._texts[at]
        if before == "," and text in _CLOSING and at >= 2:
            before = ""
        if before == "{" or text == "}":
            return " " if self._layout.bracket_spacing else ""
        if at - 1 in self._angles[0] or at in self._angles[1]:
            return ""
        if before in {"(", "[", ".", "?.", "..."} or text in {")", "]", ".", "?.", ",", ";"}:
            return ""
        return " "

    def _flat_text(self, at: int, end: int) -> str:
        """A token's text when its group stands on one line: no comma before the closing bracket."""
        text = self._texts[at]
        if not text.endswith(",") or at + 1 >= end or not self._breaks(at + 1):
            return text
        closes = self._texts[at + 1] in _CLOSING or at + 1 in self._angles[1]
        return text[:-1] if closes else text

    def _flat_width(self, start: int, end: int) -> int:
        """The width of tokens on one line, or some width that is too much."""
        width = 0
        for at in range(start, end):
            width += _width(self._flat_text(at, end))
            width += _width(self._flat_space(at)) if at > start else 0
            if width > self._layout.width:
                break
        return width

    def _tail_width(self, at: int) -> int:
        """The width of what must follow on the line, up to where Prettier could break it."""
        width = 0
        while at < len(self._texts) and not self._breaks(at) and "//" not in self._spaces[at]:
            width += _width(self._spaces[at]) + _width(self._texts[at])
            at += 1
            opened = self._texts[at - 1] in _OPENING or at - 1 in self._arrows
            hugged = self._texts[at - 1 : at + 1] == ["(", "{"]
            if opened and not hugged and at < len(self._texts) and self._texts[at] not in _CLOSING:
                break
        return width

    def _fits(self, start: int, end: int, extra: int = 0) -> bool:
        width = self._column(start) + self._flat_width(start, end) + extra
        return width + self._tail_width(end) <= self._layout.width

    # Joining

    def join(self, node: Branch) -> None:
        """Join the lines of a node that lost something, as far as they fit."""
        start, end = self._spans[id(node)]
        if not self._is_broken(start, end):
            return
        if node.kind not in _NO_GROUP | _LOOPS and id(node) not in self._no_groups:
            shorter = -2 if has_parentheses_for_lines(node) else 0
            if self._fits(start, end, shorter) and self._can_be_flat(node):
                more = sum(2 for inner in walk(node) if self._wants_parentheses(inner))
                if not more or self._fits(start, end, shorter + more):
                    self._flatten(node)
                    return
        self._join_in_part(node)

    def _join_in_part(self, node: Branch) -> None:
        if is_kind(node, "arguments"):
            self._hug_argument(node)
        elif is_kind(node, *_ASSIGNMENTS, "pair"):
            self._join_value(node)
        elif is_kind(node, "binary_expression"):
            if is_inlined(node):
                self._join_literal(node.part("right"))
            self._join_left(node)
            self._join_operand(node)
        elif is_kind(node, "arrow_function"):
            self._join_literal(node.part("body"))
            self._join_body(node)
            self._join_signatures(node)
        elif is_kind(node, "ternary_expression"):
            for part in node.parts:
                if isinstance(part, Branch) and is_kind(part, "ternary_expression"):
                    self._dedent_ternary(part)
        elif is_kind(node, "class_declaration", "abstract_class_declaration", "class"):
            self._join_heritage(node)

    def _flatten(self, node: Branch) -> None:
        start, end = self._spans[id(node)]
        for at in range(start + 1, end):
            space = self._flat_space(at)
            self._texts[at - 1] = self._flat_text(at - 1, end)
            self._spaces[at] = space
        for inner in walk(node):
            if not isinstance(inner, Branch):
                continue
            if self._wants_parentheses(inner):
                self._put_parentheses(inner)
            if is_kind(inner, "return_statement", "throw_statement"):
                self._drop_parentheses(inner)

    def _can_be_flat(self, node: Branch) -> bool:
        """Whether nothing in a node stands on lines of its own by necessity."""
        start, end = self._spans[id(node)]
        if any("//" in self._spaces[at] or "\n" in self._texts[at] for at in range(start + 1, end)):
            return False
        if any(self._texts[at] == ";" and self._breaks(at) for at in range(start + 1, end)):
            return False
        if any(has_comment(self._spaces[at]) and self._breaks(at) for at in range(start + 1, end)):
            return False
        return not any(
            isinstance(inner, Branch) and self._must_break(inner, node) for inner in walk(node)
        )

    def _must_break(self, node: Branch, group: Branch) -> bool:
        start, end = self._spans[id(node)]
        if is_kind(node, "else_clause"):
            return True
        if not self._is_broken(start, end):
            return False
        if node.kind in _BODIES:
            return True
        if is_kind(node, "object", "object_type"):
            return self._breaks(start + 1)
        if is_kind(node, "lexical_declaration", "variable_declaration"):
            return has_several_values(node)
        if is_kind(node, "object_pattern"):
            return not is_kind(group, "formal_parameters") and has_nested(node)
        if is_kind(node, "array", "arguments", "ternary_expression"):
            return is_table(node) or is_composition(node) or holds_ternary(node)
        if node.kind.startswith("jsx_"):
            return True
        if is_kind(node, "arrow_function"):
            return is_stiff_chain(node)
        return is_kind(node, "call_expression") and is_long_chain(node)

    # Parentheses that Prettier has only on one line, or only over lines

    def _wants_parentheses(self, node: Node) -> bool:
        """Whether an arrow function's body gets parentheses when it joins the arrow's line."""
        if not isinstance(node, Branch) or not is_kind(node, "arrow_function"):
            return False
        body = node.part("body")
        if body is None or not is_kind(without_parentheses(body), "ternary_expression"):
            return False
        return not self._texts[self._spans[id(body)][0]].startswith("(")

    def _put_parentheses(self, arrow: Branch) -> None:
        start, end = self._spans[id(arrow.part("body"))]
        if not self._texts[start].startswith("(") or not self._texts[end - 1].endswith(")"):
            self._texts[start] = "(" + self._texts[start]
            self._texts[end - 1] += ")"

    def _drop_parentheses(self, node: Branch) -> None:
        for part in node.parts:
            if isinstance(part, Branch) and is_kind(part, "parenthesized_expression"):
                self._drop_pair(part)

    # Layouts

    def _dedent(self, start: int, end: int) -> None:
        for at in range(start, end):
            if self._breaks(at):
                self._spaces[at] = self._spaces[at].replace("\n" + " " * _INDENT, "\n")
        self._moved = (start, end)

    def _hug_argument(self, node: Branch) -> None:
        """Let the first or the last argument open on the line of its call, where that fits."""
        arguments = named(node)
        start, _ = self._spans[id(node)]
        if not arguments or any(has_comment(self._spaces[at]) for at in self._gaps(node)):
            return
        if not self._breaks(start + 1):
            self._keep_hug(node, arguments)
            return
        if opens_first(arguments) and self._hug(node, arguments[0], arguments[1:]):
            return
        if not has_kin(arguments) and not is_composition(node):
            self._hug(node, arguments[-1], arguments[:-1])

    def _keep_hug(self, node: Branch, arguments: list[Node]) -> None:
        """Leave the last argument open on the line of its call, if it still can be there."""
        last = arguments[-1]
        self._no_groups.add(id(last))
        start, end = self._spans[id(node)]
        if not self._is_broken(*self._spans[id(last)]):
            return
        body = last.part("body") if isinstance(last, Branch) else None
        others = any(self._is_broken(*self._spans[id(one)]) for one in arguments[:-1])
        if has_kin(arguments) and not others:
            self._break_apart(node)
        elif body and self._breaks(self._spans[id(body)][0]) and not self._breaks(end - 1):
            self._spaces[end - 1] = "\n" + self._inner_indent(start)

    def _gaps(self, node: Branch) -> list[int]:
        """The tokens of a list that stand between its items, or open an item."""
        return [self._spans[id(part)][0] for part in node.parts if not is_mark(part)][1:]

    def _hug(self, node: Branch, item: Node, others: list[Node]) -> bool:
        """`call(⏎ a,⏎ (b) => {⏎ ... }⏎)` to `call(a, (b) => {⏎ ... })`, where that fits."""
        start, end = self._spans[id(node)]
        _, item_end = self._spans[id(item)]
        opening = self._opening(item)
        if opening is None or any(self._is_broken(*self._spans[id(one)]) for one in others):
            return False
        if not self._head_can_be_flat(item, opening):
            return False
        head = self._flat_width(start, opening + 1)
        if self._column(start) + head > self._layout.width:
            return False
        breaks_after = self._texts[opening] == "=>"
        self._dedent(opening + 1, item_end)
        for at in (*range(start + 1, opening + 1), *range(item_end, end)):
            self._texts[at - 1] = self._flat_text(at - 1, end)
            self._spaces[at] = self._flat_space(at)
        if breaks_after and isinstance(item, Branch):
            self._break_after_arrow(node, item, opening)
        for inner in walk(item):
            if isinstance(inner, Branch) and self._spans[id(inner)][0] == opening:
                self._open(inner)
                break
        return True

    def _open(self, node: Branch) -> None:
        """Break a literal that was on one line, now that it is all that can be broken."""
        if is_kind(node, "object", "array") and not self._is_broken(*self._spans[id(node)]):
            self._break_apart(node)

    def _break_after_arrow(self, node: Branch, arrow: Branch, at: int) -> None:
        """Put the body of a last argument below its arrow."""
        self._no_groups.add(id(arrow))
        start, end = self._spans[id(node)]
        indent = self._inner_indent(start)
        self._spaces[at + 1] = "\n" + indent + " " * _INDENT
        self._spaces[end - 1] = "\n" + indent
        if body := arrow.part("body"):
            self._bare(body)

    def _head_can_be_flat(self, item: Node, opening: int) -> bool:
        start, _ = self._spans[id(item)]
        return not any(
            "//" in self._spaces[at] or "\n" in self._texts[at] for at in range(start, opening + 1)
        ) and not any(
            isinstance(inner, Branch)
            and self._spans[id(inner)][1] <= opening
            and self._must_break(inner, inner)
            for inner in walk(item)
        )

    def _opening(self, node: Node) -> int | None:
        """The token that ends the line of a call, when the node is hugged by its parentheses."""
        start, end = self._spans[id(node)]
        if is_kind(node, "statement_block", "object", "array"):
            return start if end - start > 2 else None
        if not isinstance(node, Branch) or not is_kind(
            node, "arrow_function", "function_expression"
        ):
            return None
        body = node.part("body")
        if is_kind(body, "arrow_function"):
            return None
        if body is None:
            return None
        inner = without_parentheses(body)
        if is_kind(body, "call_expression") or is_kind(inner, "ternary_expression"):
            return self._arrow_before(body)
        return self._opening(inner)

    def _arrow_before(self, body: Node | None) -> int | None:
        """The arrow, if the body can stand below it."""
        start, end = self._spans[id(body)]
        if not isinstance(body, Branch) or has_comment(self._spaces[start]):
            return None
        width = len(self._indent(start - 1)) + _INDENT + self._flat_width(start, end)
        movable = not self._is_broken(start, end) or not self._can_be_flat(body)
        return start - 1 if movable or width > self._layout.width else None

    def split(self, node: Branch) -> None:
        """Break what is on one line and too long for it."""
        start, end = self._spans[id(node)]
        if is_kind(node, *_ASSIGNMENTS, "pair"):
            self._split_value(node.part("value") or node.part("right"))
        elif self._is_broken(start, end):
            self._split_rest(node)
        elif not self._fits(start, end):
            self._split_whole(node)

    def _split_rest(self, node: Branch) -> None:
        """Break what follows something that is broken already."""
        start, _ = self._spans[id(node)]
        if is_kind(node, "binary_expression"):
            self._split_operand(node)
        elif is_kind(node, "ternary_expression"):
            for part in node.parts:
                flat = not self._is_broken(*self._spans[id(part)])
                if flat and isinstance(part, Branch) and is_kind(part, "ternary_expression"):
                    self._split_ternary(part)
        elif is_kind(node, "arguments") and not self._breaks(start + 1) and self._overflows(node):
            self._no_groups.discard(id(named(node)[-1]))
            self._break_apart(node)
        elif is_kind(node, "arrow_function") and is_kind(node.part("body"), "arrow_function"):
            self._split_signatures(node)

    def _split_whole(self, node: Branch) -> None:
        group = id(node) not in self._no_groups
        if is_kind(node, "return_statement", "throw_statement"):
            self._split_return(node)
        elif is_kind(node, "binary_expression") and group:
            self._split_chain(node)
        elif is_kind(node, "binary_expression"):
            self._split_operand(node)
        elif is_kind(node, "arrow_function") and group:
            self._split_arrow(node)
        elif is_kind(node, "parenthesized_expression") and node.role == "condition":
            self._split_condition(node)
        elif is_kind(node, "ternary_expression") and group:
            self._split_ternary(node)
        elif node.kind in _BRACKETED and len(node.parts) > 2:
            hugged = is_kind(node, "formal_parameters") and is_hugging(node)
            if not hugged and not self._can_hug_literal(node):
                self._break_apart(node)

    def _can_hug_literal(self, arguments: Branch) -> bool:
        """Whether a call can be broken in its last argument, after its first line."""
        items = named(arguments)
        if not is_kind(arguments, "arguments") or not is_full_literal(items[-1]):
            return False
        start, _ = self._spans[id(arguments)]
        head = self._flat_width(start, self._spans[id(items[-1])][0] + 1)
        return not has_kin(items) and self._column(start) + head <= self._layout.width

    def _put_on_line(self, at: int, indent: str) -> None:
        if not has_comment(self._spaces[at]):
            self._spaces[at] = "\n" + indent

    def _split_value(self, value: Node | None) -> None:
        """Put a value that can only be broken as a whole below its `=`."""
        start, end = self._spans.get(id(value), (0, 0))
        if not isinstance(value, Branch):
            return
        if self._is_broken(start, end):
            self._put_operation_below(value)
            return
        below = is_open_ended(value) or is_kind(value, "string")
        if below and not self._breaks(start) and not self._fits(start, end):
            self._put_on_line(start, self._indent(start) + " " * _INDENT)

    def _put_operation_below(self, value: Branch) -> None:
        """`= a ||⏎ b` to `=⏎ a ||⏎ b`, as parentheses that are gone had made it."""
        start, _ = self._spans[id(value)]
        right = value.part("right")
        if self._breaks(start) or not right or not operation_kind(value) or is_inlined(value):
            return
        if not self._breaks(self._spans[id(right)][0]):
            return
        first: Node = value
        while isinstance(first, Branch) and operation_kind(first):
            first = first.part("left") or first.parts[0]
        self._indent_lines(*self._spans[id(first)])
        self._put_on_line(start, self._indent(start) + " " * _INDENT)

    def _indent_lines(self, start: int, end: int) -> None:
        for at in range(start + 1, end):
            if self._breaks(at):
                self._spaces[at] = _INDENTED_LINE.sub(r"\g<0>" + " " * _INDENT, self._spaces[at])

    def _split_return(self, node: Branch) -> None:
        value = next(iter(named(node)), None)
        if value and is_kind(value, "binary_expression"):
            start, end = self._spans[id(value)]
            indent = self._indent(start)
            self._texts[start - 1] += " ("
            self._texts[end - 1] += f"\n{indent})"
            self._put_on_line(start, indent + " " * _INDENT)

    def _split_chain(self, node: Branch) -> None:
        """Break after each operator that Prettier writes side by side."""
        indent = self._hanging_indent(node)
        level = operator_level(node)
        inner: Node | None = node
        while isinstance(inner, Branch) and operator_level(inner) == level:
            right = inner.part("right")
            if right and not is_inlined(inner):
                self._put_on_line(self._spans[id(right)][0], indent)
            inner = inner.part("left")

    def _split_condition(self, node: Branch) -> None:
        start, end = self._spans[id(node)]
        indent = self._indent(start)
        self._put_on_line(start + 1, indent + " " * _INDENT)
        self._put_on_line(end - 1, indent)
        inner = named(node)[0]
        if isinstance(inner, Branch) and is_kind(inner, "binary_expression"):
            self._split_chain(inner)

    def _split_ternary(self, node: Branch) -> None:
        start, _ = self._spans[id(node)]
        indent = self._indent(start) + " " * _INDENT
        for part in node.parts:
            if is_kind(part, "?", ":"):
                self._put_on_line(self._spans[id(part)][0], indent)
            elif is_kind(part, "ternary_expression") and isinstance(part, Branch):
                self._split_ternary(part)

    def _split_arrow(self, arrow: Branch) -> None:
        """Put the body of an arrow function below its arrow, if the line ends there in time."""
        body = arrow.part("body")
        if body is None or not can_stand_below(body):
            return
        start, _ = self._spans[id(arrow)]
        body_start, _ = self._spans[id(body)]
        if self._column(start) + self._flat_width(start, body_start) <= self._layout.width:
            self._spaces[body_start] = "\n" + self._inner_indent(start) + " " * _INDENT
            self._bare(body)

    def _split_signatures(self, chain: Branch) -> None:
        """Put the body of a chain whose arrows stand on several lines below them."""
        body = last_body(chain)
        start, at = self._spans[id(chain)][0], self._spans[id(body)][0]
        breaks = [self._texts[head - 1] for head in range(start + 1, at) if self._breaks(head)]
        if body is None or is_kind(without_parentheses(body), "ternary_expression"):
            return
        if set(breaks) == {"=>"} and can_stand_below(body) and not self._breaks(at):
            self._put_on_line(at, self._inner_indent(at) + " " * _INDENT)

    def _take_back_parentheses(self, body: Node) -> None:
        """Undo what `_put_parentheses` did."""
        start, end = self._spans[id(body)]
        if self._texts[start].startswith("(") and self._texts[end - 1].endswith(")"):
            self._texts[start] = self._texts[start][1:]
            self._texts[end - 1] = self._texts[end - 1][:-1]

    def _drop_pair(self, parentheses: Branch) -> None:
        start, end = self._spans[id(parentheses)]
        self._texts[start] = self._texts[end - 1] = ""

    def _bare(self, body: Node) -> None:
        """Take off the parentheses that a ternary has only beside its arrow."""
        if not is_kind(without_parentheses(body), "ternary_expression"):
            return
        while isinstance(body, Branch) and is_kind(body, "parenthesized_expression"):
            self._drop_pair(body)
            body = named(body)[0]
        self._take_back_parentheses(body)

    def _overflows(self, call: Branch) -> bool:
        """Whether the line that a hugged last argument opens on has become too long."""
        start, end = self._spans[id(call)]
        items = named(call)
        last = items[-1]
        kinds = ("arrow_function", "function_expression", "object", "array")
        if len(items) < 2 or not is_kind(last, *kinds):
            return False
        if _TEST.match(self._texts[start - 1]):
            return False
        if any(self._is_broken(*self._spans[id(one)]) for one in items[:-1]):
            return False
        parameters = last.part("parameters") if isinstance(last, Branch) else None
        if parameters and self._is_broken(*self._spans[id(parameters)]):
            return True
        first_break = next(at for at in range(start + 1, end) if self._breaks(at))
        return self._column(start) + self._flat_width(start, first_break) > self._layout.width

    def _break_apart(self, node: Branch) -> None:
        """Give each item of a list a line of its own."""
        start, end = self._spans[id(node)]
        indent = self._inner_indent(start)
        self._indent_lines(start, end)
        self._spaces[start + 1] = "\n" + indent + " " * _INDENT
        for part in node.parts:
            if is_kind(part, ","):
                at, _ = self._spans[id(part)]
                self._spaces[at + 1] = "\n" + indent + " " * _INDENT
        self._spaces[end - 1] = "\n" + indent
        if self._ends_in_comma(node) and self._texts[end - 2] != ",":
            self._texts[end - 2] += ","
        self._moved = (start, end)

    def _ends_in_comma(self, node: Branch) -> bool:
        if self._layout.trailing_comma != "all" or _BRACKETED[node.kind]:
            return self._layout.trailing_comma != "none" and _BRACKETED[node.kind]
        last = named(node)[-1]
        return not (isinstance(last, Branch) and is_kind(last.parts[0], "rest_pattern"))

    def _line_start(self, at: int) -> int:
        """The first token of a token's line."""
        while at and not self._breaks(at):
            at -= 1
        return at

    def _indent(self, at: int) -> str:
        first = self._line_start(at)
        line = (self._spaces[first] + self._texts[first]).rpartition("\n")[2]
        return line[: len(line) - len(line.lstrip())]

    def _inner_indent(self, at: int) -> str:
        """Where brackets of a token's line close: in a branch of a ternary, beside its operator."""
        in_branch = self._texts[self._line_start(at)] in {"?", ":"}
        return self._indent(at) + " " * _INDENT * in_branch

    def _join_value(self, node: Branch) -> None:
        """Put a value on the line of its `=`, if it begins with something that can be broken."""
        value = node.part("value") or node.part("right")
        if not isinstance(value, Branch):
            return
        start, end = self._spans[id(value)]
        if is_kind(value, "ternary_expression") and not self._breaks(start):
            self._dedent_ternary(value)
        if not self._breaks(start) or not _is_simple(self._spaces[start]):
            return
        if is_kind(value, "arrow_function") and is_kind(value.part("body"), "arrow_function"):
            self._no_groups.add(id(value))
            self._join_chain(value)
        elif is_kind(value, "ternary_expression"):
            condition = value.part("condition")
            if condition and not operation_kind(condition):
                self._spaces[start] = " "
                self._dedent(start + 1, end)
        elif not is_open_ended(value):
            first_break = next((at for at in range(start + 1, end) if self._breaks(at)), end)
            comment = self._spaces[start].rpartition("\n")[2].lstrip()
            before = self._column(start - 1) + len(self._texts[start - 1]) + 1 + len(comment)
            for opened in (first_break, self._first_opening(value)):
                if opened < end and before + self._flat_width(start, opened) <= self._layout.width:
                    self._spaces[start] = " " + comment
                    self._dedent(start + 1, end)
                    return

    def _is_short(self, argument: Node) -> bool:
        """Whether a call is not broken for its only argument."""
        if isinstance(argument, Branch) and is_kind(argument, "unary_expression"):
            return self._is_short(named(argument)[-1])
        if isinstance(argument, Branch) and is_kind(argument, "object", "array"):
            return not named(argument)
        return argument.kind in _SHORT and _width(argument.code) <= self._layout.width // 4

    def _dedent_ternary(self, ternary: Branch) -> None:
        """Indent a broken ternary once, where parentheses that are gone had indented it twice."""
        start, end = self._spans[id(ternary)]
        at = next(self._spans[id(part)][0] for part in ternary.parts if is_kind(part, "?"))
        if self._breaks(at) and self._indent(at) == self._indent(start) + " " * 2 * _INDENT:
            self._dedent(start + 1, end)

    def _first_opening(self, value: Node) -> int:
        """Where a value on one line can be broken first; its end where it is too short for that."""
        if not isinstance(value, Branch):
            return self._spans[id(value)][1]
        arguments = value.part("arguments") if is_kind(value, "call_expression") else None
        items = named(arguments) if isinstance(arguments, Branch) else []
        if len(items) == 1 and is_full_literal(items[0]):
            return self._first_opening(items[0])
        if len(items) > 1 or (items and not self._is_short(items[0])):
            return self._spans[id(arguments)][0] + 1
        if is_full_literal(value):
            return self._spans[id(value)][0] + 1
        right = value.part("right") if is_inlined(value) else None
        return self._first_opening(right) if right else self._spans[id(value)][1]

    def _join_literal(self, literal: Node | None) -> None:
        """`a &&⏎ {` to `a && {`, and `=>⏎ [` to `=> [`."""
        inner = without_parentheses(literal) if literal else None
        if not literal or not is_kind(inner, "object", "array"):
            return
        start, end = self._spans[id(literal)]
        if end - start > 2 and self._spaces[start].isspace() and self._breaks(start):
            self._spaces[start] = " "
            self._dedent(start + 1, end)

    def _join_body(self, arrow: Branch) -> None:
        """Put the body of an arrow function on the line of the arrow, where all of it fits."""
        body = arrow.part("body")
        if body is None or id(arrow) in self._no_groups or not can_stand_below(body):
            return
        start, end = self._spans[id(body)]
        if not self._breaks(start) or has_comment(self._spaces[start]):
            return
        more = 2 * self._wants_parentheses(arrow)
        before = self._column(start - 1) + len(self._texts[start - 1])
        width = before + 1 + self._flat_width(start, end) + more + self._tail_width(end)
        if not self._is_broken(start, end) and width <= self._layout.width:
            self._spaces[start] = " "
            if more:
                self._put_parentheses(arrow)
        else:
            self._bare(body)

    def _join_signatures(self, chain: Branch) -> None:
        """`(a) =>⏎ (b) =>⏎ body` to `(a) => (b) =>⏎ body`, where that fits."""
        start, end = self._spans[id(chain)]
        body = last_body(chain)
        at, _ = self._spans[id(body)]
        heads = range(start + 1, at)
        if id(chain) in self._no_groups or is_stiff_chain(chain):
            return
        if not any(map(self._breaks, heads)):
            return
        if not is_kind(chain.part("body"), "arrow_function"):
            return
        if any("//" in self._spaces[head] for head in heads):
            return
        width = self._flat_width(start, at) + self._after_arrow(at, body)
        if self._column(start) + width <= self._layout.width:
            for head in heads:
                self._spaces[head] = self._flat_space(head)
            self._dedent(at, end)

    def _join_operand(self, node: Branch) -> None:
        """Put the right side of a lone operator on the operator's line."""
        right = node.part("right")
        if right is None or not self._is_lone(node):
            return
        start, end = self._spans[id(right)]
        if not self._breaks(start) or has_comment(self._spaces[start]):
            return
        before = self._column(start - 1) + len(self._texts[start - 1])
        width = before + 1 + self._flat_width(start, end) + self._tail_width(end)
        if not self._is_broken(start, end) and width <= self._layout.width:
            self._spaces[start] = " "

    def _join_left(self, node: Branch) -> None:
        """`[⏎ a,⏎] && b` to `[a] &&⏎ b`, where that fits."""
        left, right = node.part("left"), node.part("right")
        start, end = self._spans[id(left)]
        if not isinstance(left, Branch) or not right or not self._is_lone(node):
            return
        if not self._is_broken(start, end) or is_inlined(node) or not self._can_be_flat(left):
            return
        at, right_end = self._spans[id(right)]
        if self._breaks(at) or has_comment(self._spaces[at]) or self._is_broken(at, right_end):
            return
        if self._column(start) + self._flat_width(start, at) <= self._layout.width:
            self._flatten(left)
            self._put_on_line(at, self._hanging_indent(node))

    def _hanging_indent(self, node: Branch) -> str:
        """How the lines of an operation below its first are indented."""
        start, _ = self._spans[id(node)]
        more = not self._breaks(start) or id(node) in self._hanging
        return self._indent(start) + " " * _INDENT * more

    def _is_lone(self, node: Branch) -> bool:
        """Whether an operation is no part of others like it, so that its right side is a group."""
        return id(node) not in self._no_lone

    def _split_operand(self, node: Branch) -> None:
        right = node.part("right")
        if right is None or not self._is_lone(node) or is_inlined(node):
            return
        start, end = self._spans[id(right)]
        flat = not self._is_broken(start, end) and not self._breaks(start)
        if flat and not self._fits(start, end):
            self._put_on_line(start, self._hanging_indent(node))

    def _join_chain(self, chain: Branch) -> None:
        """`=⏎ (a) =>⏎ (b) => {` to `= (a) => (b) => {`, where that fits."""
        if is_stiff_chain(chain):
            return
        start, end = self._spans[id(chain)]
        head_end, _ = self._spans[id(last_body(chain))]
        if any("//" in self._spaces[at] for at in range(start, head_end)):
            return
        before = self._column(start - 1) + len(self._texts[start - 1])
        heads = self._flat_width(start, head_end) + self._after_arrow(head_end, last_body(chain))
        if before + 1 + heads <= self._layout.width:
            for at in range(start, head_end):
                self._spaces[at] = self._flat_space(at)
            self._dedent(head_end, end)
        elif self._column(start) + heads <= self._layout.width:
            for at in range(start + 1, head_end):
                self._spaces[at] = self._flat_space(at)
            self._put_body_below(chain)

    def _after_arrow(self, at: int, body: Node | None) -> int:
        """The width of what stands beside the last arrow of a chain: a ternary would have `(`."""
        ternary = body is not None and is_kind(without_parentheses(body), "ternary_expression")
        return self._tail_width(at) + ternary

    def _put_body_below(self, chain: Branch) -> None:
        """Indent the body of a chain of arrow functions that stands below it."""
        body = last_body(chain)
        start, end = self._spans[id(body)]
        if self._breaks(start) and not self._is_broken(start, end):
            first, _ = self._spans[id(chain)]
            self._put_on_line(start, self._indent(first) + " " * _INDENT)

    def _join_heritage(self, node: Branch) -> None:
        """`class A⏎ extends B⏎{` to `class A extends B {`, where that fits."""
        start, _ = self._spans[id(node)]
        body = node.part("body")
        body_start, _ = self._spans[id(body)]
        if any("/" in self._spaces[at] for at in range(start + 1, body_start + 1)):
            return
        if self._column(start) + self._flat_width(start, body_start + 1) <= self._layout.width:
            for at in range(start + 1, body_start + 1):
                self._spaces[at] = self._flat_space(at)


def _is_simple(space: str) -> bool:
    """Whether a space holds one line break, and after it at most comments that end in its line."""
    before, _, after = space.partition("\n")
    return not before.strip() and "\n" not in after and "//" not in after


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(one) in "FW" else 1 for one in text)
