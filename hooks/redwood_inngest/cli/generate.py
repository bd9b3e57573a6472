"""`redwood-inngest generate`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..app.framework import FRAMEWORKS
from ..errors import Refusal
from .options import chooser, interruption_options, settle
from .printing import coloured_diff, is_interactive, refuse, say, show, tell

if TYPE_CHECKING:
    from ..flows.functions.app import FunctionsApp
    from ..flows.functions.generate import Generated


@click.group()
def generate() -> None:
    """Generate code for an app that is set up (short: g).

    \b
    Example:   redwood-inngest generate function sendReceipt --on PlaceOrder
    """  # noqa: D301 - click reads the character


@generate.command()
@click.argument("name", required=False)
@click.option(
    "--app", type=click.Path(path_type=Path), default=".", help="The app, or a folder in it."
)
@click.option("--kind", metavar="KIND", help="The kind of function; --kind list lists them.")
@click.option("--on", "operation", metavar="OPERATION", help="Run on this GraphQL operation.")
@click.option("--event", metavar="NAME", help="Run on the event of this name.")
@click.option("--cron", metavar="EXPRESSION", help="Run on this schedule.")
@click.option("--other", metavar="NAME", help="What cancels it, or what it waits for.")
@click.option("--no-test", is_flag=True, help="Make no test.")
@click.option("--no-install", is_flag=True, help="Do not install what the test needs.")
@click.option(
    "--diff", "--dry-run", "diff", is_flag=True, help="Print what would change, and change nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@interruption_options
def function(
    name: str | None,
    *,
    app: Path,
    kind: str | None,
    operation: str | None,
    event: str | None,
    cron: str | None,
    other: str | None,
    no_test: bool,
    no_install: bool,
    diff: bool,
    as_json: bool,
    settling: str | None,
) -> None:
    """Generate an Inngest function, with a test, and register it.

    On a terminal, what is not given is asked for. No file is written over.

    \b
    Examples:  redwood-inngest g function sendReceipt --on PlaceOrder
               redwood-inngest g function cleanUp --cron 'TZ=UTC 0 3 * * *'
    Exit codes: 0 made, 1 refused and nothing changed, 2 not understood.
    """  # noqa: D301 - click reads the character
    if settling:
        settle([app], settling)
    from ..flows.functions.app import open_app
    from ..flows.functions.generate import Wish, generate as make, write
    from ..flows.functions.kinds import KINDS
    from . import function_prompts as prompts

    if sum(map(bool, (operation, event, cron))) > 1:
        raise click.UsageError("Use one of --on, --event and --cron.")
    if kind == "list":
        click.echo(_kinds())
        return
    if kind and kind not in KINDS:
        raise click.UsageError(f"There is no kind {kind!r}. There are\n{_kinds()}")
    asks = is_interactive() and not as_json
    runs_on = operation or event or cron
    try:
        opened = open_app(app, None if diff else chooser())
        default = "scheduled" if cron else "background"
        chosen = kind or (prompts.ask_kind() if asks and not runs_on else default)
        wish = Wish(
            KINDS[chosen],
            name,
            operation or "",
            event or "",
            cron or "",
            other or "",
            with_test=not no_test,
        )
        made = make(opened, prompts.complete(opened, wish) if asks else wish)
        installed = not diff and write(opened, made, say, install=not no_install)
    except Refusal as refusal:
        refuse(refusal)
    if as_json:
        click.echo(json.dumps(_as_json(made, dry_run=diff), indent=2))
    elif diff:
        show(coloured_diff(made.changes.diff()))
    else:
        _report(opened, made, installed=installed)


def _kinds() -> str:
    from ..flows.functions.kinds import KINDS

    return "\n".join(f"  {kind.name:<13} {kind.help}" for kind in KINDS.values())


def _as_json(made: Generated, *, dry_run: bool) -> dict[str, Any]:
    recipe = made.recipe
    return {
        "function": recipe.name,
        "id": made.function_id,
        "kind": recipe.kind,
        "runsOn": recipe.subject.what if recipe.subject else recipe.cron or None,
        "written": not dry_run,
        "files": [{"path": each.path, "change": each.verb} for each in made.changes.changes],
    }


def _report(app: FunctionsApp, made: Generated, *, installed: bool) -> None:
    for change in made.changes.changes:
        tell(f"  {change.verb:>6}  {change.path}")
    for note in made.notes:
        tell(f"\n{note}")
    steps = list(next_steps(app, made, installed=installed))
    tell("\nNext:")
    width = max(len(command) for command, _ in steps)
    for command, what in steps:
        tell(f"  {command:<{width}}   {what}")


def next_steps(app: FunctionsApp, made: Generated, *, installed: bool) -> Iterator[tuple[str, str]]:
    """The commands to run with a new function, each with its purpose."""
    manager = app.answers["package_manager"]
    run = "npm run" if manager == "npm" else manager
    framework = (
        f"{'npx' if manager == 'npm' else manager} {FRAMEWORKS[app.answers['framework']].command}"
    )
    if made.adds_package and not installed:
        where = "" if app.answers.get("workspaces", True) else f"cd {app.answers['api_path']} && "
        yield f"{where}{manager} install", "installs what the test needs"
    if made.has_test:
        yield f"{framework} test api {made.recipe.name}", "runs its test"
    yield f"{framework} dev", "starts the app"
    yield f"{run} inngest:dev", "in another terminal: http://localhost:8288 shows its runs"
