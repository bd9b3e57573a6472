"""Object literals: their members and values."""

from __future__ import annotations

from ...typescript.expressions import string_value
from ...typescript.nodes import Branch, Node


def as_object(node: Node | None) -> Branch | None:
    """The node where it is an object literal."""
    return node if isinstance(node, Branch) and node.kind == "object" else None


def key_of(member: Node) -> str | None:
    """The name of a member; None for a spread and for a computed name."""
    if member.kind == "shorthand_property_identifier":
        return member.code
    key = key_node(member)
    if key is None or key.kind == "computed_property_name":
        return None
    return string_value(key) or key.code


def key_node(member: Node) -> Node | None:
    """The name of a member as it is written before a colon or a method's parameters."""
    if not isinstance(member, Branch):
        return None
    return member.part("key") or member.part("name")


def members(literal: Branch) -> dict[str, Node]:
    """The members of an object by name; of several with a name the last, which counts."""
    return {name: one for one in literal.named() if (name := key_of(one)) is not None}


def find(literal: Branch, name: str) -> Node | None:
    """The member of this name; of several the last, which counts."""
    return next((one for one in reversed(literal.named()) if key_of(one) == name), None)


def value_of(member: Node | None) -> Node | None:
    """The value of `name: value`, of `name` alone, and of a method the method itself."""
    if isinstance(member, Branch) and member.kind == "pair":
        return member.part("value")
    return member


def value(literal: Branch, name: str) -> Node | None:
    """The value of the member of this name."""
    return value_of(find(literal, name))


def is_open(literal: Branch) -> bool:
    """Whether an object may have members that cannot be read here: spreads and computed names."""
    return any(key_of(member) is None for member in literal.named())
