"""The output that all subcommands share: hints, lines that fit the terminal, colours, pages."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NoReturn, TextIO, TypeVar

import click

from ..errors import Refusal
from .started import as_started

T = TypeVar("T")


def say(line: str) -> None:
    """Print a line on standard error."""
    click.echo(_laid_out(line, sys.stderr), err=True)


def tell(line: str = "", *, hanging: int = 0) -> None:
    """Print a line on standard output.

    Args:
        line: The line; on a terminal it becomes as many as it needs.
        hanging: The columns by which those after the first are indented more.
    """
    click.echo(_laid_out(line, sys.stdout, hanging))


def refuse(refusal: Refusal) -> NoReturn:
    """Print a refusal, and end with exit code 1."""
    say_refusal(refusal)
    sys.exit(1)


def say_refusal(refusal: Refusal) -> None:
    """Print a refusal, with the lines to add by hand where there are some."""
    say(f"redwood-inngest: {refusal}")
    if refusal.paste:
        click.echo(f"\nBy hand, these lines do it:\n\n{refusal.paste}", err=True)


def _laid_out(text: str, stream: TextIO, hanging: int = 0) -> str:
    """A text with hints as the user would type them, and on a terminal in lines that fit it."""
    text = as_started(text)
    return wrapped(text, terminal_width(), hanging) if stream.isatty() else text


def terminal_width() -> int:
    """The columns of the terminal."""
    return _terminal_size().columns


def _terminal_size() -> os.terminal_size:
    import shutil  # slow to import, and --help does without

    return shutil.get_terminal_size()


def wrapped(text: str, width: int, hanging: int = 0) -> str:
    """A text in lines that fit, broken at spaces only, so that a path can be copied.

    Args:
        text: Lines; what a line is indented by, the lines that it is broken into are, too.
        width: The columns.
        hanging: The columns by which those lines are indented more.
    """
    return "\n".join(
        "\n".join(_rows(line, width, hanging)) if len(click.unstyle(line)) > width else line
        for line in text.split("\n")
    )


def _rows(line: str, width: int, hanging: int) -> Iterator[str]:
    indent = " " * (len(line) - len(line.lstrip(" ")) + hanging)
    row, *words = line.split(" ")
    for word in words:
        longer = f"{row} {word}"
        if row.strip() and len(click.unstyle(longer)) > width:
            yield row.rstrip()
            row = indent + word
        else:
            row = longer
    yield row.rstrip()


def wants_colour() -> bool | None:
    """Whether the user asks for colours, or for none; None leaves it to the stream.

    See https://no-color.org and https://force-color.org. With both, NO_COLOR counts, as in Python.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def coloured_diff(diff: str) -> str:
    """A unified diff in Git's colours, and on a terminal in lines that fit it."""
    lines = diff.split("\n")
    if sys.stdout.isatty():
        lines = [row for line in lines for row in _diff_rows(line, terminal_width())]
    return "\n".join(map(_coloured, lines))


def _diff_rows(line: str, width: int) -> list[str]:
    """A line of a diff, broken at spaces, each part with its sign."""
    sign, text = line[:1], line[1:]
    return [sign + row for row in wrapped(text, width - 1).split("\n")]


def _coloured(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return click.style(line, bold=True)
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def show(text: str) -> None:
    """Print a text on standard output: a page at a time where it is longer than the terminal."""
    if not is_interactive() or text.count("\n") < _terminal_size().lines:
        click.echo(text, nl=False)
        return
    os.environ.setdefault("LESS", "-RX")  # what stays on the screen can be looked at again
    click.echo_via_pager(text, color=wants_colour())


def is_interactive() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirm(question: str, *, default: bool = True) -> bool:
    """Ask a person a question, for yes or no."""
    return click.confirm(click.style(as_started(question), bold=True), default=default, err=True)


def with_bar(running: Iterator[T], count: int) -> Iterator[T]:
    """Show a progress bar on a terminal, where there is more than one thing to do."""
    if count == 1 or not sys.stderr.isatty():
        yield from running
        return
    with click.progressbar(running, length=count, file=sys.stderr) as bar:
        yield from bar


def counts(statuses: Iterable[str]) -> str:
    """The number of paths with each status: `3 updated, 1 refused`."""
    return ", ".join(f"{count} {status}" for status, count in Counter(statuses).items())
