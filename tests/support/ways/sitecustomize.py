"""Notes which module of ours opens a file of the app, or starts a program, in this process.

`WAYS` in the environment is {folder, log}: the app's folder, and the file that gets the lines.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_OURS = f"{os.sep}redwood_inngest{os.sep}"
_COPIERS = (f"{os.sep}copier{os.sep}", f"{os.sep}plumbum{os.sep}")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def install(folder: str, log: str) -> None:
    """Note it from now on."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen":
            kind, path = "start", arguments[0]
        elif event == "open" and not isinstance(arguments[0], int):
            path, _, flags = arguments
            kind = "write" if isinstance(flags, int) and flags & _WRITING else "read"
        else:
            return
        file = Path.cwd() / os.fsdecode(path)
        if kind == "start" or file.is_relative_to(folder):
            os.write(descriptor, f"{kind} {_caller()} {file.name}\n".encode())

    sys.addaudithook(audit)


def _caller() -> str:
    """The innermost module that this is called from: one of our package, or `copier`."""
    frame = sys._getframe(2)
    while frame.f_back:
        file = frame.f_code.co_filename
        if _OURS in file:
            return file.rpartition(_OURS)[2]
        if any(part in file for part in _COPIERS):
            return "copier"
        frame = frame.f_back
    return "another"


if "WAYS" in os.environ:
    install(**json.loads(os.environ["WAYS"]))
