"""The values spread into options: whether they bring `extraPlugins`, and the edits then."""

from __future__ import annotations

from typing import NamedTuple

from ...typescript.edits import object_member
from ...typescript.expressions import branches, member, unwrap
from ...typescript.nodes import Node, Token, is_kind
from .calls import refusal
from .hoisting import is_pure
from .options import EXTRA_PLUGINS, binding_of, constant_literals, is_only_read, key_of
from .plan import MAX_LOOKS, Plan
from .wire_plugins import guarded, wire_member


class Members(NamedTuple):
    """The facts in an object's members about its `extraPlugins`.

    Attributes:
        decides: The member that is its `extraPlugins`, if there is one.
        has_plugin: Whether a spread always brings `extraPlugins`, which have the plugin.
        maybe: The first spread that may bring some, which have the plugin.
        unknown: The spreads that cannot be told without running the code.
    """

    decides: Node | None
    has_plugin: bool
    maybe: Node | None
    unknown: list[Node]

    @classmethod
    def of(cls, plan: Plan, members: list[Node], keys: list[str | None]) -> Members:
        """Find the members that decide about `extraPlugins`, from the last to the first.

        Args:
            plan: The plan of the edits.
            members: The members.
            keys: The name of each, where it can be told.

        Raises:
            Refusal: A key or a spread may be or replace `extraPlugins`.
        """
        maybe: Node | None = None
        unknown: list[Node] = []
        for part, key in zip(reversed(members), reversed(keys), strict=True):
            if part.kind == "spread_element":
                answer = spread(plan, part.parts[1])
                if answer == "unknown":
                    unknown.insert(0, part)
                    _check_count(plan, unknown)
                elif answer != "never" and unknown:
                    raise not_sure(plan, unknown[0])
                elif answer == "always":
                    return cls(None, True, maybe, unknown)
                elif answer == "maybe":
                    maybe = part
            elif key is None and part.kind != "method_definition":
                raise refusal(
                    plan.module, part, "this key may be extraPlugins: only running the code tells."
                )
            elif key == EXTRA_PLUGINS:
                if unknown:
                    raise not_sure(plan, unknown[0])
                return cls(part, False, maybe, unknown)
        return cls(None, False, maybe, unknown)


def _check_count(plan: Plan, spreads: list[Node]) -> None:
    if len(spreads) > MAX_LOOKS:
        raise refusal(
            plan.module,
            spreads[0],
            f"more than {MAX_LOOKS} objects are spread into these options.",
        )


def not_sure(plan: Plan, node: Node) -> Exception:
    """The refusal where a spread may bring other plugins."""
    return refusal(
        plan.module,
        node,
        "what is spread here may replace the extraPlugins before it: put extraPlugins last.",
    )


def plugins_of_spreads(plan: Plan, unknown: list[Node]) -> tuple[Node, Node]:
    """The new member `extraPlugins`, and its array.

    Args:
        plan: The plan of the edits.
        unknown: The spreads that may bring plugins, which the array then has, too.

    Raises:
        Refusal: Reading a spread value once more may have an effect.
    """
    for part in unknown:
        _check_readable(plan, part)
    bases = [part.parts[1].code for part in unknown]
    if not bases:
        array = f"[{plan.local}]"
    elif len(bases) == 1:
        array = guarded(plan, f"{bases[0]}?.{EXTRA_PLUGINS} || []")
    else:
        spreads = ", ".join(f"...{base}" for base in bases)
        pad = plan.style.padding
        array = guarded(plan, f"{{{pad}{spreads}{pad}}}.{EXTRA_PLUGINS} || []")
    new = object_member(f"{EXTRA_PLUGINS}: {array}", plan.suffix)
    return new, new.parts[-1]


def _check_readable(plan: Plan, part: Node) -> None:
    value = part.parts[1]
    if not (is_kind(value, "identifier") or (member(value) and is_pure(value))):
        raise refusal(
            plan.module,
            part,
            "what is spread here may bring extraPlugins: give it a name first,"
            " `const base = ...`, and spread that.",
        )


def spread(plan: Plan, node: Node) -> str:
    """Whether a spread value has `extraPlugins`: never, maybe, always, or unknown.

    Where it may, and its literals are at hand, they get the plugin.
    """
    node = unwrap(node)
    if is_kind(node, "false", "null", "undefined", "number", "string"):
        return "never"
    if is_kind(node, "identifier"):
        return _spread_name(plan, node)
    if is_kind(node, "object"):
        return _spread_object(plan, node)
    if is_kind(node, "ternary_expression"):
        return _either(*[spread(plan, branch) for branch in branches(node)])
    if node.kind == "binary_expression":
        operator, right = node.part("operator"), node.part("right")
        if operator and right and operator.code == "&&":
            return _either("never", spread(plan, right))
    return "unknown"


def _spread_name(plan: Plan, name: Node) -> str:
    module = plan.module
    binding = binding_of(module, name)
    objects = constant_literals(module, name, "object")
    if binding is None or not objects:
        return "unknown"
    if not all(_is_read_or_spread(plan, token) for token in module.references(binding)):
        return "unknown"
    return "never" if all(_has_no_plugins(plan, one) for one in objects) else "unknown"


def _is_read_or_spread(plan: Plan, token: Token) -> bool:
    around = plan.module.parent(token)
    return is_kind(around, "spread_element") or is_only_read(plan.module, token)


def _has_no_plugins(plan: Plan, node: Node) -> bool:
    for part in node.named():
        if is_kind(part, "spread_element"):
            inner = unwrap(part.parts[1])
            if not is_kind(inner, "identifier") or _spread_name(plan, inner) != "never":
                return False
        elif key_of(plan.module, part) in {EXTRA_PLUGINS, None}:
            return False
    return True


def _spread_object(plan: Plan, node: Node) -> str:
    if _has_no_plugins(plan, node):
        return "never"
    keys = [key_of(plan.module, part) for part in node.named()]
    if keys.count(EXTRA_PLUGINS) != 1 or None in keys:
        return "unknown"
    wire_member(plan, node.named()[keys.index(EXTRA_PLUGINS)])
    return "always"


def _either(*answers: str) -> str:
    """The answer that holds when one of these holds."""
    if "unknown" in answers:
        return "unknown"
    return answers[0] if len(set(answers)) == 1 else "maybe"
