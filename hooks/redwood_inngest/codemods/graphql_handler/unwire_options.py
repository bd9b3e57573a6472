"""Take the plugin out of the options of a handler: what wiring did, undone."""

from __future__ import annotations

from ...typescript.edits import as_item
from ...typescript.expressions import branches, member, unwrap
from ...typescript.layout import outdented
from ...typescript.nodes import Branch, Node, Token, is_kind
from ...typescript.trivia import comments_in, has_comment, space_before
from .calls import is_plugin
from .hoisting import is_hoisted_name
from .options import (
    EXTRA_PLUGINS,
    binding_of,
    constant,
    constant_literals,
    key_of,
    literals,
    wrapped_value,
)
from .plan import Plan


def unwire_options(plan: Plan, node: Node) -> None:
    """Take the plugin out of the options that a handler is called with."""
    inner = unwrap(node)
    objects = literals(plan.module, inner, "object") or []
    if is_kind(inner, "identifier"):
        objects = constant_literals(plan.module, inner, "object") or []
    if is_kind(inner, "ternary_expression") and not objects:
        for branch in branches(inner):
            unwire_options(plan, branch)
    for one in objects:
        if plan.is_first_look(one):
            _unwire_object(plan, one)


def _unwire_object(plan: Plan, node: Branch) -> None:
    name = _extended_name(plan, node)
    if name is not None:
        _restore(plan, node, name)
        return
    for part in node.named():
        if is_kind(part, "spread_element"):
            _unwire_spread(plan, part.parts[1])
        elif key_of(plan.module, part) == EXTRA_PLUGINS:
            _unwire_member(plan, node, part)


def _unwire_spread(plan: Plan, node: Node) -> None:
    inner = unwrap(node)
    if isinstance(inner, Branch) and inner.kind == "object":
        _unwire_object(plan, inner)
    for role in ("consequence", "alternative", "right"):
        branch = inner.part(role) if isinstance(inner, Branch) else None
        if branch and is_kind(inner, "ternary_expression", "binary_expression"):
            _unwire_spread(plan, branch)


# Named options.


def _extended_name(plan: Plan, node: Branch) -> Node | None:
    """`options` of `{ ...options, extraPlugins: [...(options.extraPlugins || []), ...] }`."""
    members = node.named()
    if len(members) != 2 or not is_kind(members[0], "spread_element") or _has_comments(node):
        return None
    name, value = members[0].parts[1], _value(members[1])
    wrapped = wrapped_value(value) if isinstance(value, Branch) else None
    if not isinstance(value, Branch) or wrapped is None or not is_kind(name, "identifier"):
        return None
    matches = wrapped.code == f"{name.code}.{EXTRA_PLUGINS}"
    return name if matches and _take(plan, value.named()[-1]) else None


def _restore(plan: Plan, node: Branch, name: Node) -> None:
    hoisted = _hoisted(plan, name)
    new = as_item(hoisted or name)
    around = plan.module.parent(node)
    plan.edits.replace(node, new)
    if around is not None and is_kind(around, "arguments"):
        plan.touch(around, reindent=True)
    else:
        plan.touch(node)
    declaration = plan.module.parent(plan.module.parent(hoisted) or hoisted) if hoisted else None
    block = plan.module.parent(declaration) if declaration else None
    if declaration is not None and block is not None:
        plan.edits.remove_statement(block, declaration, opens_group=True)


def _hoisted(plan: Plan, name: Node) -> Node | None:
    """The options that got a name only for this handler."""
    binding = binding_of(plan.module, name) if is_hoisted_name(name.code) else None
    mentions = plan.module.references(binding) if binding else []
    own = len(mentions) == len(["...options", "options.extraPlugins"])
    return constant(plan.module, name) if own else None


# The member `extraPlugins`.


def _unwire_member(plan: Plan, node: Branch, pair: Node) -> None:
    value = pair if isinstance(pair, Token) else _value(pair)
    inner = unwrap(value) if value else None
    if isinstance(inner, Token):
        for array in constant_literals(plan.module, inner, "array") or []:
            _unwire_array(plan, array)
    elif isinstance(inner, Branch) and inner.kind == "array" and inner is value:
        _unwire_own_array(plan, node, pair, inner)
    elif inner:
        for array in literals(plan.module, inner, "array") or []:
            _unwire_array(plan, array)


def _unwire_own_array(plan: Plan, node: Branch, pair: Node, array: Branch) -> None:
    wrapped = wrapped_value(array)
    if wrapped is not None and not _loses_comments(array, wrapped):
        if not _take(plan, array.named()[-1]):
            return
        if _is_base(node, wrapped):
            _remove_member(plan, node, pair)
        else:
            _unwrap_value(plan, pair, array, wrapped)
    elif _is_only_plugin(plan, array):
        for item in array.named():
            _take(plan, item)
        _remove_member(plan, node, pair)
    else:
        _unwire_array(plan, array)


def _is_base(node: Branch, wrapped: Node) -> bool:
    """Whether wiring added the member to an object that spreads others."""
    found = member(wrapped)
    if not found or found[1] != EXTRA_PLUGINS:
        return False
    spreads = _spread_codes(node)
    if isinstance(found[0], Branch) and found[0].kind == "object":
        return all(code in spreads for code in _spread_codes(found[0]))
    return f"?.{EXTRA_PLUGINS}" in wrapped.code and found[0].code in spreads


def _spread_codes(node: Branch) -> list[str]:
    return [part.parts[1].code for part in node.named() if is_kind(part, "spread_element")]


def _remove_member(plan: Plan, node: Branch, pair: Node) -> None:
    plan.edits.remove(node, pair)
    plan.touch(node)


def _unwrap_value(plan: Plan, pair: Node, array: Branch, wrapped: Node) -> None:
    broken = "\n" in space_before(array.parts[1])
    value = outdented(wrapped, plan.style.indent) if broken else wrapped
    if is_kind(value, "parenthesized_expression") and not _has_comments_at_ends(value):
        value = value.parts[1]
    new = as_item(value)
    conditional = any(token.text == "?" for token in array.tokens())
    if new.code == EXTRA_PLUGINS and not conditional and not _has_comments(pair):
        plan.replace(pair, plan.expression(f"{{{EXTRA_PLUGINS}}}").parts[1])
    elif isinstance(wrapped, Branch) and plan.layout.is_by_hand(wrapped):
        plan.edits.replace(array, new)
    else:
        plan.replace(array, new)


def _unwire_array(plan: Plan, array: Branch) -> None:
    items = [item for item in array.named() if _take(plan, item)]
    if not items or not plan.is_first_look(array):
        return
    for item in items:
        plan.edits.remove(array, item)
    plan.touch(array)


def _take(plan: Plan, item: Node) -> bool:
    """Whether an item is the plugin, which is then taken out."""
    if not is_plugin(plan.module, item):
        return False
    plan.explain(item)
    return True


def _value(pair: Node) -> Node | None:
    return pair.part("value") if isinstance(pair, Branch) and pair.kind == "pair" else None


def _is_only_plugin(plan: Plan, array: Branch) -> bool:
    """Whether an array has the plugin and nothing else: neither holes nor comments."""
    items = array.named()
    commas = sum(part.kind == "," for part in array.parts[:-2])
    same = bool(items) and all(is_plugin(plan.module, item) for item in items)
    return same and commas == len(items) - 1 and not _has_comments(array)


def _has_comments(node: Node) -> bool:
    return any(has_comment(token.space) for token in list(node.tokens())[1:])


def _has_comments_at_ends(parentheses: Node) -> bool:
    return any(has_comment(space_before(part)) for part in parentheses.parts[1:])


def _loses_comments(array: Branch, wrapped: Node) -> bool:
    """Whether there are comments in an array outside of the value that it wraps."""
    counts = [
        sum(len(comments_in(token.space)) for token in list(node.tokens())[1:])
        for node in (array, wrapped)
    ]
    return counts[0] != counts[1]
