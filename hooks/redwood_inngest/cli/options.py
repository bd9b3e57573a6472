"""Options that several subcommands have: the answers that are given beforehand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from ..errors import Refusal
from ..flows import interrupted
from .printing import is_interactive, say, say_refusal


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


def interruption_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options `--resume` and `--abort`, for a run that was interrupted."""
    for how, help_text in (
        (interrupted.ABORT, "Take back what an interrupted run has changed, and do no more."),
        (interrupted.RESUME, "Finish the changes of an interrupted run, and do no more."),
    ):
        option = click.option(f"--{how}", "settling", flag_value=how, help=help_text)
        function = option(function)
    return function


def settle(apps: Iterable[Path], how: str) -> NoReturn:
    """Finish or take back the interrupted runs in these apps, say so, and end."""
    code = 0
    for app in apps:
        try:
            click.echo(interrupted.settle(app, how))
        except Refusal as refusal:
            say_refusal(refusal)
            code = 1
    sys.exit(code)


def chooser() -> Callable[[str], str] | None:
    """The question to the person at the terminal about an interrupted run; None without one."""
    return _choose if is_interactive() else None


def _choose(said: str) -> str:
    say(f"redwood-inngest: {said}")
    choice = click.Choice([interrupted.RESUME, interrupted.ABORT])
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
