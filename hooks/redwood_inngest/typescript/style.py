"""How the file at hand is written: quotes, semicolons, newlines, indentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .bindings import Module
from .nodes import Branch, Node, Token, is_kind

_QUOTES = ("'", '"')
_LISTS = ("object", "array", "named_imports")
_INDENTS = re.compile(r"^([ \t]+)[^\s*]", re.MULTILINE)
_STATEMENTS = (
    "import_statement",
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
    "export_statement",
)


@dataclass(frozen=True)
class Lines:
    """How an app's lines are laid out; the default is Prettier's, and Redwood's own.

    Attributes:
        print_width: The columns that a line may have.
        indent: What one level of indentation adds, in a file that has none to tell.
        tab_width: The columns that a tab counts for.
    """

    print_width: int = 80
    indent: str = "  "
    tab_width: int = 2


PRETTIERS_LINES = Lines()


@dataclass(frozen=True)
class Style:
    """How code is written.

    Attributes:
        quote: The quotation mark of string literals.
        semicolon: What ends a statement: `;` or nothing.
        newline: What ends a line: a line feed, or a carriage return and a line feed.
        indent: What one level of indentation adds.
        padding: What stands inside the braces of a one-line object.
        trailing_comma: Whether the last item of a list of many lines has a comma.
        lines: How the app's lines are laid out.
    """

    quote: str = "'"
    semicolon: str = ""
    newline: str = "\n"
    indent: str = "  "
    padding: str = " "
    trailing_comma: bool = True
    lines: Lines = PRETTIERS_LINES


def style_of(module: Module, source: str, lines: Lines) -> Style:
    """How most of this module is written; its imports decide where it has some.

    Args:
        module: The module.
        source: Its text.
        lines: How the app's lines are laid out, where the module does not tell.
    """
    statements = [part for part in module.program.parts if is_kind(part, *_STATEMENTS)]
    imports = [part for part in statements if is_kind(part, "import_statement")]
    lists = [node for kind in _LISTS for node in module.of_kind(kind)]
    return Style(
        quote=_quote(map(_source_of, imports)) or _quote(module.of_kind("string")) or "'",
        semicolon=";" if _most(_last_text(node) == ";" for node in imports or statements) else "",
        newline="\r\n" if source.count("\r\n") * 2 > source.count("\n") else "\n",
        indent=_indent(source) or lines.indent,
        padding=""
        if _most(_is_tight(node) for node in lists if _is_padded_or_tight(node))
        else " ",
        trailing_comma=_most((_ends_with_comma(node) for node in lists if _is_tall(node)), True),
        lines=lines,
    )


def is_short(text: str, style: Style) -> bool:
    """Whether every line of a text fits."""
    lines = text.split("\n")
    if text.isascii() and "\t" not in text:
        return max(map(len, lines)) <= style.lines.print_width
    return all(columns(line, style) <= style.lines.print_width for line in lines)


def columns(line: str, style: Style) -> int:
    """The columns that a line takes, as Prettier counts them: wide characters take two."""
    tabs = line.count("\t")
    width = len(line) if line.isascii() else _wide_columns(line) + tabs
    return width + tabs * (style.lines.tab_width - 1)


def _wide_columns(line: str) -> int:
    from wcwidth import wcswidth  # slow to import, and seldom needed

    return wcswidth("".join(one for one in line if one >= " "))


def _most(answers: Iterable[bool], tie: bool = False) -> bool:
    given = list(answers)
    yes = sum(given)
    return tie if yes * 2 == len(given) else yes * 2 > len(given)


def _source_of(statement: Node) -> Node:
    return (statement.part("source") if isinstance(statement, Branch) else None) or statement


def _quote(strings: Iterable[Node]) -> str:
    marks = Counter(string.parts[0].text for string in strings if is_kind(string, "string"))
    return max(_QUOTES, key=lambda quote: marks[quote]) if marks else ""


def _last_text(node: Node) -> str:
    while isinstance(node, Branch):
        node = node.parts[-1]
    return node.text if isinstance(node, Token) else ""


def _is_padded_or_tight(node: Node) -> bool:
    return node.kind != "array" and len(node.parts) > 2 and "\n" not in _space_at_end(node)


def _is_tight(node: Node) -> bool:
    return _space_at_end(node) == ""


def _is_tall(node: Node) -> bool:
    return len(node.parts) > 2 and "\n" in _space_at_end(node)


def _space_at_end(node: Node) -> str:
    closing = node.parts[-1]
    return closing.space if isinstance(closing, Token) else ""


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
