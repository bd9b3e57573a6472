"""`redwood-inngest wire`."""

from __future__ import annotations

import click

from .on_handlers import run_on_handlers
from .on_paths import path_options


@click.command()
@path_options
def wire(paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool) -> None:
    """Add inngestPlugin to the GraphQL handler. Nothing else changes.

    A PATH is a handler's file or an app's folder; without one it is the app that you are in. With
    - the handler is read from standard input, and written to standard output.

    \b
    Examples:  redwood-inngest wire
               redwood-inngest wire --diff apps/*
               redwood-inngest wire - < graphql.ts > wired.ts
    Exit codes: 0 done, 1 refused, or something to do with --check,
    2 not understood.
    """  # noqa: D301 - click reads the character
    run_on_handlers("wire", paths, check=check, diff=diff, as_json=as_json)
