"""`redwood-inngest unwire`."""

from __future__ import annotations

import click

from .on_handlers import run_on_handlers
from .on_paths import path_options


@click.command()
@path_options
def unwire(paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool) -> None:
    """Take inngestPlugin out of the GraphQL handler again.

    A PATH is a handler's file or an app's folder; without one it is the app that you are in. With
    - the handler is read from standard input, and written to standard output.

    \b
    Examples:  redwood-inngest unwire
               redwood-inngest unwire --diff apps/*
               redwood-inngest unwire - < graphql.ts > unwired.ts
    Exit codes: 0 done, 1 refused, or something to do with --check,
    2 not understood.
    """  # noqa: D301 - click reads the character
    run_on_handlers("unwire", paths, check=check, diff=diff, as_json=as_json)
