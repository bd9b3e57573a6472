"""Source text in Redwood's Prettier style, given in the style of another Prettier configuration.

Tokens are swapped: quotes, semicolons, commas before a closing bracket, parentheses around a lone
parameter, spaces inside braces, the indent of a line, the end of a line. Where a width is given,
lines are broken and joined for it too. What each option does is described in Prettier's
documentation (https://prettier.io/docs/options); the tests hold the result against Prettier itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from .gaps import has_comment, is_comment, pieces
from .line_breaks import Layout, reflow
from .nodes import Branch, Node, Token, is_kind
from .parser import parse

_SOURCE_INDENT = 2
_STATEMENTS = {
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
    "return_statement",
    "throw_statement",
    "break_statement",
    "continue_statement",
    "debugger_statement",
    "import_statement",
    "type_alias_declaration",
    "do_statement",
    "function_signature",
    "import_alias",
}
_CLASS_MEMBERS = {
    "public_field_definition",
    "method_signature",
    "abstract_method_signature",
    "index_signature",
}
_WITHOUT_SEMICOLON = {"class", "function_expression", "generator_function", "function_declaration"}
_BRACES = {
    "object",
    "object_pattern",
    "object_type",
    "named_imports",
    "export_clause",
}
_LISTS = _BRACES - {"object_type"} | {
    "array",
    "array_pattern",
    "tuple_type",
    "enum_body",
    "type_parameters",
}
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_QUOTED = re.compile(r"\\(.)|([\"'])", re.DOTALL)


@dataclass(frozen=True)
class HouseStyle:
    """How an app's code is written; the default is Redwood's own style.

    Args:
        semi: Whether statements end in semicolons.
        single_quote: Whether strings are in single quotes.
        indent: One level of indentation: a tab, or spaces.
        trailing_comma: Where a list over several lines ends in a comma: in no list, in those that
            ES5 allows (arrays, objects), or in all (parameters and arguments too).
        arrow_parens: Whether a lone parameter of an arrow function is in parentheses.
        bracket_spacing: Whether braces on one line have spaces inside.
        quote_props: Which keys are in quotes: those that must be, or all in an object that has
            one that must be; `preserve` leaves them as they are.
        end_of_line: How lines end.
        tab_width: How many columns a tab counts for, where the indent is one.
    """

    semi: bool = False
    single_quote: bool = True
    indent: str = "  "
    trailing_comma: Literal["none", "es5", "all"] = "es5"
    arrow_parens: Literal["always", "avoid"] = "always"
    bracket_spacing: bool = True
    quote_props: Literal["as-needed", "consistent", "preserve"] = "as-needed"
    end_of_line: Literal["lf", "crlf", "cr"] = "lf"
    tab_width: int = 2


REDWOOD_STYLE = HouseStyle()
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


def restyle(
    source: str, style: HouseStyle, suffix: str = ".ts", print_width: int | None = None
) -> str:
    """Give a source text another style.

    Args:
        source: A module in Redwood's style.
        style: The style to give it.
        suffix: The file's suffix; see `parse`.
        print_width: How long a line may be. Without it every line is left to break where it does.

    Returns:
        What Prettier makes of the source with the options of this style. Lines are laid out anew
        for the layouts that our own sources have; the tests say that they come out right.

    Raises:
        Refusal: The source has a syntax error. (In Redwood's own style it is not even read.)
    """
    if style == REDWOOD_STYLE and print_width is None:
        return source
    tokens = _Tokens(parse(source, suffix))
    for rule in _rules(style):
        for node in tokens.branches:
            rule(tokens, node)
    if print_width is not None:
        text = reflow(tokens.print(" " * _SOURCE_INDENT), _layout(style, print_width), suffix)
        tokens = _Tokens(parse(text, suffix))
    text = tokens.print(style.indent)
    return text.replace("\n", _LINE_ENDS[style.end_of_line])


def _layout(style: HouseStyle, print_width: int) -> Layout:
    indent_width = style.tab_width if style.indent == "\t" else len(style.indent)
    return Layout(print_width, indent_width, style.bracket_spacing, style.trailing_comma)


class _Tokens:
    """The tokens of a tree, text and space of each free to change."""

    def __init__(self, tree: Branch) -> None:
        self.branches: list[Branch] = []
        self.parents: dict[int, Branch] = {}
        self.texts: list[str] = []
        self.spaces: list[str] = []
        self._kinds: list[str] = []
        self._spans: dict[int, tuple[int, int]] = {}
        self._read(tree)

    def _read(self, tree: Branch) -> None:
        stack: list[tuple[Node, int | None]] = [(tree, None)]
        while stack:
            node, start = stack.pop()
            if start is not None:
                self._spans[id(node)] = (start, len(self.texts))
            elif isinstance(node, Branch):
                self.branches.append(node)
                stack.append((node, len(self.texts)))
                for part in reversed(node.parts):
                    self.parents[id(part)] = node
                    stack.append((part, None))
            elif isinstance(node, Token):
                self._spans[id(node)] = (len(self.texts), len(self.texts) + 1)
                self.texts.append(node.text)
                self.spaces.append(node.space)
                self._kinds.append(node.kind)

    def parent(self, node: Node) -> Branch | None:
        """The node that this one is part of."""
        return self.parents.get(id(node))

    def first(self, node: Node) -> int:
        """The place of a node's first token."""
        return self._spans[id(node)][0]

    def last(self, node: Node) -> int:
        """The place of a node's last token that has a text."""
        last = self._spans[id(node)][1] - 1
        while last > 0 and not self.texts[last]:
            last -= 1
        return last

    def breaks(self, at: int) -> bool:
        """Whether a token begins a line."""
        return "\n" in self.spaces[at]

    def print(self, indent: str) -> str:
        """The text, its lines indented anew."""
        parts: list[str] = []
        for space, text, kind in zip(self.spaces, self.texts, self._kinds, strict=True):
            parts.append(_indented(space, indent) if space else "")
            parts.append(_indented_text(text, indent) if kind == "jsx_text" else text)
        return "".join(parts)


_Rule = Callable[[_Tokens, Branch], None]


def _rules(style: HouseStyle) -> Iterator[_Rule]:
    """What has to change from Redwood's style to this one."""
    if style.quote_props == "consistent":
        yield _quote_keys_single if style.single_quote else _quote_keys_double
    if not style.single_quote:
        yield _quote_double
    if style.trailing_comma == "none":
        yield _drop_comma
    if style.trailing_comma == "all":
        yield _add_comma
    if style.arrow_parens == "avoid":
        yield _drop_parentheses
    if not style.bracket_spacing:
        yield _drop_spaces
    if style.semi:
        yield _drop_guard
        yield _add_semicolon


# Semicolons


def _drop_guard(tokens: _Tokens, node: Branch) -> None:
    """Drop a semicolon that opens a line; the statement before gets one of its own."""
    for part in node.parts:
        if not is_kind(part, ";"):
            continue
        at = tokens.first(part)
        lonely = is_kind(node, "empty_statement") and not is_kind(
            tokens.parent(node), "for_statement"
        )
        following = at + 1
        if (lonely or tokens.breaks(at)) and not tokens.spaces[following]:
            tokens.spaces[following] = tokens.spaces[at]
            tokens.spaces[at] = tokens.texts[at] = ""


def _add_semicolon(tokens: _Tokens, node: Branch) -> None:
    if is_kind(node, "interface_body", "object_type"):
        if tokens.breaks(tokens.first(node) + 1):
            for part in node.named():
                _end_in_semicolon(tokens, part)
    elif _takes_semicolon(node, tokens.parent(node)):
        _end_in_semicolon(tokens, node)


def _takes_semicolon(node: Branch, parent: Branch | None) -> bool:
    if is_kind(node, "export_statement"):
        if node.part("declaration"):
            return False
        return not is_kind(node.part("value"), *_WITHOUT_SEMICOLON)
    if is_kind(parent, "class_body"):
        return node.kind in _CLASS_MEMBERS
    if is_kind(node, "module"):
        return is_kind(parent, "ambient_declaration") and not node.part("body")
    return node.kind in _STATEMENTS and not is_kind(node.parts[0], "internal_module")


def _end_in_semicolon(tokens: _Tokens, node: Node) -> None:
    last = tokens.last(node)
    following = last + 1
    while following < len(tokens.texts) and not tokens.texts[following]:
        following += 1
    ended = following < len(tokens.texts) and tokens.texts[following] in {";", ","}
    if not tokens.texts[last].endswith(";") and not ended:
        tokens.texts[last] += ";"


# Quotes


def _quote_double(tokens: _Tokens, node: Branch) -> None:
    if not is_kind(node, "string") or is_kind(tokens.parent(node), "jsx_attribute"):
        return
    opening, closing = tokens.first(node), tokens.last(node)
    content = "".join(tokens.texts[opening + 1 : closing])
    if _is_directive(tokens, node) and ('"' in content or "'" in content):
        return
    quote = "'" if content.count('"') > content.count("'") else '"'

    def swap(match: re.Match[str]) -> str:
        if match[2]:
            return f"\\{quote}" if match[2] == quote else str(match[2])
        return str(match[1]) if match[1] in "\"'" and match[1] != quote else str(match[0])

    tokens.texts[opening] = quote + _QUOTED.sub(swap, content) + quote
    for at in range(opening + 1, closing + 1):
        tokens.texts[at] = ""


def _is_directive(tokens: _Tokens, node: Branch) -> bool:
    statement = tokens.parent(node)
    block = tokens.parent(statement) if statement else None
    return is_kind(statement, "expression_statement") and is_kind(
        block, "program", "statement_block"
    )


def _quote_keys_single(tokens: _Tokens, node: Branch) -> None:
    _quote_keys(tokens, node, "'")


def _quote_keys_double(tokens: _Tokens, node: Branch) -> None:
    _quote_keys(tokens, node, '"')


def _quote_keys(tokens: _Tokens, node: Branch, quote: str) -> None:
    """Put all keys in quotes, where one of them must be."""
    if not is_kind(node, "object", "object_pattern", "object_type", "interface_body", "class_body"):
        return
    in_type = is_kind(node, "object_type", "interface_body")
    members = [part for part in node.named() if not in_type or is_kind(part, "property_signature")]
    keys = [key for member in members if (key := _key(member))]
    if any(is_kind(key, "string") and not _NAME.fullmatch(key.code[1:-1]) for key in keys):
        for key in keys:
            if is_kind(key, "property_identifier"):
                at = tokens.first(key)
                tokens.texts[at] = f"{quote}{tokens.texts[at]}{quote}"


def _key(part: Node) -> Node | None:
    if not isinstance(part, Branch):
        return None
    return part.part("key") or part.part("name")


# Commas


def _drop_comma(tokens: _Tokens, node: Branch) -> None:
    if node.kind in _LISTS:
        comma = tokens.last(node) - 1
        if tokens.texts[comma] == "," and tokens.texts[comma - 1] not in {",", "["}:
            tokens.texts[comma] = ""


def _add_comma(tokens: _Tokens, node: Branch) -> None:
    """Add the comma that a list of parameters or arguments gets, when it ends on its own line."""
    if not is_kind(node, "arguments", "formal_parameters"):
        return
    items = node.named()
    closing = tokens.last(node)
    if not items or not tokens.breaks(closing) or _takes_no_more(tokens, node, items[-1]):
        return
    last = closing - 1
    while not tokens.texts[last]:
        last -= 1
    if tokens.texts[last] != ",":
        tokens.texts[last] += ","


def _takes_no_more(tokens: _Tokens, node: Branch, last: Node) -> bool:
    """Whether nothing can follow the last item: a rest parameter, the path of an `import()`."""
    if is_kind(node, "arguments"):
        call = tokens.parent(node)
        return call is not None and is_kind(call.part("function"), "import")
    return isinstance(last, Branch) and is_kind(last.part("pattern"), "rest_pattern")


# Parentheses and spaces


def _drop_parentheses(tokens: _Tokens, node: Branch) -> None:
    if not is_kind(node, "arrow_function") or node.part("return_type"):
        return
    parameters = node.part("parameters")
    if node.part("type_parameters") or not isinstance(parameters, Branch):
        return
    start, end = tokens.first(parameters), tokens.last(parameters)
    items = parameters.named()
    lone = items[0] if len(items) == 1 and end - start == 2 else None
    has_comments = any(has_comment(tokens.spaces[at]) for at in (start + 1, end))
    is_name = isinstance(lone, Branch) and [part.kind for part in lone.parts] == ["identifier"]
    if is_name and not has_comments:
        tokens.texts[start] = tokens.texts[end] = ""


def _drop_spaces(tokens: _Tokens, node: Branch) -> None:
    if node.kind in _BRACES:
        for at in (tokens.first(node) + 1, tokens.last(node)):
            if tokens.spaces[at] == " ":
                tokens.spaces[at] = ""


# Indentation


def _indented(space: str, indent: str) -> str:
    parts = pieces(space)
    starts_line = False
    for at, piece in enumerate(parts):
        if piece == "\n":
            starts_line = True
        elif is_comment(piece):
            parts[at] = _indented_comment(piece, indent)
            starts_line = False
        elif starts_line:
            parts[at] = _indented_line(piece, indent)
            starts_line = False
    return "".join(parts)


def _indented_line(line: str, indent: str) -> str:
    depth = len(line) - len(line.lstrip(" "))
    levels, rest = divmod(depth, _SOURCE_INDENT)
    return indent * levels + " " * rest + line[depth:]


def _indented_comment(comment: str, indent: str) -> str:
    """A comment indented anew, if it is one whose lines all begin with a star."""
    first, *others = comment.split("\n")
    if not all(line.lstrip().startswith("*") for line in others):
        return comment
    return "\n".join((first, *(_indented_line(line, indent) for line in others)))


def _indented_text(text: str, indent: str) -> str:
    first, *others = text.split("\n")
    return "\n".join((first, *(_indented_line(line, indent) for line in others)))
