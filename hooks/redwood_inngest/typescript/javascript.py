"""TypeScript to JavaScript: the types taken off, the rest left as a person would have written it.

The tree is visited once. What belongs only to types is replaced by a `taken_off` token, which has
no text; a statement that is gone leaves its space behind, and the list that it stood in closes the
gap. What the types had made necessary goes with them: parentheses around a cast, imports of types,
comments that speak to the type checker, line breaks that are no longer needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import is_
from typing import Any, TypeGuard, cast

import libcst as cst

from ..errors import Refusal
from .gaps import Gap, has_comment, is_comment, one_blank_line, pieces, read_gap
from .line_breaks import rejoin
from .marks import COMMENT_TAKEN_OFF, TAKEN_OFF, is_mark, named
from .nodes import Branch, Node, Token, is_kind, position, token_class, walk
from .parentheses import can_go_without
from .parser import parse

# What stands for something that is gone, until what is around it has been adjusted.
_BEFORE = token_class("taken_off_before")
_GONE = token_class("gone_statement")
_GONE_IMPORT = token_class("gone_import")

_TYPES = {
    "type_annotation",
    "type_predicate_annotation",
    "asserts_annotation",
    "omitting_type_annotation",
    "adding_type_annotation",
    "opting_type_annotation",
    "type_parameters",
    "type_arguments",
    "implements_clause",
}
_MODIFIERS = {"accessibility_modifier", "override_modifier"}
_TYPE_STATEMENTS = {
    "interface_declaration",
    "type_alias_declaration",
    "ambient_declaration",
    "function_signature",
    "method_signature",
    "abstract_method_signature",
    "index_signature",
}
_WITHOUT_VALUES = _TYPES | _TYPE_STATEMENTS
_REFUSED = {
    "enum_declaration": "an enum has no counterpart in JavaScript: write an object instead.",
    "internal_module": "a namespace has no counterpart in JavaScript: write a module instead.",
    "module": "a namespace has no counterpart in JavaScript: write a module instead.",
    "decorator": "a decorator has no counterpart in JavaScript: call a function instead.",
    "import_alias": "`import x = y` has no counterpart in JavaScript: write a const instead.",
    "import_require_clause": (
        "`import x = require()` has no counterpart in JavaScript: write `import x from` instead."
    ),
}
# After a cast, TypeScript begins a statement here; tree-sitter reads on.
_RUNS_ON = "a line that begins with a bracket needs a semicolon before the bracket."
# tree-sitter takes some type arguments for comparisons; Prettier never writes those without spaces.
_AMBIGUOUS = (
    "this `<` can be read as type arguments and as a comparison: "
    "put spaces around it, or the call into a statement of its own."
)
_STATEMENT_LISTS = {"program", "statement_block", "class_body", "switch_case", "switch_default"}
_FIRST_OF_RISKY_STATEMENT = ("(", "[", "`", "+", "-", "/", "<")
_ENDS_ALONE = {
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "abstract_class_declaration",
    "statement_block",
    "if_statement",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "try_statement",
    "switch_statement",
    "labeled_statement",
    "empty_statement",
}
_DIRECTIVE = re.compile(r"^(//|/\*)[/*\s]*(@ts-\w+|<(?:reference|amd)|eslint-(?:dis|en)able[\w-]*)")
_BLANK_LINES = re.compile(r"(\r?\n)(?:[ \t]*\r?\n){2,}")
_TYPE_RULES = "@typescript-eslint/"


def to_javascript(source: str, suffix: str = ".ts") -> str:
    """Take the types off a TypeScript module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, `.ts` or `.tsx`; see `parse`.

    Returns:
        The JavaScript (or JSX) module that does the same. A source that is clean under Prettier
        with Redwood's configuration stays so.

    Raises:
        Refusal: The source has a syntax error, or holds what is more than a type: a parameter
            property, an enum, a namespace, a decorator, `import x = require()`, `export =`.
    """
    newline = "\r\n" if "\r\n" in source else "\n"
    tree = parse(source.replace("\r\n", "\n"), suffix)
    result = cast("Branch", tree.visit(_TypesOff(tree)))
    return rejoin(result).replace("\n", newline)


class _TypesOff(cst.CSTTransformer):
    """Replaces everything that belongs only to types; `_above` are the nodes being visited."""

    def __init__(self, tree: Branch) -> None:
        super().__init__()
        self._tree = tree
        self._semicolons = any(map(_ends_in_semicolon, tree.parts))
        self._above: list[Node] = []

    def on_visit(self, node: Any) -> bool:
        if node.kind in _REFUSED:
            self._refuse(node, _REFUSED[node.kind])
        super().on_visit(node)
        self._above.append(node)
        return node.kind not in _WITHOUT_VALUES

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        self._above.pop()
        kind = original_node.kind
        if kind in _TYPES:
            return _taken_off(original_node, before=self._stands_before(original_node))
        if kind in _MODIFIERS:
            return _taken_off(original_node, before=True)
        if kind in _TYPE_STATEMENTS:
            return _gone(original_node)
        if isinstance(updated_node, Token):
            return _without_type_directives(updated_node)
        result = super().on_leave(original_node, updated_node)
        if isinstance(result, Branch) and result is not original_node:
            result = self._without_idle_parentheses(_hand_on_space(result))
        if isinstance(result, Branch) and kind in _STATEMENT_LISTS:
            result = _close_gaps(result, self._semicolons)
        return result

    def _stands_before(self, node: Node) -> bool:
        if is_kind(node, "type_parameters"):
            functions = ("arrow_function", "function_expression", "generator_function")
            return is_kind(self._above[-1], *functions)
        return is_kind(node, "type_arguments") and is_kind(self._above[-1], "type_assertion")

    def _refuse(self, node: Node, reason: str) -> None:
        line, column = position(self._tree, node)
        raise Refusal(reason, line=line, column=column)

    # Expressions

    def leave_as_expression(self, original_node: Branch, updated_node: Branch) -> Any:
        for node in walk(original_node.parts[-1]):
            if isinstance(node, Branch) and is_kind(node, "lookup_type"):
                bracket = next(part for part in node.parts if is_kind(part, "["))
                if "\n" in _first(bracket).space:
                    self._refuse(bracket, _RUNS_ON)
        return _bare(updated_node, named(updated_node)[0])

    leave_satisfies_expression = leave_as_expression
    leave_non_null_expression = leave_as_expression
    leave_instantiation_expression = leave_as_expression

    def leave_type_assertion(self, original_node: Branch, updated_node: Branch) -> Any:
        return _bare(updated_node, named(updated_node)[-1])

    def leave_binary_expression(self, original_node: Branch, updated_node: Branch) -> Node:
        operator, right = original_node.part("operator"), original_node.part("right")
        unspaced = operator and right and not (_first(operator).space or _first(right).space)
        if unspaced and operator and is_kind(operator, "<"):
            self._refuse(operator, _AMBIGUOUS)
        return updated_node

    def leave_call_expression(self, original_node: Branch, updated_node: Branch) -> Node:
        function = original_node.part("function")
        if is_kind(function, "as_expression", "satisfies_expression"):
            self._refuse(original_node.parts[-1], _RUNS_ON)
        return updated_node

    def leave_parenthesized_expression(self, original_node: Branch, updated_node: Branch) -> Node:
        inner = named(updated_node)[0]
        if updated_node is original_node or not isinstance(inner, Branch):
            return updated_node
        if not is_kind(inner, "parenthesized_expression") or is_kind(
            named(inner)[0], "assignment_expression", "sequence_expression"
        ):
            return updated_node
        in_condition = updated_node.role == "condition" and not _holds_comments(inner)
        merge = _in_its_lines if in_condition else _bare_parentheses
        single = merge(updated_node, inner)
        return _with_parts(single, (*single.parts[:-1], TAKEN_OFF(""), single.parts[-1]))

    def _without_idle_parentheses(self, branch: Branch) -> Branch:
        parts: list[Node] = []
        for part in branch.parts:
            if _held_a_cast(part) and can_go_without(part, branch, self._above):
                parts += [_bare_parentheses(part, named(part)[0]), TAKEN_OFF("")]
            else:
                parts.append(part)
        return _with_parts(branch, parts)

    # Declarations

    def leave_required_parameter(self, original_node: Branch, updated_node: Branch) -> Any:
        if any(is_kind(part, "readonly", *_MODIFIERS) for part in original_node.parts):
            self._refuse(
                original_node,
                "a parameter property has no counterpart in JavaScript: "
                "declare the field and assign it in the constructor.",
            )
        if is_kind(updated_node.part("pattern"), "this"):
            return _gone(original_node)
        return _without(updated_node, "?")

    leave_optional_parameter = leave_required_parameter

    def leave_formal_parameters(self, original_node: Branch, updated_node: Branch) -> Node:
        return _without_gone_items(updated_node)

    def leave_variable_declarator(self, original_node: Branch, updated_node: Branch) -> Node:
        return _without(updated_node, "!")

    def leave_method_definition(self, original_node: Branch, updated_node: Branch) -> Node:
        return _without(updated_node, "?")

    def leave_public_field_definition(self, original_node: Branch, updated_node: Branch) -> Any:
        if any(is_kind(part, "declare", "abstract") for part in original_node.parts):
            return _gone(original_node)
        return _without(updated_node, "readonly", "?", "!")

    def leave_abstract_class_declaration(self, original_node: Branch, updated: Branch) -> Node:
        return _without(updated, "abstract")

    def leave_class_heritage(self, original_node: Branch, updated_node: Branch) -> Node:
        if all(map(is_mark, updated_node.parts)):
            return _taken_off(original_node)
        return updated_node

    # Imports and exports

    def leave_import_statement(self, original_node: Branch, updated_node: Branch) -> Any:
        if any(is_kind(part, "type", "typeof") for part in updated_node.parts):
            return _gone(original_node, _GONE_IMPORT)
        return updated_node

    def leave_export_statement(self, original_node: Branch, updated_node: Branch) -> Any:
        for part in original_node.parts:
            if is_kind(part, "=", "namespace"):
                self._refuse(part, "`export =` has no counterpart in JavaScript: use `export`.")
        if any(is_kind(part, "type", "gone_statement") for part in updated_node.parts):
            return _gone(original_node)
        return updated_node

    def leave_program(self, original_node: Branch, updated_node: Branch) -> Node:
        apart = _with_parts(updated_node, _semicolons_apart(updated_node.parts))
        return _without_first_blank_lines(_without_type_names(original_node, apart))


# Taking off


def _first(node: Node) -> Token:
    return next(node.tokens())


def _starting(node: Node, space: str) -> Node:
    """The node with this space before it."""
    if not isinstance(node, Branch):
        return node.with_changes(space=space)
    at = next(index for index, part in enumerate(node.parts) if next(part.tokens(), None))
    parts = (*node.parts[:at], _starting(node.parts[at], space), *node.parts[at + 1 :])
    return node.with_changes(parts=parts)


def _with_parts(branch: Branch, parts: Iterable[Node]) -> Branch:
    new = tuple(parts)
    same = len(new) == len(branch.parts) and all(map(is_, new, branch.parts))
    return branch if same else branch.with_changes(parts=new)


def _taken_off(node: Node, before: bool = False) -> Token:
    """What stands for a removed part; its comment stays, and before a part, its space."""
    space = _first(node).space
    if before:
        return _BEFORE("", space)
    return TAKEN_OFF("", space if has_comment(space) else "")


def _gone(node: Branch, kind: type[Token] = _GONE) -> Any:
    """What stands for a removed statement; a semicolon that guards the next statement stays."""
    gone = kind("", _first(node).space)
    last = _last(node)
    if last and last.text == ";" and "\n" in last.space:
        return cst.FlattenSentinel([gone, Token(";", last.space)])
    return gone


def _without(branch: Branch, *marks: str) -> Branch:
    """The branch without these keywords and marks."""

    def take(part: Node) -> Node:
        return _taken_off(part, part.kind.isalpha()) if is_kind(part, *marks) else part

    return _with_parts(branch, map(take, branch.parts))


def _hand_on_space(branch: Branch) -> Branch:
    """Let what follows a part that was taken off begin where that part began."""
    parts: list[Node] = []
    joins = False
    for part in branch.parts:
        parts.append(_starting(part, "") if joins else part)
        joins = is_kind(part, "taken_off_before")
        if joins:
            parts[-1] = TAKEN_OFF("", _first(parts[-1]).space)
    return _with_parts(branch, parts)


def _bare(expression: Branch, operand: Node) -> Any:
    """The operand of a cast, in place of the cast."""
    new = _starting(operand.with_changes(role=expression.role), _first(expression).space)
    if isinstance(new, Branch) and is_kind(new, "parenthesized_expression"):
        return _with_parts(new, (*new.parts[:-1], TAKEN_OFF(""), new.parts[-1]))
    return cst.FlattenSentinel([new, TAKEN_OFF("")])


def _held_a_cast(part: Node) -> TypeGuard[Branch]:
    return (
        isinstance(part, Branch)
        and is_kind(part, "parenthesized_expression")
        and any(is_kind(inner, "taken_off") for inner in part.parts)
    )


def _bare_parentheses(outer: Node, inner: Node) -> Any:
    return _starting(inner.with_changes(role=outer.role), _first(outer).space)


def _holds_comments(parentheses: Branch) -> bool:
    return any(has_comment(_first(part).space) for part in parentheses.parts[1:])


def _in_its_lines(outer: Branch, inner: Branch) -> Branch:
    """The parentheses of a condition around what stood in a second pair, on that pair's lines."""
    content = _starting(named(inner)[0], _first(inner).space)
    return _with_parts(outer, [content if part is inner else part for part in outer.parts])


def _without_gone_items(branch: Branch) -> Branch:
    """A list in brackets without the items that are gone, and without their commas."""
    parts: list[Node] = []
    space: str | None = None
    skip_comma = False
    before = [part for part in branch.parts if not is_mark(part)]
    for part in before:
        if is_kind(part, "gone_statement"):
            space = _first(part).space if space is None else space
            skip_comma = True
        elif skip_comma and is_kind(part, ","):
            skip_comma = False
        elif space is not None and not is_kind(part, ")", "}"):
            parts.append(_starting(part, space))
            space = None
        else:
            parts.append(part)
    if len(parts) == len(before):
        return branch
    if skip_comma and is_kind(parts[-2], ","):
        del parts[-2]
    if len(parts) == 2:
        parts[1] = _starting(parts[1], "")
    return _with_parts(branch, (*parts[:-1], TAKEN_OFF(""), parts[-1]))


# Comments that speak to the type checker


def _without_type_directives(token: Token) -> Any:
    if not has_comment(token.space):
        return token
    kept: list[str] = []
    for piece in pieces(token.space):
        piece = _without_type_rules(piece) if is_comment(piece) else piece
        if piece:
            kept.append(piece)
        elif kept and kept[-1].isspace() and "\n" not in kept[-1]:
            kept.pop()
            if kept and kept[-1] in {"\n", "\r\n"}:
                kept.pop()
    space = _BLANK_LINES.sub(r"\1\1", "".join(kept))
    if space == token.space:
        return token
    return cst.FlattenSentinel([token.with_changes(space=space), COMMENT_TAKEN_OFF("")])


def _without_first_blank_lines(program: Branch) -> Branch:
    first = next(program.tokens())
    if not first.space.startswith("\n"):
        return program
    return cast("Branch", _starting(program, first.space.lstrip("\n")))


def _without_type_rules(comment: str) -> str:
    """The comment, without what only matters to TypeScript; empty where that was all."""
    directive = _DIRECTIVE.match(comment)
    if not directive:
        return comment
    if not directive[2].startswith("eslint"):
        return ""
    body = comment[directive.end() :].removesuffix("*/")
    rules, *description = body.split("--", 1)
    names = [name.strip() for name in rules.split(",") if name.strip()]
    kept = [name for name in names if not name.startswith(_TYPE_RULES)]
    if kept == names:
        return comment
    if not kept:
        return ""
    rest = "".join(f" -- {text.strip()}" for text in description)
    end = " */" if comment.endswith("*/") else ""
    return f"{comment[: directive.end()]} {', '.join(kept)}{rest}{end}"


# Names that are only types


def _without_type_names(original: Branch, program: Branch) -> Branch:
    """The module without imports and exports of what is only a type."""
    values = {name for part in program.parts for name in _values(part)}
    used = values | _exported(program)
    types = {name for part in original.parts for name in _declared_types(part)} - values

    def keep(part: Node) -> Node:
        if isinstance(part, Branch) and is_kind(part, "import_statement"):
            return _import_of_values(part, used)
        if isinstance(part, Branch) and is_kind(part, "export_statement"):
            return _export_of_values(part, types)
        return part

    return _with_parts(program, map(keep, program.parts))


def _values(statement: Node) -> Iterator[str]:
    """The names that a statement uses or declares as values, those in export lists left out."""
    if is_kind(statement, "import_statement") or _is_default_name(statement):
        return
    names = ("identifier", "shorthand_property_identifier", "type_identifier")
    pending = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, Branch) and node.kind != "export_clause":
            pending.extend(node.parts)
        if isinstance(node, Token) and is_kind(node, *names):
            yield node.text
        elif node.kind.startswith("jsx_"):
            yield "React"


def _declared_types(statement: Node) -> Iterator[str]:
    """The names of the types that a statement of the original module brings."""
    if not isinstance(statement, Branch):
        return
    if is_kind(statement, "import_statement"):
        whole = any(is_kind(part, "type") for part in statement.parts)
        for node in walk(statement):
            if isinstance(node, Branch) and is_kind(node, "import_specifier"):
                if whole or is_kind(node.parts[0], "type"):
                    yield node.named()[-1].code
            elif whole and is_kind(node, "identifier"):
                yield node.code
        return
    for part in (statement, *statement.parts):
        if isinstance(part, Branch) and is_kind(
            part, "interface_declaration", "type_alias_declaration"
        ):
            yield part.named()[0].code


def _exported(program: Branch) -> set[str]:
    statements = [
        part
        for part in program.parts
        if isinstance(part, Branch) and is_kind(part, "export_statement")
    ]
    specifiers = [
        node
        for statement in statements
        if not statement.part("source")
        for node in walk(statement)
        if isinstance(node, Branch) and is_kind(node, "export_specifier")
    ]
    lists = {named(one)[0].code for one in specifiers if not is_kind(one.parts[0], "type")}
    defaults = {named(one)[-1].code for one in statements if _is_default_name(one)}
    return lists | defaults


def _is_default_name(statement: Node) -> bool:
    """Whether this is `export default` and a name."""
    value = statement.part("value") if isinstance(statement, Branch) else None
    return is_kind(statement, "export_statement") and is_kind(value, "identifier")


def _import_of_values(statement: Branch, values: set[str]) -> Node:
    """An import without the names that are never used as values."""
    clause = next((part for part in statement.parts if is_kind(part, "import_clause")), None)
    if not isinstance(clause, Branch):
        return statement

    def keep(part: Node) -> Node | None:
        if isinstance(part, Branch) and is_kind(part, "named_imports"):
            return _names_of_values(part, "import_specifier", values.__contains__)
        if isinstance(part, Branch) and is_kind(part, "namespace_import"):
            return part if named(part)[0].code in values else None
        return part if part.code in values else None

    names = named(clause)
    kept = [part for part in map(keep, names) if part]
    if not kept:
        return _GONE_IMPORT("", _first(statement).space)
    if len(kept) == len(names) and all(map(is_, kept, names)):
        return statement
    kept[0] = _starting(kept[0], _first(clause).space)
    parts = (*kept[:1], *(part for one in kept[1:] for part in (Token(","), one)), TAKEN_OFF(""))
    new = _with_parts(clause, parts)
    return _with_parts(statement, (new if part is clause else part for part in statement.parts))


def _export_of_values(statement: Branch, types: set[str]) -> Node:
    """An export without the names that are only types."""
    if _is_default_name(statement) and named(statement)[-1].code in types:
        return _GONE("", _first(statement).space)
    here = not statement.part("source")

    def keep(part: Node) -> Node | None:
        if isinstance(part, Branch) and is_kind(part, "export_clause"):
            return _names_of_values(
                part, "export_specifier", lambda name: not here or name not in types
            )
        return part

    kept = [part for part in map(keep, statement.parts) if part]
    if len(kept) < len(statement.parts):
        return _GONE("", _first(statement).space)
    return _with_parts(statement, kept)


def _names_of_values(braces: Branch, kind: str, is_value: Callable[[str], bool]) -> Branch | None:
    """The names in braces without the types, or nothing where all are types."""

    def keep(part: Node) -> Node:
        if not isinstance(part, Branch) or not is_kind(part, kind):
            return part
        local = part.part("alias") if kind == "import_specifier" else None
        name = (local or part.part("name") or part.named()[0]).code
        only_type = is_kind(part.parts[0], "type", "typeof") or not is_value(name)
        return _GONE("", _first(part).space) if only_type else part

    kept = _without_gone_items(_with_parts(braces, map(keep, braces.parts)))
    if kept is braces:
        return braces
    return kept if any(is_kind(part, kind) for part in kept.parts) else None


# Lists of statements


def _close_gaps(block: Branch, semicolons: bool) -> Branch:
    """The statements without the gaps where others are gone, and with the semicolons they need."""
    parts = _semicolons_apart(block.parts)
    if not any(is_kind(part, "gone_statement", "gone_import") for part in parts):
        return _with_parts(block, _with_semicolons(block, parts, semicolons))
    kept: list[Node] = []
    gone: list[Token] = []
    for part in parts:
        if isinstance(part, Token) and is_kind(part, "gone_statement", "gone_import"):
            gone.append(part)
        elif gone and is_kind(part, ";") and not has_comment(part.code) and _ends_gone(part):
            continue
        elif gone:
            at_start = not kept and is_kind(block, "program")
            first = at_start or is_kind(kept[-1], "{", ":")
            space = _closed(gone, part, first, at_start)
            if is_kind(part, ";") and kept and _runs_on(kept[-1]) and not has_comment(space):
                space = "\n" + space.rpartition("\n")[2]
            kept.append(_starting(part, space))
            gone = []
        else:
            kept.append(part)
    return _with_parts(block, _with_semicolons(block, kept, semicolons))


def _ends_gone(semicolon: Node) -> bool:
    return "\n" not in _first(semicolon).space


def _closed(gone: Sequence[Token], kept: Node, first: bool, at_start: bool) -> str:
    """The space before a statement that stays, when the statements before it are gone."""
    gaps = [read_gap(one.space, at_start and one is gone[0]) for one in gone]
    last = read_gap(_first(kept).space)
    lines: list[str] = []
    carried: tuple[str, ...] = ()
    for index, (gap, one) in enumerate(zip(gaps, gone, strict=True)):
        carried = carried if "" not in gap.lines and is_kind(one, "gone_import") else ()
        lines += gap.loose
        carried = carried + gap.attached if is_kind(one, "gone_import") else ()
        if at_start and index == 0 and carried:
            lines += carried
            carried = ()
            last = _next_to_import(last, kept)
    if carried and "" not in last.lines and is_kind(kept, "import_statement"):
        lines += carried
    lines += last.lines
    ends = is_kind(kept, "}", "end_of_file")
    newline = last.newline or gaps[0].newline
    closed = Gap(gaps[0].tail, one_blank_line(lines, first, ends), last.indent, newline)
    if not any((closed.tail, closed.lines)) and is_kind(kept, "}") and first:
        return ""
    return str(closed)[len(newline) :] if at_start else str(closed)


def _next_to_import(gap: Gap, kept: Node) -> Gap:
    """A gap below the comment that opens a file: no blank line before an import."""
    if not is_kind(kept, "import_statement") or gap.lines[:1] != ("",):
        return gap
    return Gap(gap.tail, gap.lines[1:], gap.indent, gap.newline)


# Semicolons


def _semicolons_apart(parts: Sequence[Node]) -> list[Node]:
    """The statements, with each semicolon that opens a line as an item of its own."""
    apart: list[Node] = []
    for part in parts:
        last = _last(part)
        opens = is_kind(part, "empty_statement") or (last and "\n" in last.space)
        if isinstance(part, Branch) and last and last.text == ";" and opens:
            rest = _without_last(part)
            apart += [rest] if rest else []
            apart.append(Token(";", last.space))
        else:
            apart.append(part)
    return apart


def _last(node: Node) -> Token | None:
    last: Node | None = node
    while isinstance(last, Branch):
        last = next((part for part in reversed(last.parts) if not is_mark(part)), None)
    return last if isinstance(last, Token) else None


def _without_last(node: Branch) -> Branch | None:
    *others, last = [part for part in node.parts if not is_mark(part)]
    rest = _without_last(last) if isinstance(last, Branch) else None
    parts = (*others, rest) if rest else tuple(others)
    return node.with_changes(parts=parts) if parts else None


def _ends_in_semicolon(statement: Node) -> bool:
    last = _last(statement)
    return last is not None and last.text == ";" and "\n" not in last.space


def _with_semicolons(block: Branch, parts: Sequence[Node], everywhere: bool) -> Iterator[Node]:
    if is_kind(block, "class_body"):
        return _with_field_semicolons(parts, everywhere)
    return _with_guards(parts)


def _with_guards(parts: Sequence[Node]) -> Iterator[Node]:
    """The statements, where a semicolon opens a line only before a statement that needs it."""
    guard: Token | None = None
    before: Node | None = None
    for part in parts:
        if guard is not None:
            risky = _is_risky(part) or "\n" in _first(part).space
            if risky:
                yield guard
            yield part if risky else _starting(part, guard.space)
            guard, before = None, part
        elif (
            isinstance(part, Token)
            and is_kind(part, ";")
            and ("\n" in part.space or before is None)
        ):
            guard = part
        elif _is_risky(part) and before is not None and _runs_on(before):
            yield Token(";", _first(part).space)
            yield _starting(part, "")
            before = part
        else:
            yield part
            before = part


def _is_risky(statement: Node) -> bool:
    first = next((token for token in statement.tokens() if token.text), None)
    return (
        is_kind(statement, "expression_statement")
        and first is not None
        and first.text.startswith(_FIRST_OF_RISKY_STATEMENT)
        and first.text not in {"++", "--"}
    )


def _runs_on(statement: Node) -> bool:
    """Whether a statement would take in a line below it that begins with a bracket."""
    last = _last(statement)
    if isinstance(statement, Token) or (last and last.text == ";"):
        return False
    inner = statement
    while isinstance(inner, Branch) and is_kind(inner, "export_statement"):
        inner = inner.part("declaration") or inner.parts[-1]
    return inner.kind not in _ENDS_ALONE


def _with_field_semicolons(parts: Sequence[Node], everywhere: bool) -> Iterator[Node]:
    """The members, where a field ends in a semicolon if the next member would be taken in."""
    members = [part for part in parts if not is_kind(part, ";")]
    following = dict(zip(map(id, members), members[1:], strict=False))
    for part in parts:
        if everywhere or not is_kind(part, ";"):
            yield part
        is_field = is_kind(part, "public_field_definition") and not everywhere
        if is_field and _needs_semicolon(part, following[id(part)]):
            yield Token(";")


def _needs_semicolon(field: Node, following: Node) -> bool:
    name = field.part("name") if isinstance(field, Branch) else None
    value = field.part("value") if isinstance(field, Branch) else None
    if name and not value and name.code in {"get", "set", "static"}:
        return isinstance(following, Branch)
    first = next((token.text for token in following.tokens() if token.text), "")
    return first in {"[", "*", "(", "in", "instanceof"}
