"""The module `src/inngest/events` of the app: its events, by names and with types."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .operations import Operation


def export_names(operations: Iterable[Operation]) -> dict[str, str]:
    """What the events module exports for each event.

    Args:
        operations: Those that are sent.

    Returns:
        By the name of the event, the name of the export: `findPostQuery` for the query `FindPost`
        and for the query `FindPostQuery`. Where an app has both, the second is
        `findPostQueryQuery`.
    """
    events = {each.event: each for each in operations}
    names = {event: _export_name(each, short=True) for event, each in events.items()}
    taken = list(names.values())
    for event, each in events.items():
        if taken.count(names[event]) > 1:
            names[event] = _export_name(each, short=False)
    return names


def _export_name(operation: Operation, *, short: bool) -> str:
    words = [word for word in re.split(r"[-_]+", operation.event_id) if word]
    if not (short and words[1:] and words[-1] == operation.kind):
        words.append(operation.kind)
    name = words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])
    return f"_{name}" if name[0].isdigit() else name
