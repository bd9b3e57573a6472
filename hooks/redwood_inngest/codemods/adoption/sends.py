"""The places where a module sends events whose names only run time knows."""

from __future__ import annotations

from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.expressions import arguments_of, callee, member, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind, position
from ...typescript.parser import parse
from ..sdk.around import Around, Client
from ..sdk.objects import as_object, value
from ..sdk.uses import Uses

_CLIENT = ("src/inngest/client", "inngest")


def computed_sends(source: str, suffix: str) -> list[int]:
    """The lines in which a module sends an event whose name is not written out.

    Args:
        source: The module.
        suffix: Its suffix; see `parse`.

    Returns:
        The lines of calls of the client's `send`; nothing where the module cannot be parsed.
    """
    if "send" not in source:
        return []
    try:
        module = Module(parse(source, suffix))
    except Refusal:
        return []
    uses = Uses(module, Around({_CLIENT: Client()}))
    return [
        position(module.program, call)[0]
        for call in module.of_kind("call_expression")
        if (function := callee(call))
        and (what := member(function))
        and what[1] == "send"
        and uses.is_client(what[0])
        and not all(map(_is_written, arguments_of(call)[:1]))
    ]


def _is_written(event: Node) -> bool:
    """Whether an event, or each of a list, has its name written out."""
    event = unwrap(event)
    if isinstance(event, Branch) and is_kind(event, "array"):
        return all(map(_is_written, event.named()))
    literal = as_object(event)
    return literal is not None and string_value(value(literal, "name")) is not None
