"""`redwood-inngest adopt`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ..errors import GitError, Refusal
from .preview import READ_AND_COMMIT, show_diff
from .printing import confirm, is_interactive, refuse, say, tell
from .questions import own_prompts
from .setting_up import (
    Given,
    ask_about_local,
    carry_out,
    install_command,
    setup_options,
    tell_local,
)

if TYPE_CHECKING:
    from ..flows.adoption import Adoption
    from ..flows.setup import Options


@click.command()
@click.option("--move/--no-move", default=None, help="Move the functions to src/inngest, or not.")
@setup_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; ask nothing.")
def adopt(given: Given, *, move: bool | None, as_json: bool) -> None:
    """Take over APP, which has Inngest by other means.

    \b
    Examples:  redwood-inngest adopt --diff
               redwood-inngest adopt --move
    Exit codes: 0 adopted, 1 refused and nothing changed, 2 not understood.
    """  # noqa: D301 - click reads the character
    from ..flows.template_source import template_source

    try:
        source = template_source(given.template)
        if given.is_asking and not as_json:
            ask_about_local(source, given.app)
        options = given.options(source, asks_nothing=as_json)
        run(given.app, options, move=move, yes=given.yes, full=given.full, as_json=as_json)
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
    from ..flows import setup
    from ..flows.adoption import AdoptOptions, plan

    asking = is_interactive() and not (options.defaults or yes or options.dry_run)
    given = AdoptOptions(
        **vars(options), move=move, ask_to_move=_ask_to_move if asking and move is None else None
    )
    with own_prompts():
        planned = plan(app, given, say)
    if as_json:
        if not options.dry_run:
            tell_local(options.template)
            setup.carry_out(planned, say)
        click.echo(json.dumps(_as_json(planned, dry_run=options.dry_run), indent=2))
    elif options.dry_run:
        show_diff(planned.changes, planned.app.api_path, full=full)
        for told in planned.told:
            say(str(told))
    else:
        title = planned.app.title()
        done = f"Inngest in {planned.app.root.name} is adopted:"
        carry_out(planned, options.template, f"To adopt {title}:", done, yes=yes)
        _print_outcome(planned)


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


def _print_outcome(planned: Adoption) -> None:
    tell(click.style("\nThese are answers now, in .copier-answers.inngest.yml:\n", bold=True))
    for question, answer in planned.taken.items():
        tell(f"  {question}: {json.dumps(answer)}")
    if planned.told:
        tell(click.style("\nThis is left to you:\n", bold=True))
    for told in planned.told:
        tell(f"  {told}", hanging=2)
    if not planned.installing:
        tell(f"\nInstall the dependencies: {install_command(planned)}")
    if planned.in_git:
        tell(READ_AND_COMMIT)
