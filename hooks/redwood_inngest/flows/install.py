"""Install the app's dependencies with its own package manager."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from ..app.packages import LOCK_FILES, repository_of, up_to
from ..changes import Changes
from ..errors import Refusal
from ..journal import signals_held

# Seconds that a package manager has to end by itself.
_GRACE = 5

_OPTIONS = {"pnpm": ("--no-frozen-lockfile",)}


def install_command(package_manager: str) -> list[str]:
    """The command that installs an app's dependencies.

    Args:
        package_manager: `yarn`, `npm` or `pnpm`.

    Returns:
        The command and its arguments; through corepack where that is how Node has it.

    Raises:
        Refusal: The package manager is not on this machine.
    """
    # On CI, pnpm would not write the lock file.
    command = [package_manager, "install", *_OPTIONS.get(package_manager, ())]
    if shutil.which(package_manager):
        return command
    if shutil.which("corepack"):
        return ["corepack", *command]
    raise Refusal(
        f"{package_manager} was not found, so the dependencies cannot be installed: install it, "
        "or use --no-install."
    )


def changes_dependencies(changes: Changes) -> bool:
    """Whether the dependencies of a package.json change."""
    return any(
        _dependencies(change.before) != _dependencies(change.after)
        for change in changes.changes
        if PurePosixPath(change.path).name == "package.json"
    )


def _dependencies(content: bytes | None) -> list[object]:
    manifest = json.loads((content or b"{}").decode("utf-8-sig"))
    kinds = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
    return [manifest.get(kind) for kind in kinds]


def install_folder(root: Path, answers: Mapping[str, Any]) -> Path:
    """Where to install: in the app's folder, or on the api side where no workspace reaches it."""
    reached = answers.get("workspaces", True)  # earlier versions did not look
    return root if reached else root / str(answers["api_path"])


def install(folder: Path, package_manager: str) -> None:
    """Install the dependencies.

    Args:
        folder: Where; the lock file is there, or above it where it is part of a workspace.
        package_manager: `yarn`, `npm` or `pnpm`.

    Raises:
        Refusal: The package manager failed; the reason has the last lines that it printed.
    """
    command = install_command(package_manager)
    # Corepack must not wait for a yes, and yarn may write the lock file on CI too.
    environment = {
        **os.environ,
        "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
        "YARN_ENABLE_IMMUTABLE_INSTALLS": "false",
    }
    _run(command, folder, environment)


def lock_files(folder: Path) -> list[Path]:
    """The lock files that an installation in a folder may change."""
    files = (above / name for above in up_to(folder, repository_of(folder)) for name in LOCK_FILES)
    return [file for file in files if file.is_file()]


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    process = None
    try:
        with signals_held():  # so that what was started is known, and can be ended
            process = subprocess.Popen(  # noqa: S603 - a fixed command, no shell
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # all that it starts ends with it
            )
        printed, _ = process.communicate()
    except BaseException:
        if process:
            _end(process)
        raise
    if process.returncode:
        last = "\n".join(printed.decode(errors="replace").strip().splitlines()[-15:])
        raise Refusal(
            f"`{' '.join(command)}` failed with exit code {process.returncode}. Repair that and "
            f"try again, or use --no-install. Its last lines:\n{last}"
        )


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
