"""Options that several subcommands have: the answers that are given beforehand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def answer_options(verb: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options `--data` and `--data-file`.

    Args:
        verb: What they do with an answer, as their help says: `Give` or `Change`.
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
