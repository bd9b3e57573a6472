"""The commands as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .redwood import node_environment

COMMANDS = Path(sys.executable).parent


def copier_copy(template: Path, app: Path, *options: str) -> None:
    """Set an app up with Copier alone, which asks nothing, and installs the dependencies."""
    taken = ("--trust", "--defaults", "--vcs-ref", "HEAD", *options)
    result = command("copier", "copy", *taken, template, app, environment=node_environment())
    assert result.returncode == 0, result.stderr


def command(
    name: str,
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `redwood-inngest` or `copier` of this installation, without a terminal."""
    return subprocess.run(
        [str(COMMANDS / name), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
