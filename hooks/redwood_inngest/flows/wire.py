"""Wire or unwire GraphQL handlers by path: many in one run, and one bad file stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..app.find import find_root, read_api_path, root_of
from ..app.handler import find_graphql_handler
from ..changes import Change, Changes, read, resolve
from ..codemods.graphql_handler import Edited, decode, unwire, wire
from ..errors import Refusal
from ..typescript.style import REDWOOD_STYLE, CodeStyle
from . import interrupted
from .folder_style import folder_style
from .results import Result, as_typed, refused

Codemod = Callable[[str, str, CodeStyle], Edited]


@dataclass(frozen=True)
class Action:
    """An action on a handler, and the names of its outcomes."""

    codemod: Codemod
    done: str
    nothing_to_do: str
    would_do: str


# Starting processes costs about as much as wiring this many handlers.
WORTH_PROCESSES = 100

WIRE = Action(wire, "wired", "already-wired", "would-wire")
UNWIRE = Action(unwire, "unwired", "not-wired", "would-unwire")
ACTIONS = {"wire": WIRE, "unwire": UNWIRE}


@dataclass(frozen=True)
class _Edit:
    """The edit of one handler, not yet made.

    Attributes:
        result: The result as long as nothing is written.
        changes: The change of the handler, or none where there is nothing to do; None after a
            refusal.
    """

    result: Result
    changes: Changes | None = None


def run(action: Action, path: str, *, dry_run: bool) -> Result:
    """Wire or unwire one handler.

    Args:
        action: `WIRE` or `UNWIRE`.
        path: A handler's file, or an app's folder, or a folder in an app.
        dry_run: Whether to leave the file as it is.

    Returns:
        The result; a refusal is one, too.
    """
    return _finished(action, _edit(action, path), dry_run=dry_run)


def _edit(action: Action, path: str) -> _Edit:
    """Work out the edit of one handler; nothing is written."""
    shown = path
    try:
        file = _handler(Path(path))
        shown = as_typed(file) if Path(path).is_dir() else path
        root, name = _place(Path(file))
        before = read(root, name)
        if before is None:
            raise Refusal("there is no such file.")
        suffix = Path(file).suffix
        edited = action.codemod(
            decode(before), suffix, folder_style((root / name).parent, f"graphql{suffix}")
        )
        reason = " ".join(edited.notes) or None
        if not edited.changed:
            return _Edit(Result(shown, action.nothing_to_do, reason), Changes(root))
        change = Change(name, before, edited.source.encode())
        told = Change(shown.lstrip("/"), before, change.after)
        return _Edit(Result(shown, action.would_do, reason, change=told), Changes(root, (change,)))
    except Refusal as refusal:
        return _Edit(refused(shown, refusal))


def _finished(action: Action, edit: _Edit, *, dry_run: bool) -> Result:
    """Write an edit that was worked out, unless an earlier run is unfinished in its app."""
    if edit.changes is None:
        return edit.result
    try:
        interrupted.check(edit.changes.root, dry_run=dry_run)
        if dry_run or not edit.changes.changes:
            return edit.result
        edit.changes.make()
    except Refusal as refusal:
        return refused(edit.result.path, refusal)
    return replace(edit.result, status=action.done)


def run_on_many(action: Action, paths: Sequence[str], *, dry_run: bool) -> Iterator[Result]:
    """Wire or unwire many handlers, in parallel where that is faster.

    Args:
        action: `WIRE` or `UNWIRE`.
        paths: Handlers' files and apps' folders.
        dry_run: Whether to leave the files as they are.

    Yields:
        A result for each, in the order of the paths.
    """
    if len(paths) < WORTH_PROCESSES:
        yield from (run(action, path, dry_run=dry_run) for path in paths)
        return
    from concurrent.futures import ProcessPoolExecutor  # slow to import, for one handler

    # Only this process writes: changes of one app exclude each other.
    with ProcessPoolExecutor() as processes:
        for edit in processes.map(partial(_edit, action), paths, chunksize=16):
            yield _finished(action, edit, dry_run=dry_run)


def run_on_text(action: Action, data: bytes, *, dry_run: bool) -> tuple[Result, str]:
    """Wire or unwire a handler's text, as it comes through standard input.

    Args:
        action: `WIRE` or `UNWIRE`.
        data: The text, in UTF-8.
        dry_run: Whether the new text is not to be used.

    Returns:
        The outcome, and the new text, which is empty after a refusal.
    """
    try:
        text = decode(data)
        edited = action.codemod(text, ".tsx" if "</" in text else ".ts", REDWOOD_STYLE)
    except Refusal as refusal:
        return refused("-", refusal), ""
    reason = " ".join(edited.notes) or None
    change = Change("-", data, edited.source.encode()) if edited.changed else None
    done = action.would_do if dry_run else action.done
    status = done if edited.changed else action.nothing_to_do
    return Result("-", status, reason, change=change), edited.source


def _place(file: Path) -> tuple[Path, str]:
    """The folder that an edit of a handler must not leave, and the handler's path from there.

    The folder is the app's, or where there is none, the file's own.

    Raises:
        Refusal: The file, which a link may lead to, is out of the app.
    """
    folder = file.parent.resolve()
    root = find_root(folder) or folder
    name = (folder / file.name).relative_to(root).as_posix()
    try:
        resolve(root, name)
    except Refusal as refusal:
        raise refusal.at(str(file)) from None
    return root, name


def _handler(path: Path) -> str:
    if not path.is_dir():
        return str(path)
    root = root_of(path)
    return str(root / find_graphql_handler(root, read_api_path(root)))
