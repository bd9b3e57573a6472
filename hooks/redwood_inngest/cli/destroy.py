"""`redwood-inngest destroy`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ..errors import Refusal
from .options import chooser, interruption_options, settle
from .printing import coloured_diff, refuse, say, show


@click.group()
def destroy() -> None:
    """Take away what `generate` has made (short: d).

    \b
    Example:   redwood-inngest destroy function sendReceipt
    """  # noqa: D301 - click reads the character


@destroy.command()
@click.argument("name", required=False)
@click.option(
    "--app", type=click.Path(path_type=Path), default=".", help="The app, or a folder in it."
)
@click.option("--force", is_flag=True, help="Remove files that have been edited, too.")
@click.option(
    "--diff", "--dry-run", "diff", is_flag=True, help="Print what would change, and change nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@interruption_options
def function(
    name: str | None,
    *,
    app: Path,
    force: bool,
    diff: bool,
    as_json: bool,
    settling: str | None,
) -> None:
    """Take the Inngest function NAME away, with its test.

    Where one of the files has been edited since it was generated, nothing is done without --force.

    \b
    Examples:  redwood-inngest destroy function sendReceipt
               redwood-inngest d function sendReceipt --diff
    Exit codes: 0 done, 1 refused and nothing changed, 2 not understood.
    """  # noqa: D301 - click reads the character
    if settling:
        settle([app], settling)
    if name is None:
        raise click.UsageError("Say which function: redwood-inngest destroy function NAME")
    from ..flows.functions.app import open_app
    from ..flows.functions.destroy import destroy as take_away

    try:
        opened = open_app(app, None if diff else chooser())
        gone = take_away(opened, name, force=force)
        if not (diff or gone.kept):
            gone.changes.make()
    except Refusal as refusal:
        refuse(refusal)
    if as_json:
        result = {
            "function": name,
            "written": not (diff or gone.kept),
            "files": [{"path": each.path, "change": each.verb} for each in gone.changes.changes],
            "edited": list(gone.kept),
        }
        click.echo(json.dumps(result, indent=2))
    elif diff:
        show(coloured_diff(gone.changes.diff()))
    else:
        for change in gone.changes.changes:
            click.echo(f"  {change.verb:>6}  {change.path}")
    for path in gone.kept:
        say(
            f"redwood-inngest: {path}: this has been edited, or was not generated: it stays. "
            "--force removes it."
        )
    sys.exit(1 if gone.kept else 0)
