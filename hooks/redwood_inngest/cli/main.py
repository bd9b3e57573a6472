"""The command `redwood-inngest`: its subcommands, each in a file of its own."""

from __future__ import annotations

import click

from .. import __version__
from .events import events
from .setup import setup
from .unwire import unwire
from .update import update
from .wire import wire


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="redwood-inngest")
def main() -> None:
    """Set up Inngest in a RedwoodJS or CedarJS app, and keep it up to date."""


for command in (setup, update, wire, unwire, events):
    main.add_command(command)
