"""The outcome for one path, as the commands for many paths print it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..changes import Change
from ..errors import Refusal

REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """The outcome for one path.

    Attributes:
        path: The file, or the path that was given where none was found.
        status: The action in a word, or `refused`.
        reason: The reason of a refusal, or a note on the edit; None without either.
        line: The line of the file that the reason is about, from 1.
        column: The column in the line, from 1.
        change: The edit, made or not; its path is the one that was given.
        paste: After a refusal, the lines to add by hand.
    """

    path: str
    status: str
    reason: str | None = None
    line: int | None = None
    column: int | None = None
    change: Change | None = None
    paste: str = ""

    @property
    def refused(self) -> bool:
        """Whether it was refused."""
        return self.status == REFUSED

    def as_refusal(self) -> Refusal:
        """The refusal that it came from."""
        return Refusal(
            self.reason or "",
            line=self.line,
            column=self.column,
            paste=self.paste,
            path=self.path,
        )

    def remarks(self) -> list[str]:
        """The remarks to print besides the status, a line each."""
        return [f"{self.path}: {self.reason}"] if self.reason and not self.refused else []

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints for it."""
        return {
            "path": self.path,
            "status": self.status,
            "reason": self.reason,
            "line": self.line,
            "column": self.column,
        }


def refused(path: str, refusal: Refusal) -> Result:
    """A refusal as a result."""
    return Result(
        path,
        REFUSED,
        refusal.reason,
        refusal.line,
        refusal.column,
        paste=refusal.paste,
    )


def as_typed(path: str) -> str:
    """A path as a person in the current folder would type it."""
    return path.removeprefix(os.path.join(os.getcwd(), ""))  # noqa: PTH109, PTH118 - asked for each file
