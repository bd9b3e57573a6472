"""What a command does, and all that it starts, as strace sees it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_CALLS = (
    "execve,openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,link,linkat,"
    "symlink,symlinkat,chmod,fchmodat,truncate,rmdir,utimensat,chown,fchownat,lchown"
)

# The command itself, and what `git submodule` starts, which is a shell script.
_NOT_COUNTED = {
    "redwood-inngest",
    "copier",
    "basename",
    "envsubst",
    "gettext",
    "sed",
    "sh",
    "uname",
}

# strace is only on Linux.
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace traces the calls")

# Devices that keep nothing.
_NO_FILES = {"/dev/null", "/dev/tty"}


@dataclass
class Trace:
    """What happened.

    Attributes:
        programs: The names of the programs that were started, without those that are Git's own,
            and without the command itself.
        written: The paths that were opened for writing or changed, but for temporary files.
        code: The exit code.
        stderr: What was printed there.
    """

    programs: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    code: int = 0
    stderr: str = ""


def traced(
    arguments: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Trace:
    """Run a command under strace.

    Args:
        arguments: The command line.
        folder: An empty folder, for the trace and for temporary files.
        environment: What to add to the environment.
        cwd: Where it runs; None for where this process is.
    """
    trace, scratch = folder / "trace", folder / "scratch"
    scratch.mkdir(parents=True)
    told = {"TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}
    result = subprocess.run(
        [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-y",
            "-o",
            trace,
            "-e",
            f"trace={_CALLS}",
            *arguments,
        ],
        env={**os.environ, **told},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    found = Trace(code=result.returncode, stderr=result.stderr)
    for line in trace.read_text(errors="replace").splitlines():
        if "(" in line and not re.search(r"= -1 E\w+", line):
            _note(found, line, scratch)
    return found


def _note(found: Trace, line: str, scratch: Path) -> None:
    call = line.partition("(")[0]
    paths = re.findall(r'"(/[^"]*)"', line)
    if "execve" in call:
        program = Path(paths[0])
        counts = program.name not in _NOT_COUNTED and not program.name.startswith("python")
        if counts and "git-core" not in program.parts:
            found.programs.add(program.name)
        return
    if "open" in call and not re.search(r"O_(WRONLY|RDWR|CREAT)", line):
        return
    if "link" in call and "unlink" not in call:  # the first is what gets another name
        paths = paths[1:]
    found.written |= {path for path in paths if not _is_scratch(path, scratch)}
    place = re.search(r'\((?:AT_FDCWD)?<([^>]+)>, "([^/"][^"]*)"', line)
    if place and not _is_scratch(place[1], scratch):
        found.written.add(f"{place[1]}/{place[2]}")


def _is_scratch(path: str, scratch: Path) -> bool:
    return path.startswith((f"{scratch}/", "/proc/")) or path in {str(scratch), *_NO_FILES}
