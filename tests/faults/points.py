"""The points at which a process writes below a folder, and a fault at one of them.

A point is a call that writes: Python's audit hooks see it before it happens (an open for writing,
a rename, a link, a removal, a folder made, a change of mode, owner or time). Audit hooks do not see
`os.write` and `os.fsync`, nor the buffered writes of `Path.write_bytes` and `Path.write_text`:
these four are replaced, the latter two by ones that call `os.write`.

`sitecustomize.py` beside this file installs it in the Python processes that a command starts.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("KILL", "TERM", "INT", "ENOSPC", "EACCES")

_EVENTS = {
    "os.rename",
    "os.link",
    "os.symlink",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "os.utime",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Fault:
    """What happens at a point.

    Attributes:
        kind: One of `KINDS`; empty for nothing.
        at: At which point, from 1.
        onward: Whether at all that follow, too.
    """

    kind: str = ""
    at: int = 0
    onward: bool = False


def install(
    folder: Path, fault: Fault, counter: Path, first: Callable[[], Any] | None = None
) -> None:
    """Count the points of this process from now on, and have the fault happen.

    Args:
        folder: Only what is below this folder counts.
        fault: It can be changed later.
        counter: A file that gets a byte for each point; processes that share it count together.
        first: Called before the first point.
    """
    points = _Points(folder, fault, counter, first)
    replaced: Any = os
    replaced.write, replaced.fsync = points.write, points.fsync
    replaced = Path
    replaced.write_bytes, replaced.write_text = write_bytes, write_text
    sys.addaudithook(points.audit)


class _Points:
    def __init__(
        self, folder: Path, fault: Fault, counter: Path, first: Callable[[], Any] | None
    ) -> None:
        self._below = str(folder.resolve()) + os.sep
        self._fault = fault
        self._tally = os.open(counter, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._first = first
        self._inside = False
        self._write, self._fsync = os.write, os.fsync

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and self._is_below(path):
                self._reached()
        elif event in _EVENTS and self._is_below(arguments[0]):
            self._reached()

    def write(self, descriptor: int, data: Any) -> int:
        if self._is_below(descriptor):
            self._reached()
        return self._write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        if self._is_below(descriptor):
            self._reached()
        self._fsync(descriptor)

    def _reached(self) -> None:
        if self._inside:
            return
        self._inside = True
        try:
            if self._first:
                first, self._first = self._first, None
                first()
            self._write(self._tally, b".")
            fault, number = self._fault, os.fstat(self._tally).st_size
            if fault.kind and (number == fault.at or (fault.onward and number > fault.at)):
                happen(fault.kind)
        finally:
            self._inside = False

    def _is_below(self, path: object) -> bool:
        if isinstance(path, int):
            return os.path.realpath(f"/proc/self/fd/{path}").startswith(self._below)
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.realpath(os.fsdecode(path)).startswith(self._below)


def write_bytes(file: Path, data: bytes) -> int:
    """`Path.write_bytes` as calls of `os`."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        return os.write(descriptor, data)
    finally:
        os.close(descriptor)


def write_text(file: Path, data: str, *_: Any, **__: Any) -> int:
    """`Path.write_text` as calls of `os`."""
    return write_bytes(file, data.encode())


def happen(kind: str) -> None:
    """Have a fault happen in this process."""
    if kind in {"ENOSPC", "EACCES"}:
        number = getattr(errno, kind)
        raise OSError(number, os.strerror(number))
    os.kill(os.getpid(), getattr(signal, f"SIG{kind}"))
