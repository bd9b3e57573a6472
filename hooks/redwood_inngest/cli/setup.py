"""`redwood-inngest setup`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..app.framework import FRAMEWORKS
from ..errors import GitError, HasInngest, Refusal
from .adopt import run as run_adopt
from .preview import READ_AND_COMMIT, show_diff
from .printing import confirm, is_interactive, refuse, say, say_refusal, tell
from .questions import own_prompts
from .setting_up import (
    Given,
    ask_about_local,
    carry_out,
    install_command,
    setup_options,
)
from .update import update

if TYPE_CHECKING:
    from ..flows.setup import AnswersDiffer, Options, Setup


@click.command()
@setup_options
def setup(given: Given) -> None:
    """Set Inngest up in APP (default: the app that you are in).

    \b
    Examples:  redwood-inngest setup
               redwood-inngest setup --diff
               redwood-inngest setup --yes --data event_prefix=shop
    Exit codes: 0 set up, 1 refused and nothing changed, 2 not understood.
    """  # noqa: D301 - click reads the character
    # The command ends soon, and the collector would walk all that Copier and LibCST bring.
    gc.disable()
    # Slow to import, and the other commands do not need it.
    from ..flows.setup import AnswersDiffer, plan
    from ..flows.template_source import template_source

    try:
        source = template_source(given.template)
        if given.is_asking:
            ask_about_local(source, given.app)
        options = given.options(source)
        with own_prompts():
            planned = plan(given.app, options, say)
        if given.diff:
            show_diff(planned.changes, planned.app.api_path, full=given.full)
        elif not planned.changes.changes:
            tell("Inngest is set up here already: nothing to change.")
        else:
            headline = f"To set Inngest up in {planned.app.title()}:"
            done = f"Inngest is set up in {planned.app.root.name}:"
            carry_out(planned, source, headline, done, yes=given.yes)
            _print_outcome(planned)
    except HasInngest as found:
        _offer_adoption(given.app, options, found, asking=given.is_asking and not given.defaults)
    except AnswersDiffer as differ:
        _offer_update(given.app, differ, diff=given.diff, no_install=given.no_install)
    except Refusal as refusal:
        refuse(refusal)
    except GitError as error:
        refuse(Refusal(f"Git failed, and nothing was changed: {error}"))


def _offer_update(app: Path, differ: AnswersDiffer, *, diff: bool, no_install: bool) -> None:
    """Say that an update changes answers, and on a terminal offer to make it."""
    say_refusal(differ)
    if diff or not is_interactive() or not confirm("Do that now?"):
        sys.exit(1)
    click.get_current_context().invoke(
        update, apps=(app,), data=differ.data, defaults=True, no_install=no_install
    )


def _offer_adoption(app: Path, options: Options, found: HasInngest, *, asking: bool) -> None:
    """Say that an app has Inngest already, and on a terminal offer to adopt it."""
    say_refusal(found)
    if not asking or not confirm("Adopt it?"):
        sys.exit(1)
    try:
        run_adopt(app, options)
    except Refusal as refusal:
        refuse(refusal)


def _print_outcome(planned: Setup) -> None:
    from ..flows.template_source import documentation

    for note in _notes(planned):
        tell(f"\n{note}")
    tell(click.style("\nSee your first event:\n", bold=True))
    for number, step in enumerate(_steps(planned), 1):
        tell(f"  {number}. {step}")
    if page := documentation("functions"):
        tell(f"\nFunctions of your own: {page}")
    if planned.in_git:
        tell(READ_AND_COMMIT)


def _steps(planned: Setup) -> Iterator[str]:
    """What to do to see an event, a line each."""
    app, answers = planned.app, planned.answers
    manager = answers["package_manager"]
    if not planned.installing:
        yield _command(install_command(planned), "")
    dev = f"{'npx' if manager == 'npm' else manager} {FRAMEWORKS[app.framework].command} dev"
    yield _command(dev, "your app")
    yield _command(
        f"{'npm run' if manager == 'npm' else manager} inngest:dev", "in another terminal"
    )
    graphiql = f"http://localhost:{app.api_port}/graphql"
    files = {change.path.rpartition("/")[2] for change in planned.changes.changes}
    if "helloWorld.graphql" in files:
        query = f"query HelloWorld {{ {app.framework} {{ version }} }}"
        yield f"Run this query at {graphiql}:\n\n       {click.style(query, fg='cyan')}\n"
        yield f"Look at {_DEV_SERVER}/runs: it has run the function helloWorld."
    else:
        yield f"Use your app, or run one of its operations with its name at {graphiql}."
        yield f"Look at {_DEV_SERVER}/events: the event is there."


_DEV_SERVER = "http://localhost:8288"


def _command(command: str, what: str) -> str:
    return f"{click.style(command, fg='cyan')}{' ' * (20 - len(command))}  {what}".rstrip()


def _notes(planned: Setup) -> Iterator[str]:
    from ..app.handler import ANSWERS_FILE

    if not planned.in_git:
        yield (
            "The app is not in a Git repository. Updates will need one: `git init`, and commit, "
            "before the first `redwood-inngest update`."
        )
    if others := planned.app.other_templates:
        yield (
            f"Other Copier templates are on this app ({', '.join(others)}). `redwood-inngest "
            "update` knows its own; to Copier itself, name it with `--answers-file "
            f"{ANSWERS_FILE}`."
        )
