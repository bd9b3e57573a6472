"""`extraPlugins` given more than once in one object, merged into one list of all plugins."""

from __future__ import annotations

from typing import cast

from ...typescript.edits import as_item
from ...typescript.expressions import unwrap
from ...typescript.nodes import Branch, Node, is_kind, position
from ...typescript.trivia import has_comment
from .calls import is_plugin, refusal
from .plan import Plan
from .spreads import not_sure, spread


def merge(plan: Plan, node: Branch, pairs: list[Node]) -> None:
    """Put all plugins into the first list that has others than ours, and drop the other lists.

    Args:
        plan: The plan of the edits.
        node: The object.
        pairs: Its members `extraPlugins`.

    Raises:
        Refusal: One is not written as a list, or something between them may replace them.
    """
    members = node.named()
    for part in members[members.index(pairs[0]) :]:
        if is_kind(part, "spread_element") and spread(plan, part.parts[1]) != "never":
            raise not_sure(plan, part)
    arrays = {id(pair): _array(plan, pair) for pair in pairs}
    others = {key: _others(plan, array) for key, array in arrays.items()}
    kept = next((pair for pair in pairs if others[id(pair)]), pairs[0])
    for pair in pairs:
        if pair is kept:
            _remove_plugin(plan, arrays[id(pair)])
        else:
            plan.explain(pair)
            plan.edits.remove(node, pair)
    for pair in pairs:
        for item in others[id(pair)] if pair is not kept else ():
            _check_comments(plan, item)
            plan.edits.append(arrays[id(kept)], as_item(item))
    plan.append_plugin(arrays[id(kept)])
    lines = " and ".join(str(position(plan.module.program, pair)[0]) for pair in pairs)
    plan.notes.append(
        f"extraPlugins was given more than once (lines {lines}), of which only the last counts:"
        " merged into one list that keeps every plugin."
    )


def _array(plan: Plan, pair: Node) -> Branch:
    value = pair.part("value") if pair.kind == "pair" else None
    if value is None or value.kind != "array":
        raise refusal(
            plan.module,
            pair,
            "extraPlugins is given more than once, here as something else than a list:"
            " merge them into one list.",
        )
    return cast("Branch", value)


def _others(plan: Plan, array: Branch) -> list[Node]:
    """The plugins of a list, ours left out."""
    return [item for item in array.named() if not is_plugin(plan.module, unwrap(item))]


def _remove_plugin(plan: Plan, array: Branch) -> None:
    for item in array.named():
        if is_plugin(plan.module, unwrap(item)):
            plan.explain(item)
            plan.edits.remove(array, item)


def _check_comments(plan: Plan, item: Node) -> None:
    if any(has_comment(token.space) for token in item.tokens()):
        raise refusal(
            plan.module,
            item,
            "extraPlugins is given more than once, with comments: merge them into one list.",
        )
