"""`redwood-inngest adopt`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ..errors import GitError, Refusal
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
from .printing import confirm, is_interactive, refuse, say, tell
from .questions import own_prompts

if TYPE_CHECKING:
    from ..flows.adoption import Adoption
    from ..flows.setup import Options


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--move/--no-move", default=None, help="Move the functions to src/inngest, or not.")
@click.option("--defaults", is_flag=True, help="Take the default of each question.")
@answer_options("Give")
@writing_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; ask nothing.")
@click.option("--force", is_flag=True, help="Go on although the app has uncommitted changes.")
@click.option("--template", metavar="SOURCE", help="Use this template: a Git URL or a folder.")
@interruption_options
def adopt(
    app: Path,
    *,
    move: bool | None,
    defaults: bool,
    data: tuple[str, ...],
    data_file: Path | None,
    yes: bool,
    diff: bool,
    full: bool,
    no_install: bool,
    as_json: bool,
    force: bool,
    template: str | None,
    settling: str | None,
) -> None:
    """Take over APP, which has Inngest by other means.

    \b
    Examples:  redwood-inngest adopt --diff
               redwood-inngest adopt --move
    Exit codes: 0 adopted, 1 refused and nothing changed, 2 not understood.
    """  # noqa: D301 - click reads the character
    check_full(diff=diff, full=full)
    if settling:
        settle([app], settling)
    # Copier is slow to import.
    from ..flows.setup import Options
    from ..flows.template_source import template_source

    try:
        options = Options(
            template=template_source(template),
            data=given_answers(data, data_file),
            defaults=defaults or as_json or not is_interactive(),
            force=force,
            install=False if no_install or diff else None,
            dry_run=diff,
            choose=chooser(),
        )
        run(app, options, move=move, yes=yes, full=full, as_json=as_json)
    except Refusal as refusal:
        _refuse(refusal, as_json=as_json)
    except GitError as error:
        _refuse(Refusal(f"Git failed, and nothing was changed: {error}"), as_json=as_json)


def run(
    app: Path,
    options: Options,
    *,
    move: bool | None = None,
    yes: bool = False,
    full: bool = False,
    as_json: bool = False,
) -> None:
    """Adopt an app, as the options of a setup say, and print the outcome; see `adopt`.

    Raises:
        Refusal: The app cannot be adopted, or something failed; the app is as it was.
    """
    from ..flows.adoption import AdoptOptions, plan
    from ..flows.setup import carry_out

    asking = is_interactive() and not (options.defaults or yes or options.dry_run)
    given = AdoptOptions(
        **vars(options), move=move, ask_to_move=_ask_to_move if asking and move is None else None
    )
    with own_prompts():
        planned = plan(app, given, say)
    if as_json:
        if not options.dry_run:
            carry_out(planned, say)
        click.echo(json.dumps(_as_json(planned, dry_run=options.dry_run), indent=2))
    elif options.dry_run:
        show_diff(planned.changes, planned.app.api_path, full=full)
        for told in planned.told:
            say(str(told))
    else:
        _carry_out(planned, yes=yes)


def _refuse(refusal: Refusal, *, as_json: bool) -> NoReturn:
    if as_json:
        found = {"line": refusal.line, "column": refusal.column, "reason": refusal.reason}
        outcome = {"status": "refused", "path": refusal.path or None, **found}
        click.echo(json.dumps(outcome, indent=2))
    refuse(refusal)


def _ask_to_move(modules: list[str]) -> bool:
    say("The functions are in " + ", ".join(modules) + ".")
    return confirm("Move them to src/inngest/functions?", default=False)


def _as_json(planned: Adoption, *, dry_run: bool) -> dict[str, Any]:
    return {
        "status": "would-adopt" if dry_run else "adopted",
        "app": str(planned.app.root),
        "answers": dict(planned.taken),
        "changes": [
            {"path": change.path, "action": change.verb} for change in planned.changes.changes
        ],
        "notes": [told.as_json() for told in planned.told],
    }


def _carry_out(planned: Adoption, *, yes: bool) -> None:
    from ..flows.setup import carry_out

    app = planned.app
    manager = planned.answers["package_manager"]
    install = manager if planned.installing else ""
    headline = f"To adopt {app.title()}:"
    if not approved(headline, planned.changes, app.api_path, install=install, yes=yes):
        raise Refusal("stopped before anything was written: nothing was changed.")
    with live_line() as progress:
        locks = carry_out(planned, say, progress)
    tell(click.style(f"\nInngest in {app.root.name} is adopted:\n", bold=True))
    print_changes(planned.changes, locks=locks)
    tell(click.style("\nThese are answers now, in .copier-answers.inngest.yml:\n", bold=True))
    for question, answer in planned.taken.items():
        tell(f"  {question}: {json.dumps(answer)}")
    if planned.told:
        tell(click.style("\nThis is left to you:\n", bold=True))
    for told in planned.told:
        tell(f"  {told}", hanging=2)
    if not planned.installing:
        where = "" if app.workspaces else f"cd {app.api_path} && "
        tell(f"\nInstall the dependencies: {where}{manager} install")
    if planned.in_git:
        tell(READ_AND_COMMIT)
