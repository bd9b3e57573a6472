"""A Node process that stays, for the checks that only JavaScript's own tools can make."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from .cache import npm_packages

TOOLS = {
    "acorn": "8.15.0",
    "esbuild": "0.24.2",
    "prettier": "3.4.2",
    "typescript": "5.6.3",
}


class NodeError(Exception):
    """What the tool said when it threw."""


class NodeProcess:
    """The functions of a script that serves them with `serve.cjs`, called over a pipe.

    Args:
        script: Its name in this folder.
        folder: The working directory; None for that of the tests.
        environment: What to add to the environment.
    """

    def __init__(self, script: str, folder: Path | None = None, **environment: str) -> None:
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_name(script))],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            text=True,
        )
        self._numbers = itertools.count()

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of the script.

        Raises:
            NodeError: It threw.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        number = next(self._numbers)
        stdin.write(json.dumps([number, function, arguments]) + "\n")
        stdin.flush()
        answered, error, result = json.loads(stdout.readline())
        assert answered == number
        if error:
            raise NodeError(error)
        return result

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


class NodeTools(NodeProcess):
    """The functions of `node_tools.cjs`."""

    def __init__(self, packages: Path) -> None:
        super().__init__("node_tools.cjs", NODE_PATH=str(packages / "node_modules"))


@cache
def tools_folder() -> Path:
    """The folder with the tools installed."""
    return npm_packages("node-tools", TOOLS)
