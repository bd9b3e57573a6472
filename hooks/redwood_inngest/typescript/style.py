"""The style of code: an app's, by its Prettier options, and a module's, by its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from .bindings import Module
from .nodes import Branch, Node

_QUOTES = ("'", '"')
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
_LISTS = ("object", "array", "named_imports")
_INDENTS = re.compile(r"^([ \t]+)[^\s*]", re.MULTILINE)
_STATEMENTS = {
    "import_statement",
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
    "export_statement",
}


@dataclass(frozen=True)
class CodeStyle:
    """A style of code; the default is Redwood's own style.

    Args:
        semi: Whether statements end in semicolons.
        single_quote: Whether strings are in single quotes.
        indent: One level of indentation: a tab, or spaces.
        trailing_comma: The lists over several lines that end in a comma: none, those that
            ES5 allows (arrays, objects), or all (parameters and arguments too).
        arrow_parens: Whether a lone parameter of an arrow function is in parentheses.
        bracket_spacing: Whether braces on one line have spaces inside.
        quote_props: Which keys are in quotes: those that must be, or all in an object that has
            one that must be; `preserve` leaves them as they are.
        end_of_line: The end of each line.
        tab_width: The columns that a tab counts for, where the indent is one.
        print_width: The columns that a line may have.
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
    print_width: int = 80

    @property
    def quote(self) -> str:
        """The quotation mark of strings."""
        return "'" if self.single_quote else '"'

    @property
    def semicolon(self) -> str:
        """The end of a statement: `;` or nothing."""
        return ";" if self.semi else ""

    @property
    def newline(self) -> str:
        """The end of a line."""
        return _LINE_ENDS[self.end_of_line]

    @property
    def padding(self) -> str:
        """The padding inside the braces of an object on one line: a blank or nothing."""
        return " " if self.bracket_spacing else ""

    @property
    def last_comma(self) -> bool:
        """Whether the last item of a list over several lines has a comma."""
        return self.trailing_comma != "none"


REDWOOD_STYLE = CodeStyle()


def style_of(module: Module, source: str, app: CodeStyle) -> CodeStyle:
    """The style of most of this module; its imports decide where it has some.

    Args:
        module: The module.
        source: Its text.
        app: The style of the app's code, where the module does not tell.
    """
    statements = [part for part in module.program.parts if part.kind in _STATEMENTS]
    imports = [part for part in statements if part.kind == "import_statement"]
    lists = [node for kind in _LISTS for node in module.of_kind(kind)]
    tight = [_is_tight(node) for node in lists if _is_padded_or_tight(node)]
    commas = [_ends_with_comma(node) for node in lists if _is_tall(node)]
    comma = app.trailing_comma if app.last_comma else "es5"
    quote = _quote(map(_source_of, imports)) or _quote(module.strings) or app.quote
    return replace(
        app,
        single_quote=quote == "'",
        semi=_most((_last_text(node) == ";" for node in imports or statements), app.semi),
        end_of_line="crlf" if source.count("\r\n") * 2 > source.count("\n") else "lf",
        indent=_indent(source) or app.indent,
        bracket_spacing=not _most(tight, not app.bracket_spacing),
        trailing_comma=comma if _most(commas, app.last_comma) else "none",
    )


def is_short(text: str, style: CodeStyle) -> bool:
    """Whether every line of a text fits."""
    lines = text.split("\n")
    if text.isascii() and "\t" not in text:
        return max(map(len, lines)) <= style.print_width
    return all(columns(line, style) <= style.print_width for line in lines)


def columns(line: str, style: CodeStyle) -> int:
    """The columns that a line takes, as Prettier counts them: wide characters take two."""
    tabs = line.count("\t")
    width = len(line) if line.isascii() else _wide_columns(line) + tabs
    return width + tabs * (style.tab_width - 1)


def _wide_columns(line: str) -> int:
    from wcwidth import wcswidth  # slow to import, and seldom needed

    return wcswidth("".join(one for one in line if one >= " "))


def _most(answers: Iterable[bool], tie: bool = False) -> bool:
    given = list(answers)
    yes = sum(given)
    return tie if yes * 2 == len(given) else yes * 2 > len(given)


def _source_of(statement: Node) -> Node:
    return (statement.part("source") if isinstance(statement, Branch) else None) or statement


def _quote(nodes: Iterable[Node]) -> str:
    marks = [node.text[0] for node in nodes if node.kind == "string"]
    return max(_QUOTES, key=marks.count) if marks else ""


def _last_text(node: Node) -> str:
    while node.parts:
        node = node.parts[-1]
    return node.text


def _is_padded_or_tight(node: Node) -> bool:
    return node.kind != "array" and len(node.parts) > 2 and "\n" not in _space_at_end(node)


def _is_tight(node: Node) -> bool:
    return _space_at_end(node) == ""


def _is_tall(node: Node) -> bool:
    return len(node.parts) > 2 and "\n" in _space_at_end(node)


def _space_at_end(node: Node) -> str:
    return node.parts[-1].space


def _ends_with_comma(node: Node) -> bool:
    return node.parts[-2].kind == ","


def _indent(source: str) -> str:
    indents = _INDENTS.findall(source)
    if not indents:
        return ""
    tabs = sum(1 for indent in indents if indent[0] == "\t")
    if tabs * 2 > len(indents):
        return "\t"
    widths = [len(indent) for indent in indents if indent[0] == " " and len(indent) > 1]
    return " " * min(widths, default=2)
