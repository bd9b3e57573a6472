"""Changes as a person sees them: in short before they are made, as a diff, in short afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .printing import coloured_diff, confirm, is_interactive, show, tell

if TYPE_CHECKING:
    from ..changes import Change, Changes

_COLOURS = {"create": "green", "edit": "yellow", "remove": "red", "conflict": "magenta"}


def approved(headline: str, changes: Changes, api_path: str, *, install: str, yes: bool) -> bool:
    """Show a person what is about to be done, and ask for a yes; without a terminal it is a yes.

    Args:
        headline: The app, and what is done to it.
        changes: The changes.
        api_path: The folder of the api side.
        install: The package manager that installs what the changes add; empty for none.
        yes: Whether the yes was given beforehand.
    """
    if not is_interactive():
        return True
    from ..flows.summary import changed_packages, summary_of

    summary = summary_of(changes, api_path)
    tell(f"\n{click.style(headline, bold=True)}\n")
    for verb, path, note in summary.rows():
        print_row(verb, path, note)
    how = f"installed with {install}" if install else "not installed yet"
    for package, version in changed_packages(changes).items():
        print_row("package", f"{package} {version}" if version else package, version and how)
    if summary.own:
        tell("\nYour own files:\n")
        click.echo(coloured_diff(_diff(summary.own)))
    return yes or confirm("Make these changes?")


READ_AND_COMMIT = (
    "\nRead what changed, then commit it. `git status` lists the files; `git add -N .` makes "
    "`git diff` show the new ones, too."
)


def show_diff(changes: Changes, api_path: str, *, full: bool) -> None:
    """Print changes as a diff: first those of the team's own files, then those of the generated.

    Args:
        changes: The changes.
        api_path: The folder of the api side.
        full: Whether to print new files as a whole, and not only how long they are.
    """
    from ..flows.summary import line_count, summary_of

    summary = summary_of(changes, api_path)
    created = [] if full else [each for each in changes.changes if each.verb == "create"]
    shown = [each for each in (*summary.own, *summary.generated) if each not in created]
    text = coloured_diff(_diff(shown))
    if created:
        counts = [line_count(each.after) for each in created]
        text += "\n" * bool(text) + f"New files, {sum(counts)} lines; --diff --full shows them:\n"
        rows = (f"{n:>7}  {each.path}\n" for n, each in zip(counts, created, strict=True))
        text += "".join(rows)
    show(text)


def print_changes(
    changes: Changes, *, conflicts: Collection[str] = (), locks: Iterable[Path] = ()
) -> None:
    """Print what has been changed, a line each.

    Args:
        changes: The changes.
        conflicts: The files in which the team and the template changed the same lines.
        locks: The lock files that an installation has changed.
    """
    for change in changes.changes:
        print_row("conflict" if change.path in conflicts else change.verb, change.path)
    for path in sorted(set(conflicts) - {change.path for change in changes.changes}):
        print_row("conflict", path)
    for lock in locks:
        print_row("edit", _relative(lock, changes.root))


def print_row(verb: str, path: str, note: str = "") -> None:
    """Print one line of a list of changes."""
    coloured = click.style(f"{verb:>8}", fg=_COLOURS.get(verb))
    tell(f"{coloured}  {path}" + (click.style(f"  {note}", dim=True) if note else ""))


def _relative(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)


def _diff(changes: Iterable[Change]) -> str:
    return "".join(change.diff() for change in changes)
