"""The names of events that stand in a module as texts."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refusal
from ..typescript.nodes import Branch, Node, is_kind, position, walk
from ..typescript.parser import parse

_KEYS = {"event", "name"}


def event_texts(source: str, suffix: str) -> Iterator[tuple[int, str]]:
    """The texts by which a module names events: `event: 'shop/order.paid'`.

    Args:
        source: The module.
        suffix: Its suffix; see `parse`.

    Returns:
        Lines and names. Nothing where the module cannot be read, or for names without a slash.
    """
    if not any(f"{key}:" in source.replace(" ", "") for key in _KEYS):
        return
    try:
        tree = parse(source, suffix)
    except Refusal:
        return
    for node in walk(tree):
        if not (isinstance(node, Branch) and node.kind == "pair"):
            continue
        key, value = node.part("key"), node.part("value")
        text = value.code[1:-1] if value is not None and _is_text(value) else ""
        if key is not None and key.code.strip("'\"") in _KEYS and "/" in text:
            yield position(tree, value)[0], text  # type: ignore[arg-type]


def _is_text(node: Node) -> bool:
    if is_kind(node, "string"):
        return True
    is_template = isinstance(node, Branch) and node.kind == "template_string"
    return is_template and not any(is_kind(part, "template_substitution") for part in node.parts)
