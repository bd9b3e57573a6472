"""The commands as a person runs them."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .redwood import node_environment

COMMANDS = Path(sys.executable).parent


def copier_copy(template: Path, app: Path, *options: str, **environment: str) -> None:
    """Set an app up with Copier alone, which asks nothing, and installs the dependencies."""
    taken = ("--trust", "--defaults", "--vcs-ref", "HEAD", *options)
    with_node = {**node_environment(), **environment}
    result = command("copier", "copy", *taken, template, app, environment=with_node)
    assert result.returncode == 0, result.stderr


def command(
    name: str,
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `redwood-inngest` or `copier` of this installation, without a terminal.

    It is a process of its own, but one that need not import Copier first, which takes as long as
    much of what is tested. `test_installations.py` and the tests at a terminal start the commands
    as a shell does.
    """
    job = {
        "name": name,
        "arguments": [str(argument) for argument in arguments],
        "cwd": str(cwd or Path.cwd()),
        "stdin": stdin,
        "environment": {**os.environ, **(environment or {})},
    }
    forking = _forking()
    assert forking.stdin
    assert forking.stdout
    forking.stdin.write(json.dumps(job) + "\n")
    forking.stdin.flush()
    answer = json.loads(forking.stdout.readline())
    return subprocess.CompletedProcess(
        [name, *job["arguments"]], answer["code"], answer["stdout"], answer["stderr"]
    )


@cache
def _forking() -> subprocess.Popen[str]:
    """The process from which commands are forked; it ends with the tests."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forking"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process
