"""`redwood-inngest remove`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Refusal
from .options import chooser, interruption_options, settle
from .printing import coloured_diff, is_interactive, refuse, say, show, tell

if TYPE_CHECKING:
    from ..flows.remove.plan import Removal


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before the app is changed.")
@click.option("--no-install", is_flag=True, help="Do not run the package manager.")
@click.option("--template", metavar="SOURCE", help="Where the template is now: a Git URL or clone.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@interruption_options
def remove(
    app: Path,
    *,
    diff: bool,
    yes: bool,
    no_install: bool,
    template: str | None,
    as_json: bool,
    settling: str | None,
) -> None:
    """Take Inngest out of APP again, or of the app you are in.

    Files as they were generated go; edited ones stay and are listed, with what they import. On
    a terminal, all changes are listed and confirmed first.

    \b
      redwood-inngest remove --diff         shows it all, and changes nothing
      redwood-inngest remove                lists it, and asks
      redwood-inngest remove --yes my-app   asks nothing

    Exit codes: 0 removed, 1 refused or not confirmed, 2 not understood.
    """  # noqa: D301 - click reads the character
    if settling:
        settle([app], settling)
    from ..flows.remove.plan import RemoveOptions, carry_out, plan

    asks = is_interactive() and not as_json
    options = RemoveOptions(
        template=template,
        install=not no_install,
        dry_run=diff,
        ask=_confirm if asks else None,
        choose=chooser() if asks else None,
    )
    try:
        removal = plan(app, options)
        if asks and not (diff or yes):
            _list(removal, "This takes Inngest out of")
            if not _confirm("Go on?"):
                say("redwood-inngest: nothing was changed.")
                sys.exit(1)
        installed = not diff and carry_out(removal, options, say)
    except Refusal as refusal:
        refuse(refusal)
    if as_json:
        click.echo(json.dumps(_as_json(removal, written=not diff, installed=installed), indent=2))
    elif diff:
        show(coloured_diff(removal.changes.diff()))
        _say_what_stays(removal)
    elif asks and not yes:
        tell("Done.")
        _say_next(removal, installed=installed)
    else:
        _list(removal, "Inngest is out of")
        _say_next(removal, installed=installed)


def _confirm(question: str) -> bool:
    return click.confirm(question, err=True)


def _list(removal: Removal, title: str) -> None:
    tell(f"{title} {removal.root}:")
    for change in removal.changes.changes:
        tell(f"  {change.verb:>6}  {change.path}")
    _say_what_stays(removal)


def _say_what_stays(removal: Removal) -> None:
    if removal.stays:
        say("\nThese files stay:")
    for path, reason in sorted(removal.stays.items()):
        say(f"  {path}: {reason}")
    for note in removal.notes:
        say(f"Note: {note}")


def _say_next(removal: Removal, *, installed: bool) -> None:
    manager = removal.answers["package_manager"]
    if removal.needs_installation and not installed:
        where = (
            ""
            if removal.answers.get("workspaces", True)
            else f"cd {removal.answers['api_path']} && "
        )
        tell(f"\nThen take the packages out: {where}{manager} install")


def _as_json(removal: Removal, *, written: bool, installed: bool) -> dict[str, Any]:
    return {
        "app": str(removal.root),
        "written": written,
        "installed": installed,
        "files": [
            {"path": change.path, "change": change.verb} for change in removal.changes.changes
        ],
        "stays": [
            {"path": path, "reason": reason} for path, reason in sorted(removal.stays.items())
        ],
        "notes": list(removal.notes),
    }
