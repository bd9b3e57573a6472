"""A folder in which ESLint finds what it finds in a Redwood app."""

from __future__ import annotations

import json
from pathlib import Path

from .cache import npm_packages
from .node import NodeTools

_PRETTIER = """module.exports = {
  trailingComma: 'es5',
  bracketSpacing: true,
  tabWidth: 2,
  semi: false,
  singleQuote: true,
  arrowParens: 'always',
}
"""


class RedwoodLint:
    """Redwood's ESLint configuration, Prettier's rule included.

    Args:
        tools: The Node process that runs ESLint.
        folder: An empty folder.
    """

    def __init__(self, tools: NodeTools, folder: Path) -> None:
        self._tools = tools
        self._folder = folder
        packages = npm_packages(
            "redwood-lint",
            {
                "@redwoodjs/eslint-config": "8.9.0",
                "@redwoodjs/babel-config": "8.9.0",
                "typescript": "5.6.2",
            },
        )
        (folder / "node_modules").symlink_to(packages / "node_modules")
        (folder / "redwood.toml").write_text("[web]\n  port = 8910\n[api]\n  port = 8911\n")
        (folder / "prettier.config.js").write_text(_PRETTIER)
        config = {"extends": "@redwoodjs/eslint-config", "root": True}
        (folder / "package.json").write_text(json.dumps({"eslintConfig": config}))
        (folder / "api" / "src").mkdir(parents=True)
        (folder / "api" / "tsconfig.json").write_text("{}")

    def complaints(self, source: str, path: str) -> list[str]:
        """What ESLint says of a source text that stands at this path of the app."""
        result: list[str] = self._tools.call(
            "lint", str(self._folder), source, str(self._folder / path)
        )
        return result
