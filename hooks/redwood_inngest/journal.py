"""The journal, by which an interrupted set of changes can be finished or taken back.

The new files are written beside those that they replace, and the old ones stay beside the new ones
until all is done. The journal, which is there first and goes last, names them all. So to finish or
to take back is to rename: it needs no room on the disk, and nothing but what is on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import Refusal, some

try:
    import fcntl
except ImportError:  # Windows: two runs at once are not told apart there
    fcntl = None  # type: ignore[assignment]

# What becomes of an interrupted run, as a person says.
RESUME = "resume"
ABORT = "abort"

_HELD = ("SIGINT", "SIGTERM", "SIGHUP")
# The journal's file where there is no Git folder for it.
_IN_APP = ".redwood-inngest-journal.json"
_ANYBODY_WRITES = 0o222
# The contents of files in conflict are in it.
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Step:
    """The change of one file.

    Attributes:
        path: The file, relative to the app's folder, links followed.
        before: The digest of its content before; None where it was not there.
        after: The digest of its content after; None where it goes.
        guarded: Whether another program changes it, such as a lock file: it is only kept, to be
            taken back.
    """

    path: str
    before: str | None
    after: str | None
    guarded: bool = False


@dataclass
class Journal:
    """The steps of one set of changes, on the disk while they are made.

    Attributes:
        root: The app's folder.
        steps: The changes of files, in this order.
        folders: The folders that are made for it, relative to the root, outermost first.
        extra: Data that the flow keeps here for itself.
    """

    root: Path
    steps: list[Step]
    folders: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    _descriptor: int | None = None

    def begin(self) -> None:
        """Write the journal, which says that the steps are under way.

        Raises:
            Refusal: There is one already.
            OSError: It cannot be written.
        """
        content = {
            "steps": [asdict(step) for step in self.steps],
            "folders": self.folders,
            "extra": self.extra,
        }
        file = journal_file(self.root)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            raise Refusal("another redwood-inngest is at work in this app: try again.") from None
        self._descriptor = descriptor
        _lock(descriptor)
        try:
            _as_neighbours(file, file.parent)
            _write_all(descriptor, json.dumps(content).encode(), file)
        except BaseException:
            file.unlink()
            self._close()
            raise

    def stage(self, contents: dict[str, bytes]) -> None:
        """Write the new files beside those that they replace, and keep the guarded ones.

        Raises:
            OSError: One cannot be written.
            Refusal: The owner of a file, or its other names, would be lost.
        """
        for folder in self.folders:
            made = self.root / folder
            made.mkdir()
            _as_neighbours(made, made.parent)
        for step in self.steps:
            file = self.root / step.path
            if step.guarded:
                if step.before is not None:
                    shutil.copy2(file, _old(file))
            elif step.after is not None:
                _stage(file, contents[step.path], step.path)

    def swap(self) -> None:
        """Put the new files in the place of the old ones.

        Raises:
            OSError: One cannot be put there.
            Refusal: A file is not as it was when the change was planned.
        """
        for step in self.steps:
            if not step.guarded:
                self._swap(step)

    def _swap(self, step: Step) -> None:
        file = self.root / step.path
        if step.before is not None and digest_of(_old(file)) != step.before:
            _remove(_old(file))
            _keep(file)
        if (digest_of(_old(file)) if step.before is not None else digest_of(file)) != step.before:
            raise Refusal(
                "this file changed in the meantime: nothing was written. Try again.", path=step.path
            )
        if step.after is None:
            file.unlink()
        else:
            _new(file).replace(file)

    def finish(self) -> None:
        """Remove the files kept for taking back: all is done. Failures are left for later."""
        file = journal_file(self.root)
        for _ in range(2):  # a removal that fails once may succeed later
            with contextlib.suppress(OSError):
                if file.exists():
                    file.replace(_done(file))
                self.sweep()
                _remove(_done(file))
                break
        self._close()

    def sweep(self) -> None:
        """Remove the files kept for taking back, and the folders that are empty now."""
        for step in self.steps:
            file = self.root / step.path
            for extra in (_new(file), _old(file)):
                _remove(extra)
            if step.after is None and not step.guarded:
                _remove_emptied(file, self.root)

    def take_back(self) -> list[str]:
        """Put everything back as it was.

        Returns:
            The files that are left as they are, since somebody else has changed them since.

        Raises:
            OSError: Something cannot be put back; the journal stays.
        """
        left = [step.path for step in reversed(self.steps) if not self._take_back(step)]
        for folder in reversed(self.folders):
            made = self.root / folder
            if made.is_dir() and not any(made.iterdir()):
                made.rmdir()
        _remove(journal_file(self.root))
        self._close()
        return left

    def _take_back(self, step: Step) -> bool:
        file = self.root / step.path
        now = digest_of(file)
        if step.guarded:
            if digest_of(_old(file)) == step.before and step.before is not None:
                _old(file).replace(file)
            _remove(_old(file))
            return True
        _remove(_new(file))
        if now == step.before:
            _remove(_old(file))
            return True
        if now != step.after:
            return False
        if step.before is None:
            file.unlink()
        else:
            _old(file).replace(file)
        return True

    def can_finish(self) -> bool:
        """Whether every new file is in its place, or ready to be put there."""
        return all(
            step.guarded
            or step.after is None
            or step.after
            in (digest_of(self.root / step.path), digest_of(_new(self.root / step.path)))
            for step in self.steps
        )

    def has_begun(self) -> bool:
        """Whether any file is other than it was before."""
        return any(digest_of(self.root / step.path) != step.before for step in self.steps)

    def resume(self) -> list[str]:
        """Do the remaining steps.

        Returns:
            The files that are left as they are, since somebody else has changed them since.

        Raises:
            OSError: Something cannot be done; the journal stays.
        """
        left = []
        for step in self.steps:
            now = digest_of(self.root / step.path)
            if step.guarded or now == step.after:
                continue
            if now == step.before:
                self._swap(step)
            else:
                left.append(step.path)
        self.finish()
        return left

    def progress(self) -> tuple[int, int]:
        """The number of files that differ from before, and the number of all."""
        own = [step for step in self.steps if not step.guarded]
        return sum(digest_of(self.root / step.path) != step.before for step in own), len(own)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def interrupted(root: Path) -> Journal | None:
    """The journal of changes that were interrupted.

    Args:
        root: The app's folder.

    Raises:
        Refusal: Another process is at work in the app right now.
        OSError: It cannot be read.
    """
    file = journal_file(root)
    return _read(root, file) if os.path.lexists(file) else None


def sweep_up(root: Path) -> None:
    """Remove the files of a run that was interrupted before its first change, or after its last.

    Args:
        root: The app's folder.

    Raises:
        Refusal: Another process is at work in the app right now.
        OSError: Something cannot be removed.
    """
    file = journal_file(root)
    done = _done(file)
    if os.path.lexists(done) and (finished := _read(root, done)):
        with signals_held():
            finished.sweep()
            done.unlink()
    journal = interrupted(root)
    if journal and not journal.has_begun():
        with signals_held():
            journal.take_back()


def _read(root: Path, file: Path) -> Journal:
    """Read a journal; one that was not yet written to its end has no steps."""
    if not file.is_file():  # a pipe would keep a reader waiting
        raise Refusal("this is no journal of redwood-inngest: remove it.", path=str(file))
    with file.open("rb") as stream:
        _lock(stream.fileno())
        text = stream.read(_MAX_BYTES)
    try:
        content = json.loads(text)
        steps = [Step(**step) for step in content["steps"]]
        journal = Journal(root, steps, list(content["folders"]), dict(content["extra"]))
        _check_paths(journal)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Journal(root, [])
    return journal


def _check_paths(journal: Journal) -> None:
    """Refuse a journal that leads out of the app: it may have come with somebody else's files."""
    root = os.path.realpath(journal.root)
    inside = (*journal.folders, *(step.path for step in journal.steps if not step.guarded))
    guarded = (step.path for step in journal.steps if step.guarded)
    anywhere = Path(root).anchor
    for path, top in (*((one, root) for one in inside), *((one, anywhere) for one in guarded)):
        if not Path(os.path.realpath(journal.root / path)).is_relative_to(top):
            raise Refusal(
                f"the journal names {path}, which is not in the app: remove the journal.",
                path=str(journal_file(journal.root)),
            )


def journal_file(root: Path) -> Path:
    """The place of an app's journal: in the Git folder, or in the app where there is none."""
    root = root.resolve()
    for folder in (root, *root.parents):
        if git_folder := _git_folder(folder / ".git"):
            place = hashlib.sha256(os.fsencode(root.relative_to(folder))).hexdigest()[:12]
            return git_folder / f"redwood-inngest-{place}.json"
    return root / _IN_APP


def _git_folder(dot_git: Path) -> Path | None:
    """The Git folder; a work tree or a submodule has a file that says where it is."""
    folder = dot_git
    if dot_git.is_file():
        named = dot_git.read_bytes()[:4096].partition(b"gitdir:")[2].strip()
        folder = dot_git.parent / os.fsdecode(named)
    return folder.resolve() if (folder / "HEAD").is_file() else None


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Hold signals back until the end of a short step that must not be interrupted.

    They are not blocked but kept: a program that is started meanwhile would inherit a block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # other threads are not interrupted
        return
    kept: list[int] = []
    held = [getattr(signal, name) for name in _HELD if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda one, _: kept.append(one)) for number in held}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in kept:
            signal.raise_signal(number)


def digest_of(file: Path) -> str | None:
    """A digest of a file's content; None where there is no file."""
    return digest(file.read_bytes()) if file.is_file() else None


def digest(content: bytes) -> str:
    """A digest of a content."""
    return hashlib.sha256(content).hexdigest()


def note_on(left: Iterable[str]) -> str:
    """The note to add where files could not be taken back."""
    names = sorted(left)
    if not names:
        return ""
    return (
        f" Changed by somebody else meanwhile, and so left as it is: {some(names)}. What was there "
        "before is beside it, in a file that ends with redwood-inngest-old."
    )


def _stage(file: Path, content: bytes, shown: str) -> None:
    """Write a new file beside the one that it replaces, with the same owner and mode."""
    present = file.stat() if file.exists() else None
    if present and not (present.st_mode & _ANYBODY_WRITES and os.access(file, os.W_OK)):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    if present and present.st_nlink > 1:
        raise Refusal(
            "this file has hard links, which an edit would cut: replace it by a copy of its own "
            f"first (cp {file.name} copy && mv copy {file.name}).",
            path=shown,
        )
    staged = _new(file)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if present else 0o666)
    try:
        _write_all(descriptor, content, staged)
    finally:
        os.close(descriptor)
    if not present:
        _as_neighbours(staged, file.parent)
        return
    shutil.copystat(file, staged)
    os.utime(staged)
    made = staged.stat()
    if (made.st_uid, made.st_gid) != (present.st_uid, present.st_gid):
        try:
            os.chown(staged, present.st_uid, present.st_gid)
            staged.chmod(present.st_mode)
        except PermissionError:
            raise Refusal(
                "this file belongs to another user or group, which an edit would change: run this "
                "as its owner.",
                path=shown,
            ) from None


def _as_neighbours(made: Path, folder: Path) -> None:
    """Give a file that root has made to the owner of the folder that it is in."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = folder.stat()
        os.chown(made, owner.st_uid, owner.st_gid)


def _keep(file: Path) -> None:
    """Give a file its second name, under which it can be taken back."""
    try:
        os.link(file, _old(file))
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        shutil.copy2(file, _old(file))  # a file system without hard links


def _write_all(descriptor: int, content: bytes, file: Path) -> None:
    view = memoryview(content)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError as error:
        error.filename = str(file)
        raise


def _lock(descriptor: int) -> None:
    """Hold the journal as long as this process lives."""
    if fcntl:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "another redwood-inngest is at work in this app: wait until it is done."
            ) from None


def _remove_emptied(file: Path, root: Path) -> None:
    """Remove the folders that are empty now that a file is gone.

    Git knows no empty folders, and removes them with their last file, too. An earlier call may have
    removed some, and been interrupted.
    """
    for folder in file.parents:
        if folder == root or (folder.is_dir() and any(folder.iterdir())):
            return
        if folder.is_dir():
            folder.rmdir()


def _remove(file: Path) -> None:
    """Remove a file, if it is there."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        file.unlink()


def _new(file: Path) -> Path:
    return file.with_name(f".{file.name}.redwood-inngest-new")


def _old(file: Path) -> Path:
    return file.with_name(f".{file.name}.redwood-inngest-old")


def _done(journal: Path) -> Path:
    return journal.with_name(f"{journal.name}.done")


def end_with_an_exception() -> None:
    """Make the signals that end a process, except SIGKILL, raise an exception, to clean up after.

    Python does so with SIGINT only.
    """

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)
