"""`redwood-inngest update`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import Refusal
from .options import answer_options, chooser, given_answers, interruption_options, settle
from .printing import counts, is_interactive, refuse, say, say_refusal, with_bar

if TYPE_CHECKING:
    from ..flows.fleet import Result
    from ..flows.update import Update


@click.command()
@click.argument("apps", type=click.Path(path_type=Path), nargs=-1, metavar="[APP]...")
@click.option("--defaults", is_flag=True, help="Ask nothing: keep the answers.")
@answer_options("Change")
@click.option("--template", metavar="SOURCE", help="Where the template is now: a Git URL or clone.")
@click.option("--vcs-ref", metavar="REF", help="Update to this tag, branch or commit.")
@click.option("--no-install", is_flag=True, help="Do not install changed dependencies.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
@interruption_options
def update(
    apps: tuple[Path, ...],
    *,
    defaults: bool,
    data: tuple[str, ...],
    data_file: Path | None,
    template: str | None,
    vcs_ref: str | None,
    no_install: bool,
    diff: bool,
    settling: str | None,
) -> None:
    """Update APPs to the newest version of their template (default: the app that you are in).

    Your edits are kept. Where you and the template changed the same lines, both are in the file,
    between conflict markers. Several apps are updated in parallel, and are asked nothing.

    \b
    Exit codes:
      0  updated
      1  refused: the reason is printed, and nothing was changed
      2  the command was not understood
      3  nothing to do
      4  updated, with conflicts to resolve
    For several apps: 1 before 4 before 0 before 3.
    """  # noqa: D301 - click wants the escape itself: a line that is not rewrapped
    if settling:
        settle(apps or (Path(),), settling)
    from ..flows.fleet import update_many, update_one
    from ..flows.update import UpdateOptions

    try:
        options = UpdateOptions(
            data=given_answers(data, data_file),
            template=template,
            ref=vcs_ref,
            defaults=defaults or len(apps) > 1 or not is_interactive(),
            install=not no_install,
            dry_run=diff,
            ask=_confirm if len(apps) <= 1 and is_interactive() else None,
            choose=chooser() if len(apps) <= 1 else None,
        )
    except Refusal as refusal:
        refuse(refusal)
    if len(apps) > 1:
        running = update_many(apps, options, say)
        results = sorted(_with_progress(running, len(apps)), key=lambda one: apps.index(one.app))
    else:
        results = [update_one(apps[0] if apps else Path(), options, say)]
    for result in results:
        if result.update and diff:
            click.echo(result.update.changes.diff(), nl=False)
        elif result.update and len(apps) <= 1:
            _report_update(result, result.update)
        elif result.refusal:
            say_refusal(_about(result, len(apps)))
    if len(apps) > 1:
        _table(results, to_stderr=diff)
    statuses = {result.status for result in results}
    sys.exit(next(code for status, code in _EXIT_CODES.items() if status in statuses))


def _confirm(question: str) -> bool:
    return click.confirm(question, err=True)


# The gravest first: it decides for several apps.
_EXIT_CODES = {"refused": 1, "conflict": 4, "updated": 0, "unchanged": 3}


def _about(result: Result, apps: int) -> Refusal:
    """The refusal, with the app where there are several and it names no file of one."""
    refusal = result.refusal or Refusal("")
    return refusal if apps == 1 or refusal.path else refusal.at(str(result.app))


def _with_progress(running: Iterator[Result], count: int) -> Iterator[Result]:
    for number, result in enumerate(with_bar(running, count), 1):
        if not sys.stderr.isatty():
            say(f"[{number}/{count}] {result.status} {result.app}")
        yield result


def _table(results: list[Result], *, to_stderr: bool) -> None:
    rows = [(one.status, str(one.app), _step(one.update) if one.update else "") for one in results]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for status, app, step in rows:
        line = f"{status:<{widths[0]}}  {app:<{widths[1]}}  {step}".rstrip()
        click.echo(line, err=to_stderr)
    click.echo(counts([row[0] for row in rows]), err=to_stderr)


def _step(update: Update) -> str:
    same = update.before == update.after
    return update.after if same else f"{update.before} -> {update.after}"


def _report_update(result: Result, update: Update) -> None:
    if update.status == "unchanged":
        click.echo(f"Nothing to do: the app is up to date ({_step(update)}).")
        return
    click.echo(f"Updated {update.root}, {_step(update)}:")
    for change in update.changes.changes:
        word = "conflict" if change.path in update.conflicts else change.verb
        click.echo(f"  {word:>8}  {change.path}")
    for path in sorted(update.conflicts.keys() - {one.path for one in update.changes.changes}):
        click.echo(f"  conflict  {path}")
    if update.renamed:
        click.echo(_RENAMED_HELP)
        for line in update.renamed:
            click.echo(f"  {line}")
    if update.conflicts:
        click.echo(_CONFLICTS_HELP)
    else:
        click.echo("\nRead it with `git diff`, then commit it.")
    if update.needs_installation and not result.installed:
        click.echo(f"Then install the dependencies: {update.package_manager} install")


_RENAMED_HELP = """
Events have changed. What goes by src/inngest/events follows; these places would wait for ever:"""

_CONFLICTS_HELP = """
You and the template changed the same lines of the files marked `conflict`. In each of them your
lines stand after `<<<<<<< before updating`, and the template's before `>>>>>>> after updating`.
Keep what is right, delete the markers, and tell Git with `git add FILE`. A conflict without
markers is a file that the template removed and you had edited: `git add` keeps it, `git rm` does
not. `git status` lists what is left to do. Then commit it all."""
