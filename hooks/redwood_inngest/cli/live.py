"""One line on the terminal that tells how far a program is, and goes when it is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from .printing import terminal_width


@contextmanager
def live_line() -> Iterator[Callable[[str], None] | None]:
    """Have a line to call with what it is to say; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    drawn: list[float] = []

    def draw(said: str) -> None:
        drawn.append(time.monotonic())
        line = f"{drawn[-1] - drawn[0]:4.0f} s  {click.unstyle(said)}"
        _write(click.style(shortened(line, terminal_width() - 1), dim=True))

    try:
        yield draw
    finally:
        if drawn:
            _write("")


def _write(line: str) -> None:
    click.echo(f"\r\033[2K{line}", nl=False, err=True, color=True)


def shortened(line: str, width: int) -> str:
    """A line that fits, cut between words: `Fetching packages from ...`."""
    line = "".join(char if char.isprintable() else " " for char in line)
    if len(line) <= width:
        return line
    words, _, _ = line[: width - 3].rpartition(" ")
    return f"{words.rstrip()} ...".lstrip()
