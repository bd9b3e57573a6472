"""The name of an operation's event, as `useInngest` in the app makes it."""

from __future__ import annotations

import re


def event_id(operation_name: str) -> str:
    """The operation's name as it stands in the name of its event.

    Args:
        operation_name: `FindPost`, `find_post` or `__FIND_POST`.

    Returns:
        `find-post`.
    """
    name = re.sub(r"([a-z])([A-Z])", r"\1-\2", operation_name.lstrip("_"))
    return re.sub(r"_+", "-", name).lower()


def event_name(prefix: str, operation_name: str, kind: str) -> str:
    """The name of the event of an operation that has a name.

    Args:
        prefix: The start of all names, as answered: `graphql`.
        operation_name: The name in the document.
        kind: `query`, `mutation` or `subscription`.

    Returns:
        `graphql/find-post.query`, cut to the 256 characters that Inngest takes.
    """
    return f"{prefix}/{event_id(operation_name)}.{kind}".lower()[:_MAX_LENGTH]


# https://www.inngest.com/docs/usage-limits/inngest
_MAX_LENGTH = 256
