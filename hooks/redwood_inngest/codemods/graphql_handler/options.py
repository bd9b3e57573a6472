"""The shape of a GraphQL handler's options, as far as both wiring and unwiring need it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ...typescript.bindings import Binding, Module
from ...typescript.expressions import (
    arguments_of,
    is_call_of,
    is_reassigned,
    member,
    string_value,
    unwrap,
)
from ...typescript.nodes import Branch, Node, Token, is_kind, walk

EXTRA_PLUGINS = "extraPlugins"

_MUTATING_PARENTS = (
    "assignment_expression",
    "augmented_assignment_expression",
    "update_expression",
)


def key_of(module: Module, part: Node) -> str | None:
    """The name of an object's member; None where only running the code would tell."""
    if not part.parts:
        return part.text
    key = part.part("key") or part.part("name")
    if key is None:
        return None
    if key.kind == "computed_property_name":
        return _constant_string(module, key.parts[1])
    return string_value(key) if key.kind == "string" else key.code


def _constant_string(module: Module, node: Node) -> str | None:
    node = unwrap(node)
    if is_kind(node, "number"):
        return node.code
    if is_kind(node, "identifier"):
        value = constant(module, node)
        return string_value(unwrap(value)) if value else None
    return string_value(node)


def constant(module: Module, name: Node) -> Node | None:
    """The value that a name has for good, where this module says it."""
    binding = module.lookup(name.code, name)
    if binding is None or binding.declaration.part("name") is not binding.name:
        return None
    if binding.declaration.kind != "variable_declarator" or is_reassigned(module, binding):
        return None
    return binding.declaration.part("value")


def literals(module: Module, node: Node, kind: str) -> list[Branch] | None:
    """The literals that an expression is one of: itself, frozen, or a conditional's branches.

    None where it may be something else.
    """
    node = unwrap(node)
    if node.kind == kind:
        return [cast("Branch", node)]
    if is_call_of(module, node, "Object", "freeze") and len(arguments_of(node)) == 1:
        return literals(module, arguments_of(node)[0], kind)
    if node.kind == "ternary_expression":
        branches = [node.part("consequence"), node.part("alternative")]
        found = [literals(module, branch, kind) for branch in branches if branch]
        return [one for ones in found if ones for one in ones] if all(found) else None
    return None


def constant_literals(module: Module, name: Node, kind: str) -> list[Branch] | None:
    """The literals that a constant is one of."""
    value = constant(module, name)
    return literals(module, value, kind) if value else None


def outer_expression(module: Module, node: Node) -> Node:
    """The expression that only passes this one on: `(node as T)!`, a conditional's branch."""
    around = module.parent(node)
    while around is not None and (
        unwrap(around) is unwrap(node)
        or (around.kind == "ternary_expression" and node.role in {"consequence", "alternative"})
    ):
        node, around = around, module.parent(around)
    return node


def is_only_read(module: Module, token: Token) -> bool:
    """Whether a mention of an object only exports it or reads one of its members."""
    around = module.parent(token)
    if is_kind(around, "export_specifier"):
        return True
    found = member(around) if around else None
    if around is None or found is None or found[0] is not token or found[1] == EXTRA_PLUGINS:
        return False
    target = module.parent(around)
    return target is not None and not (
        target.kind in _MUTATING_PARENTS
        or (target.kind == "call_expression" and target.part("function") is around)
        or target.kind == "unary_expression"
        or member(target) is not None
    )


def binding_of(module: Module, name: Node) -> Binding | None:
    """The declaration that a name means where it stands."""
    return module.lookup(name.code, name)


def wrapped_value(array: Node) -> Node | None:
    """The value in `[...(value || []), inngestPlugin]`, which wiring makes of any value."""
    items = array.named()
    if array.kind != "array" or len(items) != 2 or items[0].kind != "spread_element":
        return None
    inner = items[0].parts[1]
    if inner.kind != "parenthesized_expression":
        return None
    choice = inner.parts[1]
    if choice.kind == "binary_expression":
        operator, left, right = (choice.part(role) for role in ("operator", "left", "right"))
        matches = operator is not None and operator.code == "||"
    else:
        condition, left, right = (
            choice.part(role) for role in ("condition", "consequence", "alternative")
        )
        matches = bool(condition and left and condition.code == left.code)
    return left if matches and right is not None and right.code == "[]" else None


def mentions_of(root: Node) -> Iterator[Node]:
    """The names that an expression mentions as values, and the members that it reads."""
    for node in walk(root):
        if node.kind in {"identifier", "shorthand_property_identifier", "member_expression"}:
            yield node


def values_of(module: Module, binding: Binding) -> Iterator[Node]:
    """The value that a name is declared with, and the values pushed or assigned to it later."""
    value = binding.declaration.part("value")
    if value and binding.declaration.kind == "variable_declarator":
        yield value
    for token in module.references(binding):
        node: Node = token
        around = module.parent(node)
        while around is not None and member(around) is not None and node.role == "object":
            node, around = around, module.parent(around)
        if around is None:
            continue
        if around.kind == "call_expression" and node.role == "function" and node is not token:
            yield from arguments_of(around)
        right = around.part("right") if around.kind in _MUTATING_PARENTS else None
        if right and node.role == "left":
            yield right
