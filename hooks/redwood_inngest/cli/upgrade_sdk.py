"""`redwood-inngest upgrade-sdk`."""

from __future__ import annotations

from functools import partial

import click

from .on_paths import path_options, run_on_paths


@click.command(name="upgrade-sdk")
@click.option(
    "--to",
    type=click.Choice(["3", "4"]),
    default="4",
    show_default=True,
    help="The major version of the SDK to bring the code to.",
)
@path_options
def upgrade_sdk(paths: tuple[str, ...], *, to: str, check: bool, diff: bool, as_json: bool) -> None:
    """Bring code that uses the Inngest SDK to SDK 3 or 4.

    It edits functions, clients and endpoints, in a Redwood app or not. What it cannot do for
    certain it says, with a link to Inngest's migration guide, and leaves alone.

    A PATH is a source file, or a folder, which is upgraded as a whole or not at all; without one it
    is the current folder. With - a module is read from standard input, and written to standard
    output.

    \b
    Examples:  redwood-inngest upgrade-sdk --diff api/src
               redwood-inngest upgrade-sdk --to 3 packages/jobs
    Exit codes: 0 done, 1 refused, or something to do with --check,
    2 not understood.
    """  # noqa: D301 - click reads the character
    from ..flows import upgrade_sdk as flow  # LibCST is slow to import

    run_on_paths(
        paths,
        flow.WOULD_UPGRADE,
        partial(flow.run_on_text, to=int(to)),
        partial(flow.run, to=int(to)),
        check=check,
        diff=diff,
        as_json=as_json,
    )
