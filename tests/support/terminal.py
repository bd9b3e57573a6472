"""A terminal of 80 columns with a person at it: keys are pressed, and the screen is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pyte

from .command import COMMANDS


class Terminal:
    """A command at a pseudo-terminal, whose screen is kept as a person would see it.

    Args:
        arguments: What to run: `redwood-inngest` with these arguments.
        cwd: The folder.
        environment: Variables to change.
        rows: The height; what has left the screen at the top is kept, too.
    """

    def __init__(
        self,
        *arguments: str | Path,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        rows: int = 24,
        columns: int = 80,
    ) -> None:
        self._screen = pyte.HistoryScreen(columns, rows, history=10_000, ratio=0.5)
        self._stream = pyte.Stream(self._screen)
        self.raw = ""
        self._process = pexpect.spawn(
            str(COMMANDS / "redwood-inngest"),
            [str(argument) for argument in arguments],
            cwd=cwd,
            env={**plain_environment(), **(environment or {})},
            encoding="utf-8",
            dimensions=(rows, columns),
            timeout=60,
        )
        self._process.logfile_read = self

    def write(self, printed: str) -> None:
        """Take in what the command prints; pexpect calls this."""
        self.raw += printed
        self._stream.feed(printed)

    def flush(self) -> None:
        """For pexpect, which takes this for a file."""

    def wait_for(self, text: str) -> None:
        """Wait until the command has printed a text."""
        self._process.expect_exact(text)

    def press(self, keys: str) -> None:
        """Press keys."""
        self._process.send(keys)

    def answer(self, question: str, keys: str = "\r") -> None:
        """Wait for a question, and press keys."""
        self.wait_for(question)
        self.press(keys)

    def end(self) -> int:
        """Wait until the command has ended; its exit code."""
        self._process.expect(pexpect.EOF)
        self._process.close()
        status = self._process.exitstatus
        assert status is not None
        return status

    def text(self) -> str:
        """All that is on the screen, or was."""
        above = [self._line(row) for row in self._screen.history.top]
        return "\n".join(line.rstrip() for line in (*above, *self._screen.display)).rstrip("\n")

    def _line(self, row: Mapping[int, pyte.screens.Char]) -> str:
        return "".join(row[column].data for column in range(self._screen.columns))


def plain_environment() -> dict[str, str]:
    """The environment, with a terminal, and without what its owner likes.

    pytest's workers have a width of their own in COLUMNS.
    """
    others = ("_COLOR", "PAGER", "COLUMNS", "LINES")
    own = {name: os.environ[name] for name in os.environ if not name.endswith(others)}
    return {**own, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
