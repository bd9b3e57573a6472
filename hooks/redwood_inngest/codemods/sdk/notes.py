"""The notes to the user, and links to the guides that tell more."""

from __future__ import annotations

from dataclasses import dataclass

from ...typescript.nodes import Node

TO_3 = "https://www.inngest.com/docs/reference/typescript/v3/migrations/v2-to-v3"
TO_4 = "https://www.inngest.com/docs/reference/typescript/v4/migrations/v3-to-v4"


@dataclass(frozen=True)
class Note:
    """Something that is left to the user.

    Attributes:
        text: The finding and the next step, with a link.
        line: The line in the text as it is now, from 1.
        column: The column in the line, from 1.
    """

    text: str
    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Remark:
    """A note whose place in the edited text is not known yet."""

    anchor: Node
    text: str
