"""The style of a module, by its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .bindings import Module
from .nodes import Node
from .style import CodeStyle

_QUOTES = ("'", '"')
_LISTS = ("object", "array", "named_imports")
_INDENTS = re.compile(r"\n([ \t]+)[^\s*]")
_STATEMENTS = {
    "import_statement",
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
    "export_statement",
}


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
    inner = [node.parts for node in lists if len(node.parts) > 2]
    tall = [parts for parts in inner if "\n" in parts[-1].space]
    flat = [parts for parts in inner if "\n" not in parts[-1].space and parts[0].text == "{"]
    comma = app.trailing_comma if app.last_comma else "es5"
    sources = [part for node in imports for part in node.parts if part.kind == "string"]
    quote = _quote(sources) or _quote(module.strings) or app.quote
    return replace(
        app,
        single_quote=quote == "'",
        semi=_most((_last_text(node) == ";" for node in imports or statements), app.semi),
        end_of_line="crlf" if source.count("\r\n") * 2 > source.count("\n") else "lf",
        indent=_indent(source) or app.indent,
        bracket_spacing=not _most([not parts[-1].space for parts in flat], not app.bracket_spacing),
        trailing_comma=comma
        if _most([parts[-2].text == "," for parts in tall], app.last_comma)
        else "none",
    )


def _most(answers: Iterable[bool], tie: bool = False) -> bool:
    given = list(answers)
    yes = sum(given)
    return tie if yes * 2 == len(given) else yes * 2 > len(given)


def _quote(strings: Iterable[Node]) -> str:
    marks = [string.text[0] for string in strings]
    return max(_QUOTES, key=marks.count) if marks else ""


def _last_text(node: Node) -> str:
    while node.parts:
        node = node.parts[-1]
    return node.text


def _indent(source: str) -> str:
    indents = _INDENTS.findall(f"\n{source}")
    if not indents:
        return ""
    tabs = sum(1 for indent in indents if indent[0] == "\t")
    if tabs * 2 > len(indents):
        return "\t"
    widths = [len(indent) for indent in indents if indent[0] == " " and len(indent) > 1]
    return " " * min(widths, default=2)
