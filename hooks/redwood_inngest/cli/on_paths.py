"""The options and the output that the commands for many paths share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

import click

from .printing import coloured_diff, counts, say, say_refusal, with_bar

if TYPE_CHECKING:
    from ..flows.results import Result


# More than the parser takes, so that the parser reports its limit.
_MOST = 16 * 1024 * 1024


def path_options(function: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of these commands."""
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


def run_on_paths(
    paths: tuple[str, ...],
    would_do: str,
    on_text: Callable[..., tuple[Result, str]],
    on_many: Callable[..., Iterator[Result]],
    *,
    check: bool,
    diff: bool,
    as_json: bool,
) -> NoReturn:
    """Do something with paths, print the results, and end with the exit code.

    Args:
        paths: Files and folders; `-` alone is standard input, nothing is the current folder.
        would_do: The status of paths that need a change.
        on_text: Does it with a text, and returns the result and the new text. It takes
            `dry_run`, as `on_many` does.
        on_many: Does it with files and folders, and yields a result for each.
        check: Whether a path that needs a change is a failure.
        diff: Whether to print the edits, and make none.
        as_json: Whether to print JSON.
    """
    paths = paths or (".",)
    dry_run = check or diff
    filtering = paths == ("-",)
    if "-" in paths and not filtering:
        raise click.UsageError("- stands alone: it reads standard input.")
    if filtering:
        result, text = on_text(sys.stdin.buffer.read(_MOST), dry_run=dry_run)
        results = [result]
        filtering = not (dry_run or as_json)
        if filtering:
            sys.stdout.buffer.write(text.encode())
    else:
        results = list(with_bar(on_many(paths, dry_run=dry_run), len(paths)))
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], indent=2))
    for result in results:
        _print_result(result, quiet=as_json or filtering, diff=diff)
    if len(results) > 1 and not as_json:
        say(counts([result.status for result in results]))
    failed = any(result.refused for result in results)
    work = check and any(result.status == would_do for result in results)
    sys.exit(1 if failed or work else 0)


def _print_result(result: Result, *, quiet: bool, diff: bool) -> None:
    if result.refused:
        say_refusal(result.as_refusal())
    elif diff and not quiet:
        click.echo(coloured_diff(result.change.diff() if result.change else ""), nl=False)
    elif not quiet:
        click.echo(f"{result.status:>13}  {result.path}")
    for line in result.remarks():
        say(line)
