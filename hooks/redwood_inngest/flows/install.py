"""Install the app's dependencies with its own package manager."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from ..app.lock_files import writers_of
from ..app.packages import LOCK_FILES, repository_of, up_to
from ..changes import Changes
from ..errors import Refusal
from ..journal import digest_of, signals_held

# Seconds that a package manager has to end by itself.
_GRACE = 5

_OPTIONS = {"pnpm": ("--no-frozen-lockfile",)}


def install_command(folder: Path, package_manager: str) -> list[str]:
    """The command that installs an app's dependencies.

    Args:
        folder: The folder that it will run in.
        package_manager: `yarn`, `npm` or `pnpm`.

    Returns:
        The command and its arguments; through corepack where that is how Node has it.

    Raises:
        Refusal: The package manager is not on this machine, or is none that fits the lock file.
    """
    commands = [
        command
        for command in ([package_manager], ["corepack", package_manager])
        if shutil.which(command[0])
    ]
    if not commands:
        raise Refusal(
            f"{package_manager} was not found, so the dependencies cannot be installed: install "
            "it, or use --no-install."
        )
    command = _fitting(commands, _lock_file(folder, package_manager), folder)
    # On CI, pnpm would not write the lock file.
    return [*command, "install", *_OPTIONS.get(package_manager, ())]


def _lock_file(folder: Path, package_manager: str) -> Path | None:
    """The lock file that the package manager would read, if there is one."""
    for above in up_to(folder, repository_of(folder)):
        files = [above / name for name in LOCK_FILES if (above / name).is_file()]
        for file in files:
            if LOCK_FILES[file.name] == package_manager:
                return file
        if files:
            raise Refusal(
                f"this is no lock file of {package_manager}, by which the dependencies would be "
                "installed: give the one that is right with `--data package_manager=NAME`, or use "
                "--no-install.",
                path=str(files[0]),
            )
    return None


def _fitting(commands: list[list[str]], lock: Path | None, folder: Path) -> list[str]:
    """The first command whose version leaves the lock file in its format."""
    writers = writers_of(lock) if lock else None
    if lock is None or writers is None:
        return commands[0]
    found = []
    for command in commands:
        said = _run([*command, "--version"], folder)[1].strip()
        version = re.search(r"^\d+\.\d+\S*$", said, re.MULTILINE)
        if version and writers.include(version[0]):
            return command
        found.append(f"`{' '.join(command)}` is {version[0] if version else _first_line(said)}")
    manager = commands[0][-1]
    raise Refusal(
        f"this lock file is one of {manager} {writers}, and {' and '.join(found)} here, which "
        f"would not keep it: have {manager} {writers} run (corepack does, by packageManager in "
        "package.json), or use --no-install.",
        path=str(lock),
    )


def _first_line(said: str) -> str:
    return f"not usable ({said.splitlines()[0] if said else 'it says nothing'})"


def install_folder(root: Path, answers: Mapping[str, Any]) -> Path:
    """The folder to install in: the app's, or the api side's where no workspace reaches it."""
    reached = answers.get("workspaces", True)  # earlier versions did not look
    return root if reached else root / str(answers["api_path"])


# Called a few times a second with the last line that the package manager has printed.
Progress = Callable[[str], None]


def install(folder: Path, package_manager: str, progress: Progress | None = None) -> list[Path]:
    """Install the dependencies.

    Args:
        folder: The folder; the lock file is there, or above it where it is part of a workspace.
        package_manager: `yarn`, `npm` or `pnpm`.
        progress: Told meanwhile how far it is.

    Returns:
        The lock files that it changed.

    Raises:
        Refusal: The package manager failed; the reason has all that it printed.
    """
    command = install_command(folder, package_manager)
    before = {file: digest_of(file) for file in lock_files(folder)}
    told = [*command, *_PROGRESS.get(package_manager, ())] if progress else command
    returncode, printed = _run(told, folder, progress)
    if returncode:
        lines = printed.strip().splitlines()
        shown = "\n".join(line for line in lines if not line.startswith("npm http "))
        raise Refusal(
            f"`{' '.join(command)}` failed with exit code {returncode}. Repair that and "
            f"try again, or use --no-install. It printed:\n{shown}"
        )
    return [file for file in lock_files(folder) if digest_of(file) != before.get(file)]


# npm shows nothing but a spinner otherwise, and pnpm draws.
_PROGRESS = {"npm": ("--loglevel=http",), "pnpm": ("--reporter=append-only",)}


def make_and_install(
    changes: Changes,
    root: Path,
    answers: Mapping[str, Any],
    say: Callable[[str], None],
    doing: str,
    progress: Progress | None = None,
) -> list[Path]:
    """Make changes and have the package manager follow them, or leave the app as it was.

    Args:
        changes: The changes.
        root: The app's folder.
        answers: The answers to the questionnaire.
        say: Called with a line about the slow step.
        doing: The start of that line: `Installing the dependencies`.
        progress: Told how far the installation is.

    Returns:
        The lock files that the package manager changed.

    Raises:
        Refusal: Something failed; the app is as it was.
    """
    folder, manager = install_folder(root, answers), str(answers["package_manager"])
    install_command(folder, manager)
    with changes.applied(guarded=lock_files(folder)):
        say(f"{doing} with {manager}...")
        return install(folder, manager, progress)


def lock_files(folder: Path) -> list[Path]:
    """The lock files that an installation in a folder may change."""
    files = (above / name for above in up_to(folder, repository_of(folder)) for name in LOCK_FILES)
    return [file for file in files if file.is_file()]


# Corepack must neither wait for a yes nor write itself into package.json, and yarn may write the
# lock file on CI too.
_ENVIRONMENT = {
    "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
    "COREPACK_ENABLE_AUTO_PIN": "0",
    "YARN_ENABLE_IMMUTABLE_INSTALLS": "false",
}


def _run(command: list[str], folder: Path, progress: Progress | None = None) -> tuple[int, str]:
    """Run a program to its end: its exit code, and what it printed."""
    process = None
    printed: list[bytes] = []
    try:
        with signals_held():  # so that the process is known, and can be ended
            process = subprocess.Popen(  # noqa: S603 - a fixed command, no shell
                command,
                cwd=folder,
                env={**os.environ, **_ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # all that it starts ends with it
            )
        reader = threading.Thread(target=_read, args=(process.stdout, printed), daemon=True)
        reader.start()
        while reader.is_alive():
            reader.join(_STEP)
            if progress:
                progress(_last_line(printed))
        process.wait()
    except BaseException:
        if process:
            _end(process)
        raise
    return process.returncode, b"".join(printed).decode(errors="replace")


# Seconds from one look at a package manager to the next.
_STEP = 0.2


def _read(stream: IO[bytes], lines: list[bytes]) -> None:
    with stream:
        lines.extend(stream)


def _last_line(printed: list[bytes]) -> str:
    lines = (line.decode(errors="replace").strip() for line in reversed(printed[-5:]))
    return next((line for line in lines if line), "")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program, and all that it has started."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, how)
        else:
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
            return
