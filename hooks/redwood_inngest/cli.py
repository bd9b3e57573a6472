"""The command `redwood-inngest`: parsing and printing only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from . import handlers
from .refusal import Refusal

if TYPE_CHECKING:
    from .lifecycle import Options, Outcome


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="redwood-inngest")
def main() -> None:
    """Set up Inngest in a RedwoodJS or CedarJS app, and keep it up to date."""


@main.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--defaults", is_flag=True, help="Ask nothing: take the default of each question.")
@click.option(
    "--data",
    "-d",
    "data",
    multiple=True,
    metavar="NAME=VALUE",
    help="Answer a question beforehand, as in event_prefix=my-app.",
)
@click.option("--template", metavar="SOURCE", help="Use this template: a Git URL or a folder.")
@click.option("--no-install", is_flag=True, help="Do not install the new dependencies.")
@click.option("--force", is_flag=True, help="Go on although the app has uncommitted changes.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
def setup(
    app: Path,
    *,
    defaults: bool,
    data: tuple[str, ...],
    template: str | None,
    no_install: bool,
    force: bool,
    diff: bool,
) -> None:
    """Set Inngest up in APP (default: the app that you are in)."""
    # Copier is slow to import, and the other commands have no use for it.
    from . import lifecycle, source

    try:
        options = lifecycle.Options(
            template=source.template_source(template),
            data=_answers(data),
            defaults=defaults or not lifecycle.is_interactive(),
            force=force,
            install=False if no_install or diff else None,
            dry_run=diff,
        )
        outcome = lifecycle.setup(app, options, lambda line: click.echo(line, err=True))
    except Refusal as refusal:
        _refuse(refusal)
    if diff:
        click.echo(outcome.changes.diff(), nl=False)
    else:
        _report(outcome, options)


def _on_handlers(verb: str) -> Callable[[Callable[..., None]], click.Command]:
    """The arguments and options that `wire` and `unwire` have in common."""

    def decorate(function: Callable[..., None]) -> click.Command:
        for parameter in (
            click.option("--json", "as_json", is_flag=True, help="Print the results as JSON."),
            click.option("--diff", is_flag=True, help="Print the edits, and change nothing."),
            click.option(
                "--check",
                is_flag=True,
                help="Change nothing; exit with 1 when there is something to do.",
            ),
            click.argument("paths", nargs=-1, metavar="[PATH]..."),
        ):
            function = parameter(function)
        return main.command(name=verb)(function)

    return decorate


@_on_handlers("wire")
def wire_command(paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool) -> None:
    """Add inngestPlugin to the GraphQL handler, and change nothing else.

    A PATH is a handler's file or an app's folder; without one it is the app that you are in. With
    - the handler is read from standard input, and written to standard output.
    """
    _run_on_handlers(handlers.WIRE, paths or (".",), check=check, diff=diff, as_json=as_json)


@_on_handlers("unwire")
def unwire_command(paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool) -> None:
    """Take inngestPlugin out of the GraphQL handler again.

    A PATH is a handler's file or an app's folder; without one it is the app that you are in. With
    - the handler is read from standard input, and written to standard output.
    """
    _run_on_handlers(handlers.UNWIRE, paths or (".",), check=check, diff=diff, as_json=as_json)


def _run_on_handlers(
    action: handlers.Action, paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool
) -> None:
    dry_run = check or diff
    filtering = paths == ("-",)
    if "-" in paths and not filtering:
        raise click.UsageError("- stands alone: it reads standard input.")
    if filtering:
        result, text = handlers.run_on_text(action, sys.stdin.buffer.read(), dry_run=dry_run)
        results = [result]
        filtering = not (dry_run or as_json)
        if filtering:
            sys.stdout.buffer.write(text.encode())
    else:
        results = [handlers.run(action, path, dry_run=dry_run) for path in paths]
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], indent=2))
    for result in results:
        _print_result(result, quiet=as_json or filtering, diff=diff)
    failed = any(result.status == handlers.REFUSED for result in results)
    work = check and any(result.status == action.would_do for result in results)
    sys.exit(1 if failed or work else 0)


def _print_result(result: handlers.Result, *, quiet: bool, diff: bool) -> None:
    if result.status == handlers.REFUSED:
        refusal = Refusal(result.reason or "", line=result.line, column=result.column)
        _say_refusal(refusal.at(result.path), result.paste)
    elif diff and not quiet:
        click.echo(result.diff, nl=False)
    elif not quiet:
        click.echo(f"{result.status:>13}  {result.path}")
    if result.reason and result.status != handlers.REFUSED:
        click.echo(f"{result.path}: {result.reason}", err=True)


def _answers(data: tuple[str, ...]) -> dict[str, str]:
    pairs = [item.partition("=") for item in data]
    for name, equals, value in pairs:
        if not (name and equals):
            raise click.BadParameter(f"{name + value!r} is not NAME=VALUE.", param_hint="--data")
    return {name: value for name, _, value in pairs}


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
    framework = "cedar" if outcome.app.framework == "cedar" else "rw"
    click.echo("\nNext:")
    if not outcome.installed:
        click.echo(f"  {manager} install")
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
    template = options.template
    if template.is_local:
        published = template.published_at()
        instead = f": {published} looks right" if published else ""
        yield (
            f"The answers name the template as {template.location}, which only this machine has: "
            "a teammate's update would not find it. For a template that all can reach, set up "
            f"with --template and its Git URL{instead}."
        )


def _refuse(refusal: Refusal) -> NoReturn:
    _say_refusal(refusal, refusal.paste)
    sys.exit(1)


def _say_refusal(refusal: Refusal, paste: str) -> None:
    click.echo(f"redwood-inngest: {refusal}", err=True)
    if paste:
        click.echo(f"\nBy hand, these lines do it:\n\n{paste}", err=True)


if __name__ == "__main__":
    main()
