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
from .printing import confirm, is_interactive, refuse, say, say_refusal, tell
from .questions import own_prompts
from .update import update

if TYPE_CHECKING:
    from ..flows.setup import AnswersDiffer, Options, Setup
    from ..flows.template_source import TemplateSource


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--defaults", is_flag=True, help="Take the default of each question.")
@answer_options("Give")
@writing_options
@click.option("--force", is_flag=True, help="Go on although the app has uncommitted changes.")
@click.option("--template", metavar="SOURCE", help="Use this template: a Git URL or a folder.")
@interruption_options
def setup(
    app: Path,
    *,
    defaults: bool,
    data: tuple[str, ...],
    data_file: Path | None,
    yes: bool,
    diff: bool,
    full: bool,
    no_install: bool,
    force: bool,
    template: str | None,
    settling: str | None,
) -> None:
    """Set Inngest up in APP (default: the app that you are in).

    \b
    Examples:  redwood-inngest setup
               redwood-inngest setup --diff
               redwood-inngest setup --yes --data event_prefix=shop
    Exit codes: 0 set up, 1 refused and nothing changed, 2 not understood.
    """  # noqa: D301 - click reads the character
    check_full(diff=diff, full=full)
    if settling:
        settle([app], settling)
    # The command ends soon, and the collector would walk all that Copier and LibCST bring.
    gc.disable()
    # Slow to import, and the other commands do not need it.
    from ..flows.setup import AnswersDiffer, Options, plan
    from ..flows.template_source import template_source

    asks = is_interactive() and not (yes or diff)
    try:
        source = template_source(template)
        if asks and not _agreed_to_local(source, app):
            raise Refusal(_STOPPED)
        options = Options(
            template=source,
            data=given_answers(data, data_file),
            defaults=defaults or not is_interactive(),
            force=force,
            install=False if no_install or diff else None,
            dry_run=diff,
            choose=chooser(),
        )
        with own_prompts():
            planned = plan(app, options, say)
        if diff:
            show_diff(planned.changes, planned.app.api_path, full=full)
        else:
            _carry_out(planned, yes=yes, local=source if source.is_local and not asks else None)
    except HasInngest as found:
        _offer_adoption(app, options, found, asking=asks and not defaults)
    except AnswersDiffer as differ:
        _offer_update(app, differ, diff=diff, no_install=no_install)
    except Refusal as refusal:
        refuse(refusal)
    except GitError as error:
        refuse(Refusal(f"Git failed, and nothing was changed: {error}"))


_STOPPED = "stopped before anything was written: nothing was changed."


def _agreed_to_local(source: TemplateSource, app: Path) -> bool:
    """Whether a person agrees to a template that only this machine has, if it is one."""
    from ..app.find import find_root
    from ..app.handler import ANSWERS_FILE

    root = find_root(app)
    if not source.is_local or not root or (root / ANSWERS_FILE).exists():
        return True
    say(_local(source))
    return confirm("Go on with the one of this machine?")


def _local(source: TemplateSource) -> str:
    published = source.published_at()
    instead = f": {published} looks right" if published else ""
    return (
        f"The answers will name the template as {source.location}, which only this machine has: a "
        "teammate's update would not find it. For a template that all can reach, set up with "
        f"--template and its Git URL{instead}."
    )


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


def _carry_out(planned: Setup, *, yes: bool, local: TemplateSource | None) -> None:
    from ..flows.setup import carry_out
    from ..flows.template_source import documentation

    if not planned.changes.changes:
        tell("Inngest is set up here already: nothing to change.")
        return
    if local:
        say(_local(local))
    app = planned.app
    manager = planned.answers["package_manager"] if planned.installing else ""
    headline = f"To set Inngest up in {app.title()}:"
    if not approved(headline, planned.changes, app.api_path, install=manager, yes=yes):
        raise Refusal(_STOPPED)
    with live_line() as progress:
        locks = carry_out(planned, say, progress)
    tell(click.style(f"\nInngest is set up in {app.root.name}:\n", bold=True))
    print_changes(planned.changes, locks=locks)
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
        where = "" if app.workspaces else f"cd {app.api_path} && "
        yield _command(f"{where}{manager} install", "")
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
