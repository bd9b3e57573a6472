"""The command `redwood-inngest`: parsing and printing only."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from ..errors import Refusal
from ..flows import wire as handlers

if TYPE_CHECKING:
    from ..flows import fleet, update
    from ..flows.setup import Options, Outcome

T = TypeVar("T")


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
@click.option(
    "--data-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Answer questions with those in this YAML file.",
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
    data_file: Path | None,
    template: str | None,
    no_install: bool,
    force: bool,
    diff: bool,
) -> None:
    """Set Inngest up in APP (default: the app that you are in)."""
    # Copier is slow to import, and the other commands have no use for it.
    from ..flows import setup as lifecycle, template_source as source

    try:
        options = lifecycle.Options(
            template=source.template_source(template),
            data=_answers(data, data_file),
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


@main.command(name="update")
@click.argument("apps", type=click.Path(path_type=Path), nargs=-1, metavar="[APP]...")
@click.option("--defaults", is_flag=True, help="Ask nothing: keep the answers.")
@click.option(
    "--data",
    "-d",
    "data",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change an answer, as in event_prefix=my-app.",
)
@click.option(
    "--data-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Change answers with those in this YAML file.",
)
@click.option("--template", metavar="SOURCE", help="Where the template is now: a Git URL or clone.")
@click.option("--vcs-ref", metavar="REF", help="Update to this tag, branch or commit.")
@click.option("--no-install", is_flag=True, help="Do not install changed dependencies.")
@click.option("--diff", is_flag=True, help="Print what would change, and change nothing.")
def update_command(
    apps: tuple[Path, ...],
    *,
    defaults: bool,
    data: tuple[str, ...],
    data_file: Path | None,
    template: str | None,
    vcs_ref: str | None,
    no_install: bool,
    diff: bool,
) -> None:
    r"""Update APPs to the newest version of their template (default: the app that you are in).

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
    """
    from ..flows import fleet, update

    try:
        options = update.UpdateOptions(
            data=_answers(data, data_file),
            template=template,
            ref=vcs_ref,
            defaults=defaults or len(apps) > 1 or not _is_interactive(),
            install=not no_install,
            dry_run=diff,
        )
    except Refusal as refusal:
        _refuse(refusal)
    if len(apps) > 1:
        running = fleet.update_many(apps, options, _say)
        results = sorted(_with_progress(running, len(apps)), key=lambda one: apps.index(one.app))
    else:
        results = [fleet.update_one(apps[0] if apps else Path(), options, _say)]
    for result in results:
        if result.update and diff:
            click.echo(result.update.changes.diff(), nl=False)
        elif result.update and len(apps) <= 1:
            _report_update(result, result.update)
        elif result.refusal:
            _say_refusal(_about(result, len(apps)), result.refusal.paste)
    if len(apps) > 1:
        _table(results, to_stderr=diff)
    statuses = {result.status for result in results}
    sys.exit(next(code for status, code in _EXIT_CODES.items() if status in statuses))


# The gravest first: it decides for several apps.
_EXIT_CODES = {"refused": 1, "conflict": 4, "updated": 0, "unchanged": 3}


def _about(result: fleet.Result, apps: int) -> Refusal:
    """The refusal, with the app where there are several and it names no file of one."""
    refusal = result.refusal or Refusal("")
    return refusal if apps == 1 or refusal.path else refusal.at(str(result.app))


def _with_bar(running: Iterator[T], count: int) -> Iterator[T]:
    """Show on a terminal how far it is."""
    if count == 1 or not sys.stderr.isatty():
        yield from running
        return
    with click.progressbar(running, length=count, file=sys.stderr) as bar:
        yield from bar


def _counts(statuses: list[str]) -> str:
    """How many there are of each: `3 updated, 1 refused`."""
    return ", ".join(f"{count} {status}" for status, count in Counter(statuses).items())


def _with_progress(running: Iterator[fleet.Result], count: int) -> Iterator[fleet.Result]:
    for number, result in enumerate(_with_bar(running, count), 1):
        if not sys.stderr.isatty():
            _say(f"[{number}/{count}] {result.status} {result.app}")
        yield result


def _table(results: list[fleet.Result], *, to_stderr: bool) -> None:
    rows = [(one.status, str(one.app), _step(one.update) if one.update else "") for one in results]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for status, app, step in rows:
        line = f"{status:<{widths[0]}}  {app:<{widths[1]}}  {step}".rstrip()
        click.echo(line, err=to_stderr)
    click.echo(_counts([row[0] for row in rows]), err=to_stderr)


def _step(update: update.Update) -> str:
    same = update.before == update.after
    return update.after if same else f"{update.before} -> {update.after}"


def _report_update(result: fleet.Result, update: update.Update) -> None:
    if update.status == "unchanged":
        click.echo(f"Nothing to do: the app is up to date ({_step(update)}).")
        return
    click.echo(f"Updated {update.root}, {_step(update)}:")
    for change in update.changes.changes:
        word = "conflict" if change.path in update.conflicts else change.verb
        click.echo(f"  {word:>8}  {change.path}")
    for path in sorted(update.conflicts.keys() - {one.path for one in update.changes.changes}):
        click.echo(f"  conflict  {path}")
    if update.conflicts:
        click.echo(_CONFLICTS_HELP)
    else:
        click.echo("\nRead it with `git diff`, then commit it.")
    if update.needs_installation and not result.installed:
        click.echo(f"Then install the dependencies: {update.package_manager} install")


_CONFLICTS_HELP = """
You and the template changed the same lines of the files marked `conflict`. In each of them your
lines stand after `<<<<<<< before updating`, and the template's before `>>>>>>> after updating`.
Keep what is right, delete the markers, and tell Git with `git add FILE`. A conflict without
markers is a file that the template removed and you had edited: `git add` keeps it, `git rm` does
not. `git status` lists what is left to do. Then commit it all."""


def _say(line: str) -> None:
    click.echo(line, err=True)


def _is_interactive() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


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
        results = list(_with_bar(handlers.run_on_many(action, paths, dry_run=dry_run), len(paths)))
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], indent=2))
    for result in results:
        _print_result(result, quiet=as_json or filtering, diff=diff)
    if len(results) > 1 and not as_json:
        _say(_counts([result.status for result in results]))
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


def _answers(data: tuple[str, ...], file: Path | None) -> dict[str, Any]:
    from ..flows.answers import answers_in

    pairs = [item.partition("=") for item in data]
    for name, equals, value in pairs:
        if not (name and equals):
            raise click.BadParameter(f"{name + value!r} is not NAME=VALUE.", param_hint="--data")
    given = answers_in(file) if file else {}
    return {**given, **{name: value for name, _, value in pairs}}


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
    from ..app.find import ANSWERS_FILE

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


def _refuse(refusal: Refusal) -> NoReturn:
    _say_refusal(refusal, refusal.paste)
    sys.exit(1)


def _say_refusal(refusal: Refusal, paste: str) -> None:
    click.echo(f"redwood-inngest: {refusal}", err=True)
    if paste:
        click.echo(f"\nBy hand, these lines do it:\n\n{paste}", err=True)


if __name__ == "__main__":
    main()
