"""`redwood-inngest setup`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..app.framework import FRAMEWORKS
from ..app.handler import ANSWERS_FILE
from ..errors import GitError, Refusal
from .options import answer_options, chooser, given_answers, interruption_options, settle
from .printing import is_interactive, refuse, say

if TYPE_CHECKING:
    from ..flows.setup import Options, Outcome


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--defaults", is_flag=True, help="Ask nothing: take the default of each question.")
@answer_options("Give")
@click.option("--template", metavar="SOURCE", help="Use this template: a Git URL or a folder.")
@click.option("--no-install", is_flag=True, help="Do not install the new dependencies.")
@click.option("--force", is_flag=True, help="Go on although the app has uncommitted changes.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
@interruption_options
def setup(
    app: Path,
    *,
    defaults: bool,
    data: tuple[str, ...],
    data_file: Path | None,
    template: str | None,
    no_install: bool,
    force: bool,
    diff: bool,
    settling: str | None,
) -> None:
    """Set Inngest up in APP (default: the app that you are in)."""
    if settling:
        settle([app], settling)
    # Copier is slow to import, and the other commands do not need it.
    from ..flows.setup import Options, set_up
    from ..flows.template_source import template_source

    try:
        options = Options(
            template=template_source(template),
            data=given_answers(data, data_file),
            defaults=defaults or not is_interactive(),
            force=force,
            install=False if no_install or diff else None,
            dry_run=diff,
            choose=chooser(),
        )
        outcome = set_up(app, options, say)
    except Refusal as refusal:
        refuse(refusal)
    except GitError as error:
        refuse(Refusal(f"Git failed, and nothing was changed: {error}"))
    if diff:
        click.echo(outcome.changes.diff(), nl=False)
    else:
        _report(outcome, options)


def _report(outcome: Outcome, options: Options) -> None:
    changes = outcome.changes.changes
    if not changes:
        click.echo("Inngest is set up here already: nothing to change.")
        return
    click.echo(f"Inngest is set up in {outcome.app.root}:")
    for change in changes:
        click.echo(f"  {change.verb:>6}  {change.path}")
    for note in _notes(outcome, options):
        click.echo(f"\n{note}")
    manager = outcome.app.package_manager
    run = "npm run" if manager == "npm" else manager
    framework = FRAMEWORKS[outcome.app.framework].command
    click.echo("\nNext:")
    if not outcome.installed:
        where = "" if outcome.app.workspaces else f"cd {outcome.app.api_path} && "
        click.echo(f"  {where}{manager} install")
    click.echo(f"  {'npx' if manager == 'npm' else manager} {framework} dev")
    click.echo(f"  {run} inngest:dev    in another terminal: the Inngest dev server")
    if outcome.in_git:
        click.echo("  git diff            read it, then commit it")


def _notes(outcome: Outcome, options: Options) -> Iterator[str]:
    if not outcome.in_git:
        yield (
            "The app is not in a Git repository. Updates will need one: `git init`, and commit, "
            "before the first `copier update`."
        )
    if others := outcome.app.other_templates:
        yield (
            f"Other Copier templates are on this app ({', '.join(others)}): name this one to "
            f"Copier, as in `copier update --answers-file {ANSWERS_FILE}`."
        )
    template = options.template
    if template.is_local:
        published = template.published_at()
        instead = f": {published} looks right" if published else ""
        yield (
            f"The answers name the template as {template.location}, which only this machine has: "
            "a teammate's update would not find it. For a template that all can reach, set up "
            f"with --template and its Git URL{instead}."
        )
