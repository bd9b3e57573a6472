"""The events that a module names: by texts, and by imports from the events module."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Refusal
from ..typescript.imports import module_of
from ..typescript.nodes import Branch, Node, is_kind, position, walk
from ..typescript.parser import parse

_EVENTS_MODULE = re.compile(r"(.*/)?events(\.[jt]s)?")
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


def imported_events(source: str, suffix: str) -> Iterator[tuple[int, str]]:
    """The names that a module imports from the events module.

    Args:
        source: The module.
        suffix: Its suffix; see `parse`.

    Returns:
        Lines and names. Nothing where the module cannot be read.
    """
    if "/events" not in source:
        return
    try:
        tree = parse(source, suffix)
    except Refusal:
        return
    for statement in tree.parts:
        if not _EVENTS_MODULE.fullmatch(module_of(statement) or ""):
            continue
        for node in walk(statement):
            if is_kind(node, "import_specifier") and isinstance(node, Branch):
                yield position(tree, node)[0], node.parts[0].code


def _is_text(node: Node) -> bool:
    if is_kind(node, "string"):
        return True
    is_template = isinstance(node, Branch) and node.kind == "template_string"
    return is_template and not any(is_kind(part, "template_substitution") for part in node.parts)
