"""`redwood-inngest doctor`."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Refusal
from .printing import coloured_diff, refuse, show, tell
from .started import as_started

if TYPE_CHECKING:
    from ..changes import Changes
    from ..flows.doctor.findings import Finding
    from ..flows.doctor.run import Checked, Diagnosis

_COLORS = {"ok": "green", "wrong": "red", "warning": "yellow", "note": None}


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--fix", is_flag=True, help="Make the repairs that are safe, then look again.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--offline", is_flag=True, help="Leave the template and running servers alone.")
@click.option("--template", metavar="SOURCE", help="Where the template is now: a Git URL or clone.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(
    app: Path, *, fix: bool, diff: bool, offline: bool, template: str | None, as_json: bool
) -> None:
    """Say what is right and wrong in APP, or the app you are in.

    Each finding has the command that mends it. None of the app's code is run.

    \b
      redwood-inngest doctor
      redwood-inngest doctor --fix
      redwood-inngest doctor --offline --json   in CI

    \b
    Exit codes:
      0  nothing is wrong; there may be warnings
      1  something is wrong, or the app cannot be looked at
      2  the command was not understood
    """  # noqa: D301 - click reads the character
    from ..flows.doctor.run import diagnose

    if diff and (fix or as_json):
        raise click.UsageError("--diff stands alone.")
    gc.disable()  # the command ends soon, as `events` does
    try:
        found = diagnose(app, offline=offline, template=template)
        repairs = found.repairs() if fix or diff else None
        if fix and repairs and repairs.changes:
            repairs.make()
            found = diagnose(app, offline=offline, template=template)
    except Refusal as refusal:
        refuse(refusal)
    if diff and repairs:
        show(coloured_diff(repairs.diff()))
    elif as_json:
        click.echo(json.dumps(_as_json(found, repairs), indent=2))
    else:
        _report(found, repairs)
    sys.exit(0 if found.is_well else 1)


def _report(found: Diagnosis, repairs: Changes | None) -> None:
    for change in repairs.changes if repairs else ():
        click.echo(f"  {change.verb:>6}  {change.path}")
    for check in found.checks:
        status = click.style(f"{check.status:>7}", fg=_COLORS[check.status])
        click.echo(f"{status}  {check.title}")
        for finding in check.findings:
            _print(finding)
    wrong = sum(check.status == "wrong" for check in found.checks)
    if wrong:
        fixable = any(each.repairs for check in found.checks for each in check.findings)
        hint = " `redwood-inngest doctor --fix` mends what is safe." if fixable else ""
        tell(f"\n{wrong} of {len(found.checks)} checks found a fault.{hint}")
    else:
        click.echo("\nNothing is wrong.")


def _print(finding: Finding) -> None:
    place = f"{finding.place}: " if finding.place else ""
    tell(f"{' ' * 9}{finding.level}: {place}{finding.message}", hanging=2)
    if finding.fix:
        command = as_started(f"`{finding.fix}`").strip("`")
        tell(f"{' ' * 11}fix: {command}", hanging=2)


def _as_json(found: Diagnosis, repairs: Changes | None) -> dict[str, Any]:
    return {
        "app": str(found.root),
        "well": found.is_well,
        "fixed": [change.path for change in repairs.changes] if repairs else [],
        "checks": [_check_as_json(check) for check in found.checks],
    }


def _check_as_json(check: Checked) -> dict[str, Any]:
    return {
        "check": check.name,
        "status": check.status,
        "findings": [
            {
                "level": finding.level,
                "message": finding.message,
                "file": finding.file or None,
                "line": finding.line,
                "fix": finding.fix or None,
                "fixable": bool(finding.repairs),
            }
            for finding in check.findings
        ],
    }
