"""Options that several subcommands have: the answers that are given beforehand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from ..errors import Refusal
from .printing import is_interactive, say, say_refusal, tell

# As in `journal`, which is slow to import.
RESUME = "resume"
ABORT = "abort"


def answer_options(verb: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options `--data` and `--data-file`.

    Args:
        verb: The verb in their help: `Give` or `Change`.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        for option in (
            click.option(
                "--data-file",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help=f"{verb} the answers that this YAML file has.",
            ),
            click.option(
                "--data",
                "-d",
                multiple=True,
                metavar="NAME=VALUE",
                help=f"{verb} an answer, as in event_prefix=my-app.",
            ),
        ):
            function = option(function)
        return function

    return decorate


def writing_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of commands that show what they will change, and ask: `--yes`, `--diff`, ..."""
    for option in (
        click.option("--no-install", is_flag=True, help="Do not install dependencies."),
        click.option("--full", is_flag=True, help="With --diff: new files as a whole, too."),
        click.option("--diff", is_flag=True, help="Show the changes, and make none."),
        click.option("--yes", "-y", is_flag=True, help="Make the changes without asking."),
    ):
        function = option(function)
    return function


def check_full(*, diff: bool, full: bool) -> None:
    """Check that `--full` stands beside `--diff`.

    Raises:
        UsageError: It stands alone.
    """
    if full and not diff:
        raise click.UsageError("--full goes with --diff.")


def interruption_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options `--resume` and `--abort`, for a run that was interrupted."""
    for how, help_text in (
        (ABORT, "Take back an interrupted run, and do no more."),
        (RESUME, "Finish an interrupted run, and do no more."),
    ):
        option = click.option(f"--{how}", "settling", flag_value=how, help=help_text)
        function = option(function)
    return function


def settle(apps: Iterable[Path], how: str) -> NoReturn:
    """Finish or take back the interrupted runs in these apps, say so, and end."""
    from ..flows import interrupted

    code = 0
    for app in apps:
        try:
            tell(interrupted.settle(app, how))
        except Refusal as refusal:
            say_refusal(refusal)
            code = 1
    sys.exit(code)


def chooser() -> Callable[[str], str] | None:
    """The question to the person at the terminal about an interrupted run; None without one."""
    return _choose if is_interactive() else None


def _choose(said: str) -> str:
    say(f"redwood-inngest: {said}")
    choice = click.Choice([RESUME, ABORT])
    answer: str = click.prompt("Finish it, or take it back?", type=choice, err=True)
    return answer


def given_answers(data: tuple[str, ...], file: Path | None) -> dict[str, Any]:
    """The answers in `--data` and `--data-file`; the former count before the latter.

    Raises:
        BadParameter: One of `--data` is not NAME=VALUE.
        Refusal: The file cannot be read.
    """
    from ..flows.answers import answers_in

    pairs = [item.partition("=") for item in data]
    for name, equals, value in pairs:
        if not (name and equals):
            raise click.BadParameter(f"{name + value!r} is not NAME=VALUE.", param_hint="--data")
    given = answers_in(file) if file else {}
    return {**given, **{name: value for name, _, value in pairs}}
