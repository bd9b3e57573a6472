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


class NodeTools:
    """The functions of `node_tools.cjs`, called over a pipe."""

    def __init__(self, packages: Path) -> None:
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_name("node_tools.cjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "NODE_PATH": str(packages / "node_modules")},
            text=True,
        )
        self._numbers = itertools.count()

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of `node_tools.cjs`.

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


@cache
def tools_folder() -> Path:
    """The folder with the tools installed."""
    return npm_packages("node-tools", TOOLS)
