"""A set of file changes: shown as a diff, applied all or nothing. Only this writes into an app."""

from __future__ import annotations

import difflib
import errno
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .app.files import read_if_there
from .errors import Refusal

# What Git gives a file that it checks out; the folder's own rights decide who gets there.
_NEW_FILE_MODE = 0o644
_ANYBODY_WRITES = 0o222


@dataclass(frozen=True)
class Change:
    """One file of the app.

    Attributes:
        path: The file, relative to the app's folder, with `/` between folders.
        before: Its content now; None where there is no such file.
        after: The content that it gets; None where it is removed.
    """

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def verb(self) -> str:
        """What happens to the file, in a word."""
        if self.before is None:
            return "create"
        return "remove" if self.after is None else "edit"

    def diff(self) -> str:
        """The change as a unified diff; a file that is not UTF-8 is shown with escapes."""
        old, new = (_lines(content) for content in (self.before, self.after))
        from_file = f"a/{self.path}" if self.before is not None else "/dev/null"
        to_file = f"b/{self.path}" if self.after is not None else "/dev/null"
        return "".join(_with_end_marked(difflib.unified_diff(old, new, from_file, to_file)))


@dataclass(frozen=True)
class Changes:
    """Changes of an app that belong together."""

    root: Path
    changes: tuple[Change, ...] = ()

    @classmethod
    def planned(cls, root: Path, contents: dict[str, bytes]) -> Changes:
        """The changes that give files these contents; those that have them already are left out.

        Args:
            root: The app's folder.
            contents: The new content of each file, by path relative to the root.

        Raises:
            Refusal: A path leads out of the app, or is no file.
        """
        changes = (Change(path, read(root, path), content) for path, content in contents.items())
        return cls(root, tuple(change for change in changes if change.before != change.after))

    def diff(self) -> str:
        """All changes as one unified diff."""
        return "".join(change.diff() for change in self.changes)

    def apply(self) -> Callable[[], None]:
        """Make all changes, or none: a failure on the way takes back what was done.

        Returns:
            A function that takes all changes back, for when something later fails.

        Raises:
            Refusal: A file cannot be written, or is not as it was when the change was planned.
        """
        for change in self.changes:
            if read(self.root, change.path) != change.before:
                raise Refusal(
                    "this file changed in the meantime: nothing was written. Try again.",
                    path=change.path,
                )
        with ExitStack() as undo:
            for change in self.changes:
                file = resolve(self.root, change.path)
                try:
                    for folder in [each for each in file.parents if not each.exists()][::-1]:
                        folder.mkdir()
                        undo.callback(_remove_if_empty, folder)
                    undo.callback(_write, file, change.before)
                    _write(file, change.after)
                    for folder in _emptied(file, self.root.resolve()):
                        folder.rmdir()
                        undo.callback(folder.mkdir)
                except OSError as error:
                    raise Refusal(
                        f"this file cannot be written ({error.strerror}): nothing was changed.",
                        path=change.path,
                    ) from None
            return undo.pop_all().close


def resolve(root: Path, path: str) -> Path:
    """The file that a path of the app leads to, symbolic links followed.

    Raises:
        Refusal: It leads out of the app.
    """
    file = (root / PurePosixPath(path)).resolve()
    if not file.is_relative_to(root.resolve()):
        raise Refusal(f"this leads out of the app, to {file}: it is left alone.", path=path)
    return file


def read(root: Path, path: str) -> bytes | None:
    """The content of a file of the app; None where there is no such file.

    Raises:
        Refusal: The path leads out of the app, or to something that is no readable file.
    """
    file = resolve(root, path)
    try:
        return read_if_there(file)
    except Refusal as refusal:
        raise refusal.at(path) from None


def _write(file: Path, content: bytes | None) -> None:
    """Replace a file in one step, so that nobody ever sees half of it; its mode stays."""
    now = file.read_bytes() if file.exists() else None
    if now == content:
        return
    if content is None:
        file.unlink()
        return
    if now is not None and _is_read_only(file):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    handle, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(_NEW_FILE_MODE if now is None else file.stat().st_mode)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _is_read_only(file: Path) -> bool:
    """Whether a file is not to be written, even by root, who could."""
    return not (file.stat().st_mode & _ANYBODY_WRITES and os.access(file, os.W_OK))


def _emptied(file: Path, root: Path) -> Iterator[Path]:
    """The folders that are empty now that a file is gone, innermost first; each is to be removed.

    Git knows no empty folders, and removes them with their last file, too.
    """
    for folder in file.parents:
        if folder == root or any(folder.iterdir()):
            return
        yield folder


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _lines(content: bytes | None) -> list[str]:
    """The lines of a file; only a line feed ends one, so that no other character moves a line."""
    text = (content or b"").decode("utf-8", "backslashreplace")
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _with_end_marked(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
