"""`redwood-inngest update`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import Refusal
from .live import live_line
from .options import (
    answer_options,
    check_full,
    chooser,
    given_answers,
    interruption_options,
    settle,
    writing_options,
)
from .preview import READ_AND_COMMIT, approved, print_changes, show_diff
from .printing import (
    confirm,
    counts,
    is_interactive,
    refuse,
    say,
    say_refusal,
    tell,
    with_bar,
)
from .questions import own_prompts

if TYPE_CHECKING:
    from ..flows.fleet import Result
    from ..flows.update import Update, UpdateOptions


@click.command()
@click.argument("apps", type=click.Path(path_type=Path), nargs=-1, metavar="[APP]...")
@click.option("--defaults", is_flag=True, help="Ask nothing: keep the answers.")
@answer_options("Change")
@click.option("--code-style", is_flag=True, help="Read the app's Prettier configuration again.")
@writing_options
@click.option("--template", metavar="SOURCE", help="Where the template is now: a Git URL or clone.")
@click.option("--vcs-ref", metavar="REF", help="Update to this tag, branch or commit.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@interruption_options
def update(
    apps: tuple[Path, ...],
    *,
    defaults: bool,
    data: tuple[str, ...],
    data_file: Path | None,
    code_style: bool,
    yes: bool,
    diff: bool,
    full: bool,
    no_install: bool,
    template: str | None,
    vcs_ref: str | None,
    as_json: bool,
    settling: str | None,
) -> None:
    """Update APPs to the newest version of the template. Your edits are kept.

    \b
    Example:    redwood-inngest update --yes --data event_prefix=shop apps/*
    Exit codes: 0 updated, 1 refused and nothing changed, 2 not understood,
    3 nothing to do, 4 conflicts; of several apps the first of 1, 4, 0 and 3.
    """  # noqa: D301 - click reads the character
    check_full(diff=diff, full=full)
    if settling:
        settle(apps or (Path(),), settling)
    from ..flows.fleet import update_many, update_one
    from ..flows.update import UpdateOptions

    asks = len(apps) <= 1 and is_interactive() and not as_json
    try:
        options = UpdateOptions(
            data=given_answers(data, data_file),
            template=template,
            ref=vcs_ref,
            defaults=defaults or not asks,
            install=not no_install,
            dry_run=diff,
            code_style=code_style,
            ask=_trusts if asks else None,
            choose=chooser() if len(apps) <= 1 else None,
        )
    except Refusal as refusal:
        refuse(refusal)
    if len(apps) > 1:
        running = update_many(apps, options, say)
        results = sorted(_with_progress(running, len(apps)), key=lambda one: apps.index(one.app))
    else:
        app = apps[0] if apps else Path()
        results = [_update_one(app, options, yes=yes) if asks else update_one(app, options, say)]
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], indent=2))
    else:
        _print(results, diff=diff, full=full)
    statuses = {result.status for result in results}
    sys.exit(next(code for status, code in _EXIT_CODES.items() if status in statuses))


def _print(results: list[Result], *, diff: bool, full: bool) -> None:
    for result in results:
        if result.update and diff:
            show_diff(result.update.changes, result.update.answers["api_path"], full=full)
        elif result.update and len(results) == 1:
            _report_update(result, result.update)
        elif result.refusal:
            say_refusal(_about(result, len(results)))
    if len(results) > 1:
        _table(results, to_stderr=diff)


def _trusts(question: str) -> bool:
    return confirm(question, default=False)  # what runs then is a stranger's code


def _update_one(app: Path, options: UpdateOptions, *, yes: bool) -> Result:
    from ..flows.fleet import update_one

    def approves(update: Update) -> bool:
        return approved(
            f"To update {update.root.name}, {_step(update)}:",
            update.changes,
            update.answers["api_path"],
            install=update.package_manager if options.install else "",
            yes=yes,
        )

    with own_prompts(), live_line() as progress:
        return update_one(app, replace(options, confirm=approves, progress=progress), say)


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
        tell(f"Nothing to do: the app is up to date ({_step(update)}).")
        return
    tell(f"Updated {update.root}, {_step(update)}:")
    print_changes(update.changes, conflicts=update.conflicts, locks=result.locks or ())
    if update.renamed:
        tell(_RENAMED_HELP)
        for line in update.renamed:
            tell(f"  {line}")
    tell(_CONFLICTS_HELP if update.conflicts else READ_AND_COMMIT)
    if update.needs_installation and result.locks is None:
        tell(f"Then install the dependencies: {update.package_manager} install")


_RENAMED_HELP = """
Events have changed. What goes by src/inngest/events follows; these places would wait for ever:"""

_CONFLICTS_HELP = """
You and the template changed the same lines of the files marked `conflict`. In each of them your \
lines stand after `<<<<<<< before updating`, and the template's before `>>>>>>> after updating`. \
Keep what is right, delete the markers, and tell Git with `git add FILE`. A conflict without \
markers is a file that the template removed and you had edited: `git add` keeps it, `git rm` does \
not. `git status` lists what is left to do. Then commit it all."""
