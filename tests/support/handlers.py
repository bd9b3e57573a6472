"""GraphQL handler modules, run under Node with stubbed imports."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from .cache import answered, npm_packages

RUNNER = Path(__file__).with_name("handler_runner.js")
TOOLS = {
    "@redwoodjs/babel-config": "8.9.0",
    "@redwoodjs/eslint-config": "8.9.0",
    "eslint-plugin-prettier": "5.2.1",
    "prettier": "3.4.2",
    "typescript": "5.6.2",
}
# What the stubs give: flags set or not, imported options with plugins of their own or without.
WORLDS = [{"flag": flag, "plugins": plugins} for flag in (True, False) for plugins in (True, False)]


def node_tools() -> Path:
    """The node_modules folder with TypeScript, and Redwood's Babel and ESLint configurations."""
    return npm_packages("redwood-lint", TOOLS) / "node_modules"


class Service:
    """A Node process that answers one line of JSON with another; answers are kept."""

    def __init__(self, script: Path, cwd: Path | None = None) -> None:
        self._script = script
        self._cwd = cwd

    @cached_property
    def process(self) -> subprocess.Popen[str]:
        """The process, which the first question without a kept answer starts."""
        return subprocess.Popen(
            ["node", str(self._script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_PATH": str(node_tools()), "NODE_ENV": "test"},
            cwd=self._cwd,
        )

    def ask(self, **job: Any) -> dict[str, Any]:
        """What the process answers to a job."""
        question = [TOOLS, LINT_APP, self._script.read_text(), job]
        answer: dict[str, Any] = answered(question, lambda: self._ask(job))
        return answer

    def _ask(self, job: dict[str, Any]) -> Any:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the process has no pipes")
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        """End the process, if there is one."""
        if "process" in vars(self):
            self.process.kill()
            self.process.communicate()


@contextmanager
def service(script: Path, cwd: Path | None = None) -> Iterator[Service]:
    """A Node process that ends with the block."""
    running = Service(script, cwd)
    try:
        yield running
    finally:
        running.close()


def difference(runner: Service, before: str, after: str, suffix: str) -> str:
    """What wiring changed besides adding the plugin; nothing when it is right."""
    name = f"graphql{suffix}"
    olds, news = (
        runner.ask(text=text, name=name, worlds=WORLDS)["answers"] for text in (before, after)
    )
    for world, old, new in zip(WORLDS, olds, news, strict=True):
        if "error" in old:
            return f"the handler does not run: {old['error']}"
        problem = _difference(old, new)
        if problem:
            return f"{problem}, in a world with {world}"
    return ""


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    if "error" in new:
        return f"the wired handler does not run: {new['error']}"
    for what in ("exports", "log"):
        if old[what] != new[what]:
            return f"other {what}: {old[what]} became {new[what]}"
    if len(old["calls"]) != len(new["calls"]) or not old["calls"]:
        return f"{len(old['calls'])} calls became {len(new['calls'])}"
    for before, after in zip(old["calls"], new["calls"], strict=True):
        expected = {**before[0], "extraPlugins": _with_plugin(before[0].get("extraPlugins"))}
        if _without_holes(after[0]) != _without_holes(expected) or after[1:] != before[1:]:
            return f"expected {expected}, received {after[0]}"
    return ""


def _with_plugin(plugins: Any) -> list[Any]:
    present = plugins if isinstance(plugins, list) else []
    return [*present, "<inngest/plugin#inngestPlugin>"]


def _without_holes(options: dict[str, Any]) -> dict[str, Any]:
    """The options with `undefined` for the holes in a list, which is what reading one gives."""
    plugins = options.get("extraPlugins")
    if not isinstance(plugins, list):
        return options
    filled = ["<undefined>" if plugin == "<hole>" else plugin for plugin in plugins]
    return {**options, "extraPlugins": filled}


def lint_app(folder: Path) -> Path:
    """A folder that Redwood's ESLint configuration takes for an app."""
    (folder / "node_modules").symlink_to(node_tools())
    for name, text in LINT_APP.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


# As in the create-redwood-app template.
LINT_APP = {
    "redwood.toml": "[web]\n  port = 8910\n[api]\n  port = 8911\n",
    "package.json": json.dumps(
        {"private": True, "eslintConfig": {"extends": "@redwoodjs/eslint-config", "root": True}}
    ),
    "api/tsconfig.json": "{}",
    "web/tsconfig.json": "{}",
    "prettier.config.js": "module.exports = {\n  trailingComma: 'es5',\n  bracketSpacing: true,\n"
    "  tabWidth: 2,\n  semi: false,\n  singleQuote: true,\n  arrowParens: 'always',\n}\n",
}
