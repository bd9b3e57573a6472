"""The output that all subcommands share."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn, TypeVar

import click

from ..errors import Refusal

T = TypeVar("T")


def say(line: str) -> None:
    """Print a line on standard error."""
    click.echo(line, err=True)


def refuse(refusal: Refusal) -> NoReturn:
    """Print a refusal, and end with exit code 1."""
    say_refusal(refusal)
    sys.exit(1)


def say_refusal(refusal: Refusal) -> None:
    """Print a refusal, with the lines to add by hand where there are some."""
    say(f"redwood-inngest: {refusal}")
    if refusal.paste:
        say(f"\nBy hand, these lines do it:\n\n{refusal.paste}")


def is_interactive() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def with_bar(running: Iterator[T], count: int) -> Iterator[T]:
    """Show a progress bar on a terminal, where there is more than one thing to do."""
    if count == 1 or not sys.stderr.isatty():
        yield from running
        return
    with click.progressbar(running, length=count, file=sys.stderr) as bar:
        yield from bar


def counts(statuses: list[str]) -> str:
    """The number of paths with each status: `3 updated, 1 refused`."""
    return ", ".join(f"{count} {status}" for status, count in Counter(statuses).items())
