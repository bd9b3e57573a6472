"""Which parentheses an expression needs where it stands, as Prettier decides it."""

from __future__ import annotations

from collections.abc import Sequence

from .gaps import has_comment
from .marks import named
from .nodes import Branch, Node, Token, is_kind

_PRECEDENCE = {
    operator: level
    for level, operators in enumerate(
        (
            ("??",),
            ("||",),
            ("&&",),
            ("|",),
            ("^",),
            ("&",),
            ("==", "===", "!=", "!=="),
            ("<", ">", "<=", ">=", "in", "instanceof"),
            (">>", "<<", ">>>"),
            ("+", "-"),
            ("*", "/", "%"),
            ("**",),
        )
    )
    for operator in operators
}
_BITWISE = {"|", "^", "&", ">>", "<<", ">>>"}
_LOGICAL = {"??", "||", "&&"}
_OPERATIONS = {
    "binary_expression",
    "unary_expression",
    "await_expression",
    "yield_expression",
    "ternary_expression",
    "arrow_function",
    "assignment_expression",
    "augmented_assignment_expression",
    "update_expression",
}


def can_go_without(part: Branch, parent: Branch, above: Sequence[Node]) -> bool:
    """Whether the parentheses around an expression are idle.

    Args:
        part: The parenthesised expression.
        parent: The node that it is part of.
        above: The nodes above the parent, from the root.

    Returns:
        True where the code means the same without them and Prettier would not put them there.
    """
    inner = named(part)[0]
    if any(has_comment(token.space) for token in (_first(inner), _last(part))):
        return False
    if is_kind(parent, "if_statement", "while_statement", "do_statement", "switch_statement"):
        return part.role not in {"condition", "value"} and not is_kind(parent, "switch_statement")
    return not _needs_parentheses(inner, part, parent, above)


def _first(node: Node) -> Token:
    return next(node.tokens())


def _last(node: Branch) -> Token:
    return list(node.tokens())[-1]


def _needs_parentheses(inner: Node, part: Branch, parent: Branch, above: Sequence[Node]) -> bool:
    if is_kind(
        inner, "sequence_expression", "assignment_expression", "augmented_assignment_expression"
    ):
        return not is_kind(parent, "expression_statement")
    if is_kind(inner, "object", "function_expression", "class", "generator_function"):
        return _opens_a_statement(inner, part, parent, above) or _is_called(inner, part, parent)
    if _is_head(part, parent):
        return _needs_as_head(inner, parent)
    if is_kind(parent, "binary_expression"):
        return _needs_in_binary(inner, part, parent)
    if is_kind(parent, "unary_expression", "await_expression", "update_expression"):
        return _needs_as_operand(inner, parent)
    return _needs_elsewhere(inner, part, parent)


def _needs_elsewhere(inner: Node, part: Branch, parent: Branch) -> bool:
    if is_kind(parent, "expression_statement"):
        return is_kind(inner, "string")
    if is_kind(parent, "arrow_function"):
        return is_kind(inner, "ternary_expression")
    if is_kind(parent, "ternary_expression"):
        heads = ("ternary_expression", "arrow_function", "await_expression", "yield_expression")
        return part.role == "condition" and is_kind(inner, *heads)
    if is_kind(parent, "spread_element"):
        return is_kind(inner, "await_expression", "yield_expression", "ternary_expression")
    if is_kind(parent, "extends_clause"):
        return inner.kind in _OPERATIONS or is_kind(inner, "new_expression", "object")
    return False


def _opens_a_statement(inner: Node, part: Branch, parent: Branch, above: Sequence[Node]) -> bool:
    """Whether the expression is the first thing of a statement or of an arrow function's body."""
    child: Node = part
    for node in (parent, *reversed(above)):
        if is_kind(node, "arrow_function"):
            return child.role == "body" and is_kind(inner, "object")
        if is_kind(node, "export_statement"):
            return not is_kind(inner, "object")
        if is_kind(node, "expression_statement"):
            return True
        if _first(node).text != _first(child).text:
            return False
        child = node
    return False


def _is_called(inner: Node, part: Branch, parent: Branch) -> bool:
    return not is_kind(inner, "object") and (
        part.role == "function" or (is_kind(inner, "class") and is_kind(parent, "new_expression"))
    )


def _is_head(part: Branch, parent: Branch) -> bool:
    """Whether something is read from, or called on, the expression."""
    if is_kind(parent, "member_expression", "subscript_expression"):
        return part.role == "object"
    if is_kind(parent, "new_expression"):
        return part.role == "constructor"
    return is_kind(parent, "call_expression") and part.role == "function"


def _needs_as_head(inner: Node, parent: Branch) -> bool:
    if inner.kind in _OPERATIONS or _is_optional_chain(inner):
        return True
    if is_kind(inner, "new_expression"):
        return isinstance(inner, Branch) and not inner.part("arguments")
    if is_kind(inner, "number"):
        return is_kind(parent, "member_expression")
    return is_kind(parent, "new_expression") and _holds_call(inner)


def _is_optional_chain(node: Node) -> bool:
    chain = ("member_expression", "subscript_expression", "call_expression")
    while isinstance(node, Branch) and is_kind(node, *chain):
        if any(part.kind in {"optional_chain", "?."} for part in node.parts):
            return True
        node = node.parts[0]
    return False


def _holds_call(node: Node) -> bool:
    while isinstance(node, Branch) and is_kind(
        node, "member_expression", "subscript_expression", "call_expression"
    ):
        if is_kind(node, "call_expression"):
            return True
        node = node.parts[0]
    return False


def _operator(node: Node) -> str:
    operator = node.part("operator") if isinstance(node, Branch) else None
    return operator.code if operator else ""


def operator_level(node: Node) -> int | None:
    """How strongly an operation binds, if this is one that Prettier writes as a chain."""
    return _PRECEDENCE.get(_operator(node)) if is_kind(node, "binary_expression") else None


def is_side_by_side(inner: Node, outer: Node) -> bool:
    """Whether Prettier writes an operation and the one that is its left side as one chain."""
    level = operator_level(inner)
    same = level is not None and level == operator_level(outer)
    return same and inner.role == "left" and _flattens(_operator(outer), _operator(inner))


def _needs_as_operand(inner: Node, parent: Branch) -> bool:
    if is_kind(inner, "unary_expression") and is_kind(parent, "unary_expression"):
        return _operator(inner) == _operator(parent) and _operator(inner) in {"+", "-"}
    if is_kind(inner, "unary_expression"):
        return is_kind(parent, "update_expression")
    if is_kind(inner, "await_expression") and is_kind(parent, "await_expression"):
        return False
    return inner.kind in _OPERATIONS


def _needs_in_binary(inner: Node, part: Branch, parent: Branch) -> bool:
    outer = _operator(parent)
    if is_kind(inner, "unary_expression"):
        return outer == "**" and part.role == "left"
    if not is_kind(inner, "binary_expression"):
        return inner.kind in _OPERATIONS and not is_kind(inner, "update_expression")
    own = _operator(inner)
    if _PRECEDENCE[outer] != _PRECEDENCE[own]:
        weaker = _PRECEDENCE[outer] > _PRECEDENCE[own]
        mixed = {outer, own} <= _LOGICAL
        remainder = own == "%" and outer in {"+", "-"}
        return weaker or mixed or remainder or outer in _BITWISE
    if part.role == "right":
        return outer not in _LOGICAL  # Prettier writes `a || (b || c)` without parentheses
    return not _flattens(outer, own)


def _flattens(outer: str, own: str) -> bool:
    """Whether Prettier writes two operators of one precedence side by side."""
    products = {"*", "/", "%"}
    if "**" in (outer, own) or own in {"==", "===", "!=", "!=="}:
        return False
    if outer != own and "%" in (outer, own) and {outer, own} <= products:
        return False
    if outer != own and {outer, own} <= products:
        return False
    return not (own in _BITWISE and own in {">>", "<<", ">>>"})
