"""The template's TypeScript as the app would have it: what Copier's renderings go through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import libcst as cst

from ..typescript.house_style import HouseStyle, restyle
from ..typescript.javascript import to_javascript
from ..typescript.literals import string_list
from ..typescript.nodes import Branch, Token, is_kind
from ..typescript.parser import parse


def app_code(
    source: str, language: str, module: str, code_style: Mapping[str, Any], print_width: int
) -> str:
    """Adapt a rendered module to the app.

    Args:
        source: The module, as a TypeScript CommonJS app in Redwood's own style has it.
        language: What the app is written in: `ts` or `js`.
        module: What the api side is built as: `cjs` or `esm`. In ECMAScript modules an import of
            a file names the file, with its suffix.
        code_style: The fields of `HouseStyle`; those that are missing are Redwood's own.
        print_width: Columns that a line may have.

    Returns:
        The module as it lands in the app.
    """
    if module == "esm":
        source = _with_file_suffixes(source)
    style = HouseStyle(**code_style)
    if language == "ts":  # written so that its lines break at the same places at any width
        return restyle(source, style)
    return restyle(to_javascript(source), style, ".js", print_width)


def quoted_list(
    items: list[str], key: str, depth: int, code_style: Mapping[str, Any], print_width: int
) -> str:
    """An array of strings as the value of a property, as wide as the app's own lines.

    Args:
        items: Any texts.
        key: What stands before it: `types: `.
        depth: Levels of indentation of the property.
        code_style: See `app_code`.
        print_width: Columns that a line may have.

    Returns:
        The array in Redwood's own style, indented but for its first line.
    """
    style = HouseStyle(**code_style)
    indent = style.indent.expandtabs(style.tab_width)
    room = print_width - len(indent) * depth - len(key)
    return string_list(items, room).replace("\n", "\n" + "  " * depth)


def _with_file_suffixes(source: str) -> str:
    program = parse(source).visit(_FileSuffixes())
    assert isinstance(program, Branch)  # noqa: S101 - the visitor replaces only tokens
    return program.source


class _FileSuffixes(cst.CSTTransformer):
    """Adds `.js` where a module of the app's own is imported."""

    def leave_import_statement(self, original_node: Branch, updated_node: Branch) -> Branch:
        return _with_suffix(updated_node)

    def leave_export_statement(self, original_node: Branch, updated_node: Branch) -> Branch:
        return _with_suffix(updated_node)


def _with_suffix(statement: Branch) -> Branch:
    source = statement.part("source")
    if not isinstance(source, Branch):
        return statement
    text = next((part for part in source.parts if is_kind(part, "string_fragment")), None)
    if not isinstance(text, Token) or not text.text.startswith(("./", "../", "src/")):
        return statement
    if text.text.endswith((".js", ".json")):
        return statement
    named = source.deep_replace(text, text.with_changes(text=f"{text.text}.js"))
    assert isinstance(named, Branch)  # noqa: S101 - the root stays
    return statement.with_changes(
        parts=tuple(named if part is source else part for part in statement.parts)
    )
