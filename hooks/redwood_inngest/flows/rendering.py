"""The template's code as the app would have it: the filters of Copier's renderings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..app.code_style import style_in
from ..typescript.expressions import string_value
from ..typescript.house_style import restyle
from ..typescript.nodes import Node
from ..typescript.parser import parse


def app_code(source: str, language: str, module: str, code_style: Mapping[str, Any]) -> str:
    """Adapt a rendered module to the app.

    Args:
        source: The module, as a CommonJS app in Redwood's own style has it.
        language: Its language: `ts` or `js`.
        module: The api side's module format: `cjs` or `esm`. In ECMAScript modules an import of
            a file names the file, with its suffix.
        code_style: The answer of that name; fields that are missing are Redwood's own.

    Returns:
        The module as it lands in the app.
    """
    if module == "esm":
        source = _with_file_suffixes(source)
    return restyle(source, style_in({"code_style": code_style}), f".{language}")


def app_graphql(source: str, code_style: Mapping[str, Any]) -> str:
    """Adapt rendered GraphQL to the app: of its style, only indents and line ends are in it.

    Args:
        source: GraphQL, indented by two spaces.
        code_style: See `app_code`.
    """
    style = style_in({"code_style": code_style})
    levels = re.compile(r"^(?:  )+", re.MULTILINE)
    indented = levels.sub(lambda match: style.indent * (len(match[0]) // 2), source)
    return indented.replace("\n", style.newline)


def _with_file_suffixes(source: str) -> str:
    """A module that says `.js` where it imports another one of the app's own."""
    return "".join(_with_suffix(statement).source for statement in parse(source).parts)


def _with_suffix(statement: Node) -> Node:
    source = statement.part("source")
    module = string_value(source) or ""
    if source is None or not module.startswith(("./", "../", "src/")):
        return statement
    if module.endswith((".js", ".json")):
        return statement
    named = source.with_changes(text=f"{source.text[:-1]}.js{source.text[-1]}")
    return statement.with_changes(
        parts=tuple(named if part is source else part for part in statement.parts)
    )
