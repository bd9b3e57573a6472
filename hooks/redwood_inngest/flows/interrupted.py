"""An unfinished earlier run: finished, or taken back, as the user says."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .. import git
from ..app.find import root_of
from ..errors import GitError, Refusal
from ..journal import (
    ABORT as ABORT,
    RESUME as RESUME,
    Journal,
    interrupted,
    journal_file,
    note_on,
    signals_held,
    sweep_up,
)


def settle(folder: Path, how: str) -> str:
    """Finish an unfinished earlier run in an app, or take it back.

    Args:
        folder: The app's folder, or one in it.
        how: `RESUME` or `ABORT`.

    Returns:
        A sentence about the outcome.

    Raises:
        Refusal: There is no such run, it cannot be done, or somebody has changed the files since.
    """
    root = root_of(folder)
    journal = _journal(root)
    if journal is None:
        return f"Nothing is unfinished in {root}."
    return _settled(root, journal, how)


def check(root: Path, *, dry_run: bool = False, choose: Callable[[str], str] | None = None) -> None:
    """Make sure that no earlier run has left anything unfinished, before anything else is done.

    Args:
        root: The app's folder.
        dry_run: Whether nothing is to be written, and so nothing can be finished either.
        choose: Tells a person about the run, and asks for `RESUME` or `ABORT`; None where there
            is nobody.

    Raises:
        Refusal: A run is unfinished, and nobody is there to decide about it.
    """
    journal = _journal(root, sweep=not dry_run)
    if journal is None:
        return
    said = (
        f"an earlier run was interrupted in {root}, with {_state(journal)}: `redwood-inngest setup "
        "--resume` there finishes it, and `--abort` takes it back."
    )
    if dry_run or not choose:
        raise Refusal(said)
    _settled(root, journal, choose(said))


# The mark in the journal of Copier's task, which makes its changes anew.
OF_TASK: dict[str, Any] = {"task": True}


def check_before_copier(root: Path) -> None:
    """The same as `check`, before Copier alone writes into an app; nothing is changed.

    Raises:
        Refusal: Something is unfinished, other than by Copier's own task.
    """
    journal = _journal(root, sweep=False)
    if journal and not journal.extra.get("task"):
        check(root, dry_run=True)


def take_back_task(root: Path) -> None:
    """Take back an unfinished earlier run of Copier's task.

    Raises:
        Refusal: It cannot be taken back.
    """
    journal = _journal(root)
    if journal and journal.extra.get("task"):
        _settled(root, journal, ABORT)


def kept_conflicts(conflicts: Mapping[str, Mapping[int, bytes]]) -> dict[str, Any]:
    """The conflicts of an update, as a journal keeps them: Git is told of them at the end."""
    return {
        "conflicts": {
            path: {
                str(stage): base64.b64encode(content).decode() for stage, content in stages.items()
            }
            for path, stages in conflicts.items()
        }
    }


def _journal(root: Path, *, sweep: bool = True) -> Journal | None:
    """The journal, where it is one of changes that have begun."""
    try:
        if sweep:
            sweep_up(root)
        journal = interrupted(root)
    except OSError as error:
        raise _cannot(error) from None
    return journal if journal and journal.has_begun() else None


def _settled(root: Path, journal: Journal, how: str) -> str:
    conflicts = _conflicts(root, journal)
    try:
        with signals_held():
            if how == RESUME and not journal.can_finish():
                raise Refusal(
                    "not all of it was written yet, so it can only be taken back: --abort."
                )
            left = journal.resume() if how == RESUME else journal.take_back()
    except OSError as error:
        raise _cannot(error) from None
    try:
        _tell_git(root, conflicts, resolved=how == ABORT)
    except GitError as error:
        raise Refusal(f"the files are done, but Git was not told of conflicts: {error}") from None
    if left:
        raise Refusal(f"an earlier run was interrupted.{note_on(left)}")
    if how == ABORT:
        return f"Taken back: {root} is as it was."
    return f"Finished in {root}. If package.json has changed, install the dependencies."


def _conflicts(root: Path, journal: Journal) -> dict[str, dict[int, bytes]]:
    """The conflicts that `kept_conflicts` has put into a journal.

    Raises:
        Refusal: They are something else.
    """
    try:
        return {
            path: {int(stage): base64.b64decode(text) for stage, text in stages.items()}
            for path, stages in journal.extra.get("conflicts", {}).items()
        }
    except (AttributeError, TypeError, ValueError):
        reason = "this is no journal of redwood-inngest: remove it."
        raise Refusal(reason, path=str(journal_file(root))) from None


def _tell_git(root: Path, conflicts: dict[str, dict[int, bytes]], *, resolved: bool) -> None:
    for path, stages in conflicts.items():
        if resolved:
            git.git(root, "reset", "--quiet", "--", path)
        else:
            git.mark_unmerged(root, path, stages)


def _state(journal: Journal) -> str:
    changed, of = journal.progress()
    return f"{changed} of {of} files changed"


def _cannot(error: OSError) -> Refusal:
    return Refusal(
        f"an earlier run was interrupted, and this stands in the way of repairing it: "
        f"{error.strerror} ({error.filename})."
    )
