"""Source text in Redwood's Prettier style, given in the style of another Prettier configuration.

Tokens are swapped: quotes, semicolons, commas before a closing bracket, parentheses around a lone
parameter, spaces inside braces, the indent of a line, the end of a line. Every line breaks where it
did. What each option does is described in Prettier's documentation
(https://prettier.io/docs/options); the tests compare the result with Prettier itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import libcst as cst

from .nodes import Branch, Node, Token, is_kind
from .parser import parse
from .style import REDWOOD_STYLE, CodeStyle

_SOURCE_INDENT = 2
_STATEMENTS = {
    "break_statement",
    "continue_statement",
    "do_statement",
    "expression_statement",
    "function_signature",
    "import_statement",
    "lexical_declaration",
    "return_statement",
    "throw_statement",
    "type_alias_declaration",
    "variable_declaration",
}
_CLASS_MEMBERS = {"abstract_method_signature", "method_signature", "public_field_definition"}
_DECLARATIONS = {"class", "function_expression", "generator_function"}
_TYPE_BODIES = {"interface_body", "object_type"}
_BRACES = {"export_clause", "named_imports", "object", "object_pattern", "object_type"}
_WITH_KEYS = {"interface_body", "object", "object_pattern", "object_type"}
_ES5_LISTS = {
    "array",
    "array_pattern",
    "export_clause",
    "named_imports",
    "object",
    "object_pattern",
    "tuple_type",
    "type_parameters",
}
# The roles of a member's key.
_KEYS = {
    "method_definition": "name",
    "pair": "key",
    "pair_pattern": "key",
    "property_signature": "name",
}
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_ESCAPE_OR_QUOTE = re.compile(r"\\(.)|([\"'])", re.DOTALL)
_LINE_START = re.compile(r"\n( *)")


def restyle(source: str, style: CodeStyle, suffix: str = ".ts") -> str:
    """Give a source text another style.

    Args:
        source: A module in Redwood's style, whose lines break alike at any width, and none of
            which starts with a semicolon.
        style: The style to give it.
        suffix: The file's suffix; see `parse`.

    Returns:
        What Prettier makes of the source with the options of this style.

    Raises:
        Refusal: The source has a syntax error. (In Redwood's own style it is not even read.)
    """
    if replace(style, print_width=REDWOOD_STYLE.print_width) == REDWOOD_STYLE:
        return source
    restyled = parse(source, suffix).visit(_Restyler(list(_rules(style))))
    assert isinstance(restyled, Branch)  # noqa: S101 - no rule changes the kind of a node
    text = "".join(_indented(token.space, style.indent) + token.text for token in restyled.tokens())
    return text.replace("\n", style.newline)


def _indented(space: str, indent: str) -> str:
    """The whitespace and comments before a token, each line indented anew."""

    def line_start(match: re.Match[str]) -> str:
        levels, rest = divmod(len(match[1]), _SOURCE_INDENT)
        return "\n" + indent * levels + " " * rest

    # A blank line has no indent.
    return _LINE_START.sub(line_start, space) if "\n" in space else space


_Rule = Callable[[Branch], Branch]


class _Restyler(cst.CSTTransformer):
    """Applies rules to each node, those inside it first."""

    def __init__(self, rules: list[_Rule]) -> None:
        super().__init__()
        self._rules = rules

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        node: cst.CSTNode = updated_node
        if isinstance(node, Branch):
            for rule in self._rules:
                node = rule(node)
        return node  # type: ignore[return-value]  # LibCST has the same type in and out


def _rules(style: CodeStyle) -> Iterator[_Rule]:
    """The rules that change Redwood's style to this one."""
    quote = style.quote
    if style.quote_props == "consistent":
        yield lambda node: _with_quoted_keys(node, quote)
    if not style.single_quote:
        yield _with_double_quotes
    if style.trailing_comma == "none":
        yield _without_last_comma
    if style.trailing_comma == "all":
        yield _with_last_comma
    if style.arrow_parens == "avoid":
        yield _without_parentheses
    if not style.bracket_spacing:
        yield _without_spaces
    if style.semi:
        yield _with_semicolons


# Semicolons


def _with_semicolons(node: Branch) -> Branch:
    """Members of types over several lines, statements and class members end in a semicolon."""
    if node.kind in _TYPE_BODIES and _starts_line(node.parts[1]):
        members = (_ended(part) if isinstance(part, Branch) else part for part in node.parts)
        return node.with_parts(tuple(members))
    if is_kind(node, "class_body"):
        return node.with_parts(tuple(_with_ended_members(node.parts)))
    is_ended = node.kind in _STATEMENTS or _is_export_without_declaration(node)
    return _ended(node) if is_ended else node


def _with_ended_members(parts: tuple[Node, ...]) -> Iterator[Node]:
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        if isinstance(part, Branch) and part.kind in _CLASS_MEMBERS and not is_kind(following, ";"):
            yield _ended(part)
        else:
            yield part


def _is_export_without_declaration(node: Branch) -> bool:
    return is_kind(node, "export_statement") and not (
        node.part("declaration") or is_kind(node.part("value"), *_DECLARATIONS)
    )


def _ended(node: Branch) -> Branch:
    return node if node.parts[-1].text == ";" else node.with_parts((*node.parts, Token(";")))


# Quotes


def _with_double_quotes(node: Branch) -> Branch:
    if not any(is_kind(part, "string") for part in node.parts):
        return node
    return node.with_parts(tuple(map(_in_double_quotes, node.parts)))


def _in_double_quotes(node: Node) -> Node:
    if not is_kind(node, "string") or type(node) is Token:
        return node
    content = node.text[1:-1]
    quote = "'" if content.count('"') > content.count("'") else '"'

    def swap(match: re.Match[str]) -> str:
        if match[2]:
            return f"\\{quote}" if match[2] == quote else str(match[2])
        return str(match[1]) if match[1] in "\"'" and match[1] != quote else str(match[0])

    literal = quote + _ESCAPE_OR_QUOTE.sub(swap, content) + quote
    return node.with_changes(text=literal)


def _with_quoted_keys(node: Branch, quote: str) -> Branch:
    """Put all keys in quotes, where one of them must be."""
    if node.kind not in _WITH_KEYS:
        return node
    keys = [key for part in node.parts if (key := _key(part))]
    if not any(is_kind(key, "string") and not _NAME.fullmatch(key.code[1:-1]) for key in keys):
        return node
    plain = [key for key in keys if is_kind(key, "property_identifier")]
    for key in plain:
        node = _replaced(node, key, Token(f"{quote}{key.text}{quote}", key.space))
    return node


def _key(member: Node) -> Node | None:
    role = _KEYS.get(member.kind)
    return member.part(role) if role and isinstance(member, Branch) else None


# Commas


def _without_last_comma(node: Branch) -> Branch:
    if node.kind not in _ES5_LISTS or node.parts[-2].text != ",":
        return node
    *items, comma, closing = node.parts
    return node.with_parts((*items, Token("", comma.space), closing))


def _with_last_comma(node: Branch) -> Branch:
    """Add the comma that a list of parameters or arguments gets, when it ends on its own line."""
    if not is_kind(node, "arguments", "formal_parameters") or not node.named():
        return node
    *items, closing = node.parts
    if not _starts_line(closing) or _is_rest(items[-1]):
        return node
    return node.with_parts((*items, Token(","), closing))


def _is_rest(parameter: Node) -> bool:
    return isinstance(parameter, Branch) and is_kind(parameter.part("pattern"), "rest_pattern")


# Parentheses and spaces


def _without_parentheses(node: Branch) -> Branch:
    parameters = node.part("parameters")
    if not is_kind(node, "arrow_function") or not isinstance(parameters, Branch):
        return node
    if node.part("return_type") or node.part("type_parameters") or len(parameters.parts) != 3:
        return node
    name = next(parameters.parts[1].tokens())
    if parameters.parts[1].code != name.text or name.space:
        return node
    alone = Token(name.text, _first(parameters).space, parameters.role)
    return _replaced(node, parameters, alone)


def _without_spaces(node: Branch) -> Branch:
    if node.kind not in _BRACES:
        return node
    for token in (_first(node.parts[1]), _first(node.parts[-1])):
        if token.space == " ":
            node = _replaced(node, token, token.with_space(""))
    return node


# Nodes


def _first(node: Node) -> Token:
    return next(node.tokens())


def _starts_line(node: Node) -> bool:
    return "\n" in _first(node).space


def _replaced(node: Branch, old: Node, new: Node) -> Branch:
    replaced = node.deep_replace(old, new)
    assert isinstance(replaced, Branch)  # noqa: S101 - a part is replaced
    return replaced
