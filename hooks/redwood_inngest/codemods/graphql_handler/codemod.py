"""Wire `inngestPlugin` into the GraphQL handler's `extraPlugins`, and take it out again."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.module_style import style_of
from ...typescript.nodes import Branch, Node
from ...typescript.parser import parse
from ...typescript.style import REDWOOD_STYLE, CodeStyle
from ..checked import Edited, check, sure, without_collector
from .calls import PASTE, handler_calls, options_of, refusal
from .plan import Plan
from .plugin_import import PluginImports, check_mentions, check_one_name
from .unwire_options import unwire_options
from .wire_options import wire_options

TAKE_OUT = (
    "Take out inngestPlugin: its import, and its entry in extraPlugins of createGraphQLHandler.\n"
)


def decode(data: bytes) -> str:
    """The text of a file.

    Raises:
        Refusal: The file is not UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise Refusal(
            "this file is not UTF-8: save it as UTF-8 first.",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        ) from error


def wire(source: str, suffix: str = ".ts", app: CodeStyle = REDWOOD_STYLE) -> Edited:
    """Add `inngestPlugin` to the `extraPlugins` of every GraphQL handler in a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.
        app: The style of the app's code.

    Raises:
        Refusal: There is no handler, or none of a shape that can be wired for certain.
        Unsure: The result has failed a check.
    """
    with sure(PASTE), without_collector():
        return _edited(_wiring, source, suffix, app)


def unwire(source: str, suffix: str = ".ts", app: CodeStyle = REDWOOD_STYLE) -> Edited:
    """Take `inngestPlugin` out of the `extraPlugins` of every GraphQL handler in a module.

    Args:
        source: The text of the module.
        suffix: The file's suffix, which tells the grammar.
        app: The style of the app's code.

    Raises:
        Refusal: There is no handler, or none of a shape that can be unwired for certain.
        Unsure: The result has failed a check.
    """
    with sure(TAKE_OUT), without_collector():
        return _edited(_unwiring, source, suffix, app)


def _edited(
    planned: Callable[[Module, CodeStyle, str], Plan], source: str, suffix: str, app: CodeStyle
) -> Edited:
    """The result of the edits that are planned for a module, checked."""
    module = Module(parse(source, suffix))
    style = style_of(module, source, app)
    plan = planned(module, style, suffix)
    if not plan.edits:
        return Edited(source, changed=False)
    text = plan.text(join=planned is _unwiring)

    def remaining(result: Module) -> str:
        again = planned(result, style, suffix)
        return "a second run would change it again" if again.edits else ""

    check(plan.edits, text, suffix, remaining)
    return Edited(text, text != source, tuple(plan.notes))


def _wiring(module: Module, style: CodeStyle, suffix: str) -> Plan:
    """The edits that wire a module."""
    calls = handler_calls(module)
    _check_nesting(module, calls)
    imports = PluginImports(module)
    plan = Plan(module, style, suffix)
    plan.local, is_imported = imports.local_name(calls)
    options = [options_of(module, call) for call in calls]
    for each in options:
        plan.finds_plugin = False
        wire_options(plan, each, {id(one) for one in options})
        if not plan.edits and not plan.finds_plugin:
            raise refusal(module, each, "no place for the plugin was found in these options.")
    check_mentions(plan, imports, "wire")
    check_one_name(plan, imports)
    if not is_imported:
        needed_by = _first_edited(plan, options)
        names = imports.add(plan.edits, plan.local, style, suffix, needed_by)
        if names:
            plan.touch(names)
    return plan


def _unwiring(module: Module, style: CodeStyle, suffix: str) -> Plan:
    """The edits that unwire a module."""
    calls = handler_calls(module)
    imports = PluginImports(module)
    plan = Plan(module, style, suffix)
    for call in calls:
        unwire_options(plan, options_of(module, call))
    check_mentions(plan, imports, "unwire")
    imports.remove(plan)
    return plan


def _first_edited(plan: Plan, options: list[Node]) -> Node:
    """The first statement of the module that changes, or that has the options of a handler."""
    edited = filter(plan.edits.is_in, plan.module.program.parts)
    return next(edited, None) or plan.module.statement(options[0])


def _check_nesting(module: Module, calls: list[Branch]) -> None:
    for call in calls:
        if any(other is not call and module.is_inside(call, other) for other in calls):
            raise refusal(
                module,
                call,
                "createGraphQLHandler is called inside another call of it: take them apart.",
            )
