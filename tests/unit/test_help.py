"""Every `--help`: it has an example, and fits a screen of 80 by 24 with the prompt below it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from redwood_inngest.cli.main import main


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """A command and its subcommands, each with its whole name."""
    yield name, command
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            yield from commands(subcommand, f"{name} {subcommand.name}")


@pytest.mark.parametrize(("name", "command"), list(commands(main, "redwood-inngest")))
def test_help_has_an_example_and_fits_a_screen(name: str, command: click.Command) -> None:
    settings = {**main.context_settings, "terminal_width": 80, "max_content_width": 80}
    context = click.Context(command, info_name=name, **settings)
    usage, *lines = command.get_help(context).splitlines()
    assert usage.startswith(f"Usage: {name} ")
    examples = [line for line in lines if "redwood-inngest " in line]
    assert examples
    if not isinstance(command, click.Group):
        known = {option for each in command.params for option in each.opts}
        assert set(re.findall(r"(?<!\S)--?\w[\w-]*", " ".join(examples))) <= known
    assert "\b" not in "".join(lines)
    assert not any(line.endswith("...") for line in lines)
    assert max(map(len, lines)) <= 80
    assert len(lines) + 1 <= 24
    if not isinstance(command, click.Group) and command.name != "completion":
        assert any("Exit codes:" in line for line in lines)
