"""How the file at hand is written: quotes, semicolons, newlines, indentation."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .nodes import Branch, Token, is_kind

# What Prettier allows a line by default; Redwood's own configuration leaves it at that.
PRINT_WIDTH = 80

_INDENTS = re.compile(r"^([ \t]+)\S", re.MULTILINE)


@dataclass(frozen=True)
class Style:
    """How code is written.

    Attributes:
        quote: The quotation mark of string literals.
        semicolon: What ends a statement: `;` or nothing.
        newline: What ends a line: a line feed, or a carriage return and a line feed.
        indent: What one level of indentation adds.
    """

    quote: str = "'"
    semicolon: str = ""
    newline: str = "\n"
    indent: str = "  "


def style_of(program: Branch) -> Style:
    """How most of this module is written; its imports decide where it has some."""
    imports = [part for part in program.parts if is_kind(part, "import_statement")]
    statements = [part for part in program.parts if is_kind(part, *_ENDED_BY_SEMICOLON)]
    source = program.source
    quotes = Counter(
        token.text for node in imports for token in node.tokens() if token.text in _QUOTES
    )
    if not quotes:
        quotes = Counter(character for character in source if character in _QUOTES)
    ends = Counter(_last_text(node) == ";" for node in imports or statements)
    return Style(
        quote=max(_QUOTES, key=lambda quote: quotes[quote]),
        semicolon=";" if ends[True] > ends[False] else "",
        newline="\r\n" if source.count("\r\n") * 2 > source.count("\n") else "\n",
        indent=_indent(source),
    )


_QUOTES = ("'", '"')
_ENDED_BY_SEMICOLON = (
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
    "export_statement",
)


def _last_text(node: object) -> str:
    last = ""
    while isinstance(node, Branch):
        node = node.parts[-1]
    if isinstance(node, Token):
        last = node.text
    return last


def _indent(source: str) -> str:
    indents = _INDENTS.findall(source)
    if not indents:
        return "  "
    tabs = sum(1 for indent in indents if indent[0] == "\t")
    if tabs * 2 > len(indents):
        return "\t"
    return " " * min(2 if width == 1 else width for width in map(len, indents))
