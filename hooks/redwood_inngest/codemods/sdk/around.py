"""The rest of the app as a module sees it: the clients it imports, the options for its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Client:
    """An Inngest client that a module exports.

    Attributes:
        app_id: Its id, or under SDK 2 its name, where that is written out.
        events: The constants that its module exports for events, or will when it is upgraded.
        has_events: Whether they are there already.
        takes_options: Whether options may move to it: it is an object literal.
    """

    app_id: str | None = None
    events: Mapping[str, str] = field(default_factory=dict)
    has_events: bool = False
    takes_options: bool = False


@dataclass(frozen=True)
class Around:
    """The other modules of the app as a module sees them; modules out of the app are unknown.

    Attributes:
        clients: The clients that the module imports, by module specifier and exported name.
        moved: By the name of an exported client, the options that endpoints elsewhere hand to it.
        since: The major version of the SDK that package.json asks for, where it does.
        on_edge: Whether the app runs where there is no `process.env`.
    """

    clients: Mapping[tuple[str, str], Client] = field(default_factory=dict)
    moved: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    since: int | None = None
    on_edge: bool = False


ALONE = Around()
