"""A Node process that stays, for the checks that only JavaScript's own tools can make."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from .cache import answered, npm_packages

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
        self._script = Path(__file__).with_name(script)
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._numbers = itertools.count()

    @cached_property
    def _process(self) -> subprocess.Popen[str]:
        """The process, which the first call starts."""
        return subprocess.Popen(
            ["node", str(self._script)],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environment,
            text=True,
        )

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
        """End the process, if there is one."""
        if "_process" in vars(self):
            self._process.communicate()


class NodeTools(NodeProcess):
    """The functions of `node_tools.cjs`; what they make of a text is kept for the next run."""

    def __init__(self, packages: Path) -> None:
        super().__init__("node_tools.cjs", NODE_PATH=str(packages / "node_modules"))

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of the script, or look up what it answered to the same before.

        Raises:
            NodeError: It threw.
        """
        if function in _OF_FILES:
            return super().call(function, *arguments)
        question = [TOOLS, self._script.read_text(), function, arguments]
        error, result = answered(question, lambda: self._outcome(function, *arguments))
        if error:
            raise NodeError(error)
        return result

    def _outcome(self, function: str, *arguments: Any) -> tuple[str | None, Any]:
        try:
            return None, super().call(function, *arguments)
        except NodeError as error:
            return str(error), None


# What this answers depends on files, too.
_OF_FILES = {"resolveConfig"}


@cache
def tools_folder() -> Path:
    """The folder with the tools installed."""
    return npm_packages("node-tools", TOOLS)
