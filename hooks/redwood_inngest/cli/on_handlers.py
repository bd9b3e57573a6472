"""What `wire` and `unwire` have in common: their arguments, and what they print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from .printing import counts, say, say_refusal, with_bar

if TYPE_CHECKING:
    from ..flows.wire import Result

# More than the parser takes, so that it says so.
_MOST = 16 * 1024 * 1024


def handler_options(function: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of both."""
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
    return function


def run_on_handlers(
    verb: str, paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool
) -> None:
    """Wire or unwire the handlers of these paths, print the results, and end with the exit code."""
    from ..flows import wire as handlers  # LibCST is slow to import

    action = handlers.ACTIONS[verb]
    paths = paths or (".",)
    dry_run = check or diff
    filtering = paths == ("-",)
    if "-" in paths and not filtering:
        raise click.UsageError("- stands alone: it reads standard input.")
    if filtering:
        result, text = handlers.run_on_text(action, sys.stdin.buffer.read(_MOST), dry_run=dry_run)
        results = [result]
        filtering = not (dry_run or as_json)
        if filtering:
            sys.stdout.buffer.write(text.encode())
    else:
        results = list(with_bar(handlers.run_on_many(action, paths, dry_run=dry_run), len(paths)))
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], indent=2))
    for result in results:
        _print_result(result, quiet=as_json or filtering, diff=diff)
    if len(results) > 1 and not as_json:
        say(counts([result.status for result in results]))
    failed = any(result.refused for result in results)
    work = check and any(result.status == action.would_do for result in results)
    sys.exit(1 if failed or work else 0)


def _print_result(result: Result, *, quiet: bool, diff: bool) -> None:
    if result.refused:
        say_refusal(result.as_refusal())
    elif diff and not quiet:
        click.echo(result.diff, nl=False)
    elif not quiet:
        click.echo(f"{result.status:>13}  {result.path}")
    if result.reason and not result.refused:
        click.echo(f"{result.path}: {result.reason}", err=True)
