"""Object literals: their members and values."""

from __future__ import annotations

from ...typescript.expressions import arguments_of, string_value, unwrap
from ...typescript.nodes import Branch, Node


def as_object(node: Node | None) -> Branch | None:
    """The node where it is an object literal."""
    return node if isinstance(node, Branch) and node.kind == "object" else None


def last_argument(call: Branch, place: int) -> Branch | None:
    """The last argument of a call, where it is the one at this place and an object literal."""
    arguments = arguments_of(call)
    return as_object(unwrap(arguments[place])) if len(arguments) == place + 1 else None


def member(name: str, code: str) -> str:
    """The text of a member: `name: code`, or the name alone."""
    return name if name == code else f"{name}: {code}"


def key_of(one: Node) -> str | None:
    """The name of a member; None for a spread and for a computed name."""
    if one.kind == "shorthand_property_identifier":
        return one.code
    key = key_node(one)
    if key is None or key.kind == "computed_property_name":
        return None
    return string_value(key) or key.code


def key_node(one: Node) -> Node | None:
    """The name of a member as it is written before a colon or a method's parameters."""
    return one.part("key") or one.part("name")


def members(literal: Branch) -> dict[str, Node]:
    """The members of an object by name; of several with a name the last, which counts."""
    return {name: one for one in literal.named() if (name := key_of(one)) is not None}


def find(literal: Branch, name: str) -> Node | None:
    """The member of this name; of several the last, which counts."""
    return next((one for one in reversed(literal.named()) if key_of(one) == name), None)


def value_of(one: Node | None) -> Node | None:
    """The value of `name: value`, of `name` alone, and of a method the method itself."""
    if one and one.kind == "pair":
        return one.part("value")
    return one


def value(literal: Branch, name: str) -> Node | None:
    """The value of the member of this name."""
    return value_of(find(literal, name))


def is_open(literal: Branch) -> bool:
    """Whether an object may have members that cannot be read here: spreads and computed names."""
    return any(key_of(one) is None for one in literal.named())
