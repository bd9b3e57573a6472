"""Add the plugin to a member `extraPlugins`, whatever its value is."""

from __future__ import annotations

from ...typescript.edits import as_item, filled, object_member
from ...typescript.expressions import unwrap
from ...typescript.nodes import Branch, Node, Token, is_kind
from .calls import refusal
from .options import (
    EXTRA_PLUGINS,
    binding_of,
    constant_literals,
    key_of,
    literals,
    outer_expression,
    wrapped_value,
)
from .plan import Plan

# Kinds of expressions that are never an array, whatever the rest of the program does.
NO_ARRAYS = {
    "arrow_function": "a function",
    "class": "a class",
    "function_expression": "a function",
    "number": "a number",
    "object": "an object",
    "regex": "a regular expression",
    "string": "a string",
    "template_string": "a string",
    "true": "`true`",
}
# Kinds of expressions that Prettier puts in parentheses at the left of `||`.
_PARENTHESIZED = {
    "arrow_function",
    "as_expression",
    "assignment_expression",
    "augmented_assignment_expression",
    "await_expression",
    "parenthesized_expression",
    "satisfies_expression",
    "sequence_expression",
    "ternary_expression",
    "yield_expression",
}


def guarded(plan: Plan, choice: str) -> str:
    """The array of the plugins that a choice gives, and ours."""
    return f"[...({choice}), {plan.local}]"


def wire_member(plan: Plan, part: Node) -> None:
    """Add the plugin to a member `extraPlugins`.

    Raises:
        Refusal: Its value is no array.
    """
    if isinstance(part, Token):
        _wire_shorthand(plan, part)
        return
    value = part.part("value") if part.kind == "pair" else None
    if value is None:
        raise refusal(
            plan.module, part, "extraPlugins is a function or an accessor here, not an array."
        )
    inner = unwrap(value)
    if inner.kind in NO_ARRAYS:
        raise refusal(
            plan.module, inner, f"extraPlugins is {NO_ARRAYS[inner.kind]} here, not an array."
        )
    if not plan.has_plugin(inner) and not _append(plan, inner):
        new = _wrapped(plan, value)
        plan.replace(value, new, reindent=True)


def _wire_shorthand(plan: Plan, name: Token) -> None:
    if plan.has_plugin(name) or _append(plan, name):
        return
    new = object_member(f"{EXTRA_PLUGINS}: {guarded(plan, f'{EXTRA_PLUGINS} || []')}")
    plan.replace(name, new, at=new.parts[-1])


def _append(plan: Plan, value: Node) -> bool:
    """Whether a value is an array literal, or a choice of some, that could get the plugin."""
    arrays = literals(plan.module, value, "array") or []
    if isinstance(value, Token) and _is_only_plugins(plan, value):
        arrays = constant_literals(plan.module, value, "array") or []
    if not arrays or not all(map(_can_append, arrays)):
        return False
    for array in arrays:
        if plan.is_first_look(array):
            plan.append_plugin(array)
    return True


def _is_only_plugins(plan: Plan, name: Node) -> bool:
    """Whether a list is used for nothing but as `extraPlugins` of handlers."""
    binding = binding_of(plan.module, name)
    if binding is None or not constant_literals(plan.module, name, "array"):
        return False
    return all(
        is_kind(plan.module.parent(token), "export_specifier") or _is_plugins(plan, token)
        for token in plan.module.references(binding)
    )


def _is_plugins(plan: Plan, token: Token) -> bool:
    member = outer_expression(plan.module, token)
    around = plan.module.parent(member)
    if is_kind(around, "pair"):
        member, around = around or member, plan.module.parent(around or member)
    return (
        around is not None
        and id(around) in plan.done
        and key_of(plan.module, member) == EXTRA_PLUGINS
    )


def _can_append(array: Branch) -> bool:
    """Whether unwiring will be able to tell this array from one that wiring made."""
    with_another = array.with_parts((*array.parts, *array.named()[:1]))
    return len(array.named()) != 1 or wrapped_value(with_another) is None


def _wrapped(plan: Plan, value: Node) -> Node:
    """`[...(value || []), inngestPlugin]`, for a value that is no array literal."""
    code = value.code
    hole = "__value__"
    choice = f"{hole} || []"
    if code == EXTRA_PLUGINS or code.endswith(f"?.{EXTRA_PLUGINS}"):
        choice = f"{hole} ? {hole} : []"
    elif _needs_parentheses(value):
        choice = f"({hole}) || []"
    return filled(plan.expression(guarded(plan, choice)), hole, as_item(value))


def _needs_parentheses(value: Node) -> bool:
    if value.kind == "binary_expression":
        operator = value.part("operator")
        return operator is not None and operator.code in {"&&", "??"}
    return value.kind in _PARENTHESIZED
