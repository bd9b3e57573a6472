"""The SDK at each major version, installed once, to type-check and run code that uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from .cache import answered, npm_packages
from .node import NodeProcess

VERSIONS = {2: "2.7.1", 3: "3.54.2", 4: "4.24.0"}
COMMON = {"typescript": "5.9.3", "@types/node": "22.19.1", "zod": "3.25.76"}
ALSO = {3: {"@inngest/realtime": "0.4.7"}}

Files = Mapping[str, str]


def packages(version: int) -> Path:
    """A folder with this major version of the SDK in its node_modules."""
    also = ALSO.get(version, {})
    return npm_packages(f"sdk-{version}", {"inngest": VERSIONS[version], **COMMON, **also})


class Sdk(NodeProcess):
    """A Node process with one version of the SDK; what it answers to the same files is kept.

    Args:
        version: The major version.
    """

    def __init__(self, version: int) -> None:
        folder = Path(mkdtemp(prefix=f"sdk-{version}-"))
        (folder / "node_modules").symlink_to(packages(version) / "node_modules")
        (folder / "package.json").write_text("{}")
        self._version = version
        super().__init__("sdk_runner.cjs", folder, NODE_ENV="development", INNGEST_EVENT_KEY="key")

    def type_errors(self, cases: Mapping[str, Files]) -> dict[str, list[str]]:
        """What TypeScript says of each case's modules."""
        return dict(self._kept("types", cases))

    def run(self, name: str, files: Files, protocols: Sequence[int]) -> dict[str, Any]:
        """Register a case's endpoint and run each of its functions to the end.

        Args:
            name: The case.
            files: Its modules; that named `endpoint`, `input` or `output` exports `handler`.
            protocols: The versions of the executor's protocol to run the functions by. Runs that
                SDK 2 began go on by version 0.
        """
        return dict(self._kept("run", name, files, protocols))

    def _kept(self, function: str, *arguments: Any) -> Any:
        question = [VERSIONS[self._version], COMMON, self._script.read_text(), function, arguments]
        return answered(question, lambda: self.call(function, *arguments))


@cache
def sdk(version: int) -> Sdk:
    """The process of a major version; the first call that is not answered yet starts it."""
    return Sdk(version)
