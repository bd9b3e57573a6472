"""Install the app's dependencies with its own package manager."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .refusal import Refusal


def install_command(package_manager: str) -> list[str]:
    """The command that installs an app's dependencies.

    Args:
        package_manager: `yarn`, `npm` or `pnpm`.

    Returns:
        The command and its arguments; through corepack where that is how Node has it.

    Raises:
        Refusal: The package manager is not on this machine.
    """
    if shutil.which(package_manager):
        return [package_manager, "install"]
    if shutil.which("corepack"):
        return ["corepack", package_manager, "install"]
    raise Refusal(
        f"{package_manager} was not found, so the dependencies cannot be installed: install it, "
        "or use --no-install."
    )


def install(root: Path, package_manager: str) -> None:
    """Install the dependencies.

    Args:
        root: The app's folder.
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
    result = subprocess.run(  # noqa: S603 - a fixed command, no shell
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        last = "\n".join(result.stdout.strip().splitlines()[-15:])
        raise Refusal(
            f"`{' '.join(command)}` failed with exit code {result.returncode}. Repair that and "
            f"try again, or use --no-install. Its last lines:\n{last}"
        )
