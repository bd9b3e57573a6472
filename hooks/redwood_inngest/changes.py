"""A set of file changes: shown as a diff, applied all or nothing. Only this writes into an app."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from .app.files import followed, read_if_there
from .app.handler import ANSWERS_FILE
from .errors import Refusal
from .journal import Journal, Step, digest, digest_of, note_on, signals_held


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
        """The kind of change, in a word."""
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
    def planned(cls, root: Path, contents: Mapping[str, bytes | None]) -> Changes:
        """The changes that give files these contents; those that have them already are left out.

        Args:
            root: The app's folder.
            contents: The new content of each file, by path relative to the root; None removes it.

        Raises:
            Refusal: A path leads out of the app, or is no file.
        """
        changes = (Change(path, read(root, path), content) for path, content in contents.items())
        return cls(root, tuple(change for change in changes if change.before != change.after))

    def diff(self) -> str:
        """All changes as one unified diff."""
        return "".join(change.diff() for change in self.changes)

    @contextmanager
    def applied(
        self, guarded: Iterable[Path] = (), extra: Mapping[str, Any] | None = None
    ) -> Iterator[None]:
        """Make all changes, or none; they are taken back where the block fails.

        Whatever ends this process, the next one finds a journal (see journal.py) until the block
        is done.

        Args:
            guarded: Files that the block may change, and that are to be as before where it fails.
            extra: Data in the journal for the run that finishes this after an interruption.

        Raises:
            Refusal: A file cannot be written, or is not as it was when the change was planned; or
                the block has refused.
        """
        journal = None
        done = False
        try:
            with signals_held():
                journal = self._begun(guarded, extra or {})
            yield
            with signals_held():
                if journal:
                    journal.finish()
                done = True
        except BaseException as error:
            if journal is None or done:
                raise
            with signals_held():
                left = self._taken_back(journal)
            if not left:
                raise
            reason = error if isinstance(error, Refusal) else Refusal("this was interrupted.")
            raise reason.with_note(note_on(left)) from None

    def make(self) -> None:
        """Make all changes, or none.

        Raises:
            Refusal: As `applied`.
        """
        with self.applied():
            pass

    def _begun(self, guarded: Iterable[Path], extra: Mapping[str, Any]) -> Journal | None:
        """Make the changes, all or none, so that the journal can take them back."""
        if not self.changes:
            return None
        root = self.root.resolve()
        contents, steps = {}, []
        missing: dict[Path, list[str]] = {}
        # The answers file says that the app is set up: it goes last.
        for change in sorted(self.changes, key=lambda one: one.path.endswith(ANSWERS_FILE)):
            file = resolve(root, change.path)
            if _content(file, change.path) != change.before:
                raise Refusal(_CHANGED, path=change.path)
            path = file.relative_to(root).as_posix()
            steps.append(Step(path, _digest(change.before), _digest(change.after)))
            if change.after is not None:
                contents[path] = change.after
                if file.parent not in missing:
                    missing[file.parent] = _missing(root, file.parent)
        for file in guarded:
            path = Path(os.path.relpath(file.resolve(), root)).as_posix()
            steps.append(Step(path, digest_of(file), None, guarded=True))
        folders = list(dict.fromkeys(chain.from_iterable(missing.values())))
        journal = Journal(root, steps, folders, dict(extra))
        return self._carried_out(journal, contents)

    def _carried_out(self, journal: Journal, contents: dict[str, bytes]) -> Journal:
        try:
            journal.begin()
        except OSError as error:
            raise _cannot_write(error, journal.root) from None
        try:
            journal.stage(contents)
            journal.swap()
        except OSError as error:
            self._taken_back(journal)
            raise _cannot_write(error, journal.root) from None
        except BaseException:
            self._taken_back(journal)
            raise
        return journal

    def _taken_back(self, journal: Journal) -> list[str]:
        try:
            return journal.take_back()
        except OSError as error:
            raise Refusal(
                f"this failed, and so did taking it back ({error.strerror}, {error.filename}): "
                "repair that, and then run `redwood-inngest setup --abort` in the app's folder."
            ) from None


def _missing(root: Path, folder: Path) -> list[str]:
    """The folders that are to be made for one, itself the last."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    return [one.relative_to(root).as_posix() for one in reversed(missing)]


_CHANGED = "this file changed in the meantime: nothing was written. Try again."


def _cannot_write(error: OSError, root: Path) -> Refusal:
    """The refusal for a file that could not be written, by its name in the app."""
    file = Path(os.fsdecode(error.filename2 or error.filename or root))
    name = re.sub(r"^\.(.*)\.redwood-inngest-(new|old)$", r"\1", file.name)
    file = file.with_name(name)
    shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
    return Refusal(
        f"this file cannot be written ({error.strerror}): nothing was changed.", path=shown
    )


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest(content)


# No file that is edited here has anywhere near as much.
_MAX_EDITED = 4 * 1024 * 1024


def resolve(root: Path, path: str) -> Path:
    """The file that a path of the app leads to, symbolic links followed.

    Raises:
        Refusal: It leads out of the app.
    """
    file = followed(root / PurePosixPath(path))
    if not file.is_relative_to(root.resolve()):
        raise Refusal(f"this leads out of the app, to {file}: it is left alone.", path=path)
    return file


def read(root: Path, path: str) -> bytes | None:
    """The content of a file of the app; None where there is no such file.

    Raises:
        Refusal: The path leads out of the app, or to something that is no readable file.
    """
    return _content(resolve(root, path), path)


def _content(file: Path, path: str) -> bytes | None:
    try:
        return read_if_there(file, _MAX_EDITED)
    except Refusal as refusal:
        raise refusal.at(path) from None


def _lines(content: bytes | None) -> list[str]:
    """The lines of a file; only a line feed ends one, so that no other character moves a line."""
    text = (content or b"").decode("utf-8", "backslashreplace")
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _with_end_marked(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
