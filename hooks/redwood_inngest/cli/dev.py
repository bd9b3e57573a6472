"""`redwood-inngest dev`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..errors import Refusal
from .printing import refuse, say

_INTERRUPTED = 130


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
def dev(app: Path) -> None:
    """Start the Inngest dev server for APP, or the app you are in.

    It runs the line of the script inngest:dev, with the port that the app's redwood.toml or
    cedar.toml has now. Start the app itself in another terminal.

    \b
      redwood-inngest dev
      redwood-inngest dev path/to/app

    \b
    Exit codes:
      1    refused: the reason is printed
      2    the command was not understood
      130  ended with Ctrl+C
    Any other one is the dev server's own.
    """  # noqa: D301 - click reads the character
    from ..flows.dev import dev_server, run

    try:
        server = dev_server(app)
        for note in server.notes:
            say(f"Note: {note}")
        say(server.line)
        code = run(server)
    except Refusal as refusal:
        refuse(refusal)
    if code not in (0, _INTERRUPTED):
        say(
            f"redwood-inngest: the dev server ended with exit code {code}; where its binary, which "
            "inngest-cli downloads from cli.inngest.com as it is installed, cannot be had, use "
            f"`{server.in_docker}`."
        )
    sys.exit(code)
