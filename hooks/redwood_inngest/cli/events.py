"""`redwood-inngest events`."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import Refusal
from .options import chooser, interruption_options, settle
from .printing import refuse, say, tell

if TYPE_CHECKING:
    from ..flows.events import Events
    from ..graphql.operations import Operation


@click.command()
@click.argument("app", type=click.Path(path_type=Path), default=".")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.option("--write", is_flag=True, help="Write the events and their types into the app.")
@click.option("--check", is_flag=True, help="Exit with 1 where what is written is out of date.")
@click.option("--watch", "watching", is_flag=True, help="Write, and again after each edit.")
@interruption_options
def events(
    app: Path, *, as_json: bool, write: bool, check: bool, watching: bool, settling: str | None
) -> None:
    """List the GraphQL operations of APP, each with its event.

    APP is the app that you are in by default. What cannot be read, or does not fit the schema, is
    told on standard error, with file, line and column.

    \b
    Examples:  redwood-inngest events
               redwood-inngest events --write
               redwood-inngest events --check          in CI
    Exit codes: 0 done, 1 refused, or out of date with --check, 2 not understood.
    """  # noqa: D301 - click reads the character
    if settling:
        settle([app], settling)
    from ..flows.events import find_events, watch

    if sum((as_json, write, check, watching)) > 1:
        raise click.UsageError("Use one of --json, --write, --check and --watch.")
    try:
        if watching:
            say("Watching the app's sources; Ctrl+C ends it.")
            watch(app, _write_or_say)
        # The command ends soon, and the collector would walk all nodes of GraphQL meanwhile.
        gc.disable()
        found = find_events(app, chooser() if write else None)
        if not check:
            _say_mistakes(found)
        if write:
            _write(found)
        elif check:
            _check(found)
        elif as_json:
            click.echo(json.dumps(_as_json(found), indent=2))
        else:
            _list(found)
    except Refusal as refusal:
        refuse(refusal)
    except KeyboardInterrupt:
        sys.exit(0)


def _write_or_say(found: Events) -> None:
    """Write the module after an edit, or print why not: the schema may be broken meanwhile."""
    try:
        _say_mistakes(found)
        _write(found)
    except Refusal as refusal:
        say(f"redwood-inngest: {refusal}")


def _say_mistakes(found: Events) -> None:
    for mistake in found.operations.mistakes:
        say(str(mistake))


def _write(found: Events) -> None:
    from ..flows.events import check_schema

    check_schema(found)
    changed = found.what_changed()
    found.changes.make()
    if not found.changes.changes:
        tell(f"{found.path} is up to date.")
    for change in found.changes.changes:
        tell(f"  {change.verb:>6}  {change.path}")
    for line in changed:
        tell(f"          {line}")


def _check(found: Events) -> None:
    from ..flows.events import check_schema

    check_schema(found)
    changed = found.what_changed()
    if not changed:
        tell(f"{found.path} is up to date.")
        return
    say(f"{found.path} is out of date: run `redwood-inngest events --write`.")
    for line in changed:
        say(f"  {line}")
    sys.exit(1)


def _list(found: Events) -> None:
    operations = found.operations.operations
    if not operations:
        tell(
            "There are no GraphQL operations in the sources of this app. Operations of clients "
            "elsewhere become events all the same; their folders can be named in operation_folders."
        )
        return
    sent = [each for each in operations if not each.kept_home]
    home = [each for each in operations if each.kept_home]
    groups = [("Sent as events", sent), ("Kept home", home)]
    for title, group in groups:
        if group:
            click.echo(click.style(f"{title} ({len(group)})", bold=True))
            for operation in group:
                for line in _lines(operation):
                    tell(line)
            click.echo()


def _lines(operation: Operation) -> Iterator[str]:
    variables = ", ".join(f"${each.name}: {each.type}" for each in operation.variables)
    signature = f"{operation.kind} {operation.name or '(no name)'}"
    event = operation.event + ("" if operation.name else f"….{operation.kind}")
    yield f"  {click.style(event, fg='cyan')}"
    yield f"    {signature}{f'({variables})' if variables else ''}"
    if operation.fields:
        yield f"    runs {', '.join(operation.fields)}"
    yield click.style(f"    {operation.path}:{operation.line}:{operation.column}", dim=True)
    if operation.kept_home:
        yield f"    kept home by {operation.kept_home.answer}: {operation.kept_home.reason}"
    if not operation.name:
        yield "    give it a name: nothing tells its events apart"
    if operation.mistakes:
        yield click.style("    does not fit the schema", fg="red")


def _as_json(found: Events) -> dict[str, Any]:
    from ..graphql.event_types import export_names

    operations = found.operations.operations
    exports = export_names(each for each in operations if each.is_sent)
    return {
        "operations": [
            {
                "event": each.event if each.name else None,
                "export": exports.get(each.event) if each.is_sent else None,
                "name": each.name or None,
                "kind": each.kind,
                "variables": [vars(variable) for variable in each.variables],
                "fields": each.fields,
                "file": each.path,
                "line": each.line,
                "column": each.column,
                "sent": each.kept_home is None,
                "keptHome": vars(each.kept_home) if each.kept_home else None,
                "fitsSchema": not each.mistakes,
            }
            for each in operations
        ],
        "mistakes": [
            {
                "file": each.path or None,
                "line": each.line,
                "column": each.column,
                "message": each.message,
            }
            for each in found.operations.mistakes
        ],
    }
