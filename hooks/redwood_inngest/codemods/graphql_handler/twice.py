"""Handlers that have the plugin twice: each of their operations would be sent twice."""

from __future__ import annotations

from ...typescript.bindings import Module
from ...typescript.nodes import Branch, position
from ...typescript.parser import parse
from .calls import is_plugin


def plugin_twice(source: str, suffix: str) -> int | None:
    """The line of a list that has `inngestPlugin` more than once; None where there is none.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.

    Raises:
        Refusal: The text cannot be parsed.
    """
    module = Module(parse(source, suffix))
    for array in module.of_kind("array"):
        if _count(module, array) > 1:
            return position(module.program, array)[0]
    return None


def _count(module: Module, array: Branch) -> int:
    return sum(is_plugin(module, element) for element in array.named())
