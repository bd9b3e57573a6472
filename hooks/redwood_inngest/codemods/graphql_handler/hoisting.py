"""Options that must be worked out once get a name in a statement before the handler's.

const optionsWithoutInngest = getOptions()

export const handler = createGraphQLHandler({
  ...optionsWithoutInngest,
  extraPlugins: [...(optionsWithoutInngest.extraPlugins || []), inngestPlugin],
})
"""

from __future__ import annotations

import re

from ...typescript.bindings import Module
from ...typescript.expressions import callee, member, unwrap
from ...typescript.nodes import Branch, Node, is_kind

_HOISTED = "optionsWithoutInngest"

# Evaluating these does nothing but give a value.
_PURE = {
    "arrow_function",
    "false",
    "function_expression",
    "identifier",
    "import",
    "null",
    "number",
    "regex",
    "shorthand_property_identifier",
    "string",
    "super",
    "this",
    "true",
    "undefined",
}
_HANDED_ON = {
    "as_expression",
    "await_expression",
    "export_statement",
    "expression_statement",
    "non_null_expression",
    "parenthesized_expression",
    "return_statement",
    "satisfies_expression",
}
_STATEMENTS = {
    "export_statement",
    "expression_statement",
    "lexical_declaration",
    "return_statement",
    "variable_declaration",
}


def hoisted_name(number: int) -> str:
    """The name for hoisted options of a module: the first ones, or later ones by number."""
    return _HOISTED if number == 0 else f"{_HOISTED}{number + 1}"


def is_hoisted_name(name: str) -> bool:
    """Whether wiring has given options this name."""
    return re.fullmatch(rf"{_HOISTED}\d*", name) is not None


def is_pure(node: Node | None) -> bool:
    """Whether evaluating an expression earlier or later makes no difference."""
    if node is None:
        return False
    inner = unwrap(node)
    if inner.kind in _PURE:
        return True
    found = member(inner)
    if found:
        return is_pure(found[0])
    if isinstance(inner, Branch) and inner.kind in {"array", "object"}:
        return all(_is_pure_item(item) for item in inner.named())
    return False


def _is_pure_item(item: Node) -> bool:
    if isinstance(item, Branch) and item.kind == "pair":
        return not is_kind(item.part("key"), "computed_property_name") and is_pure(
            item.part("value")
        )
    return item.kind == "method_definition" or is_pure(item)


def hoist_target(module: Module, node: Node) -> Node | None:
    """The statement before which an expression can be evaluated instead of where it stands.

    None where that would change how often, or after what, it is evaluated.
    """
    inner: Node = node
    for around in module.ancestors(node):
        if inner.kind in _STATEMENTS and is_kind(around, "program", "statement_block"):
            return inner
        if not _is_evaluated_first(around, inner):
            return None
        inner = around
    return None


def _is_evaluated_first(around: Branch, inner: Node) -> bool:
    """Whether nothing that matters is evaluated in a node before one of its parts."""
    kind = around.kind
    if kind in _HANDED_ON:
        return True
    if kind in {"lexical_declaration", "variable_declaration"}:
        return around.named()[1 if around.part("kind") is None else 0] is inner or (
            next(part for part in around.parts if is_kind(part, "variable_declarator")) is inner
        )
    if kind == "variable_declarator":
        return is_kind(around.part("name"), "identifier") and inner.role == "value"
    if kind == "assignment_expression":
        return inner.role == "right" and is_pure(around.part("left"))
    if kind == "call_expression":
        return inner.role == "function" or is_pure(callee(around))
    if kind == "member_expression":
        return inner.role == "object"
    if kind == "pair":
        return inner.role == "value" and is_kind(around.part("key"), "property_identifier")
    if kind in {"arguments", "array", "object"}:
        items = around.named()
        earlier = items[: next(i for i, item in enumerate(items) if item is inner)]
        return all(_is_pure_item(item) for item in earlier)
    return kind == "spread_element"
