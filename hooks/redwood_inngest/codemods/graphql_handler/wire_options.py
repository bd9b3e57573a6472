"""Add the plugin to the options of a handler: find the objects that they are, or extend them."""

from __future__ import annotations

from ...typescript.bindings import Binding
from ...typescript.expressions import branches, unwrap
from ...typescript.nodes import Branch, Node, is_kind
from .calls import refusal
from .extending import extend, hoist
from .merging import merge
from .options import (
    EXTRA_PLUGINS,
    binding_of,
    constant_literals,
    is_only_read,
    key_of,
    literals,
    outer_expression,
)
from .plan import Plan
from .spreads import Members, plugins_of_spreads
from .wire_plugins import NO_ARRAYS, wire_member

_NO_OBJECTS = {"false", "null", "this", "undefined", *NO_ARRAYS} - {"object"}


def wire_options(plan: Plan, node: Node, all_options: set[int]) -> None:
    """Add the plugin to the options that a handler is called with.

    Args:
        plan: The plan of the edits.
        node: The options of one handler.
        all_options: The options of all handlers of the module, by identity.

    Raises:
        Refusal: No edit is certain to be right.
    """
    inner = unwrap(node)
    plan.look(inner)
    if is_kind(inner, "identifier"):
        _wire_named_options(plan, inner, all_options)
    elif is_kind(inner, "ternary_expression") and _has_plain_branches(plan, inner):
        for branch in branches(inner):
            wire_options(plan, branch, all_options)
    elif objects := literals(plan.module, inner, "object"):
        for one in objects:
            _wire_object(plan, one)
    elif inner.kind in _NO_OBJECTS:
        raise refusal(plan.module, inner, "the options of createGraphQLHandler are no object here.")
    elif not plan.has_plugin(inner):
        hoist(plan, node, inner)


def _has_plain_branches(plan: Plan, node: Node) -> bool:
    """Whether each branch of a conditional can be edited where it stands."""
    inner = unwrap(node)
    if is_kind(inner, "ternary_expression"):
        return all(_has_plain_branches(plan, branch) for branch in branches(inner))
    return is_kind(inner, "identifier") or bool(literals(plan.module, inner, "object"))


def _wire_named_options(plan: Plan, name: Node, all_options: set[int]) -> None:
    binding = binding_of(plan.module, name)
    if binding is None or binding.how == "type":
        raise refusal(
            plan.module,
            name,
            f"the options `{name.code}` are not declared in this file: declare them first.",
        )
    objects = constant_literals(plan.module, name, "object")
    if objects and _are_only_options(plan, binding, all_options):
        for one in objects:
            _wire_object(plan, one)
    elif not plan.has_plugin(name):
        extend(plan, name, name)


def _are_only_options(plan: Plan, binding: Binding, all_options: set[int]) -> bool:
    """Whether an object is used for nothing but as options of handlers."""
    module = plan.module
    return all(
        is_only_read(module, token) or id(outer_expression(module, token)) in all_options
        for token in module.references(binding)
    )


def _wire_object(plan: Plan, node: Branch) -> None:
    if not plan.is_first_look(node):
        return
    members = node.named()
    keys = [key_of(plan.module, part) for part in members]
    if keys.count(EXTRA_PLUGINS) > 1:
        pairs = [part for part, key in zip(members, keys, strict=True) if key == EXTRA_PLUGINS]
        merge(plan, node, pairs)
        return
    found = Members.of(plan, members, keys)
    if found.decides is not None:
        wire_member(plan, found.decides)
    elif not found.has_plugin:
        _add_member(plan, node, found)


def _add_member(plan: Plan, node: Branch, found: Members) -> None:
    member, value = plugins_of_spreads(plan, found.unknown)
    if found.maybe:
        plan.edits.insert(node, member, found.maybe)
    else:
        plan.edits.append(node, member)
    plan.touch(node)
    plan.touch(node, value)
