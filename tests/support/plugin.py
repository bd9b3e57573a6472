"""The Envelop plugin as an app gets it, and the packages that it runs with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.support.cache import cached, npm_packages
from tests.support.rendering import rendered_code

# What every workspace needs beside its framework. The SDKs have names of their
# own, so that one workspace can hold both.
TOOLS = {
    "inngest3": "npm:inngest@3.54.2",
    "inngest4": "npm:inngest@4.24.0",
    "tsx": "4.23.15",
    "fast-check": "4.10.2",
    "@types/node": "20.19.43",
    "@types/jest": "29.5.14",
}


@dataclass(frozen=True)
class Framework:
    """A framework at the version that is tested, with what it brings along."""

    name: str
    scope: str
    packages: Mapping[str, str]

    def install(self) -> Path:
        """A folder that has the framework's packages in its node_modules."""
        return npm_packages(f"plugin-{self.name}", {**TOOLS, **self.packages})


REDWOOD = Framework(
    "redwood",
    "@redwoodjs",
    {
        "@redwoodjs/graphql-server": "8.9.0",
        "@redwoodjs/api": "8.9.0",
        "graphql": "16.9.0",
        "graphql-yoga": "5.7.0",
        "@graphql-yoga/plugin-defer-stream": "3.7.0",
        "@graphql-yoga/plugin-persisted-operations": "3.7.0",
        # Under another name, since SDK 3 asks for TypeScript 5.8 as a peer.
        "typescript-compiler": "npm:typescript@5.6.2",
    },
)
# The first Redwood that runs with the plugin, and the first whose TypeScript can check it.
OLDEST_REDWOOD = Framework(
    "redwood-0.39",
    "@redwoodjs",
    {
        "@redwoodjs/graphql-server": "0.39.4",
        "@redwoodjs/api": "0.39.4",
        "graphql": "16.0.1",
        "graphql-yoga": "5.7.0",  # for the tests' own server
        "typescript-compiler": "npm:typescript@5.1.3",
    },
)
REDWOOD_5 = Framework(
    "redwood-5",
    "@redwoodjs",
    {
        "@redwoodjs/graphql-server": "5.3.2",
        "@redwoodjs/api": "5.3.2",
        "graphql": "16.6.0",
        "graphql-yoga": "3.9.1",
        "typescript-compiler": "npm:typescript@5.1.3",
    },
)
# The oldest Cedar that could be had.
CEDAR_4 = Framework(
    "cedar-4",
    "@cedarjs",
    {
        "@cedarjs/graphql-server": "4.2.0",
        "@cedarjs/api": "4.2.0",
        "graphql": "16.13.2",
        "graphql-yoga": "5.21.0",
        "typescript-compiler": "npm:typescript@5.9.3",
    },
)
CEDAR = Framework(
    "cedar",
    "@cedarjs",
    {
        "@cedarjs/graphql-server": "5.0.3",
        "@cedarjs/api": "5.0.3",
        "graphql": "16.15.0",
        "graphql-yoga": "5.21.2",
        "@graphql-yoga/plugin-defer-stream": "3.21.2",
        "@graphql-yoga/plugin-persisted-operations": "3.21.2",
        "@graphql-yoga/plugin-response-cache": "3.20.0",
        "@envelop/response-cache": "9.0.0",
        "typescript-compiler": "npm:typescript@5.9.3",
    },
)


SDKS = (
    *("3.0.0", "3.3.0", "3.7.4", "3.10.0", "3.15.5", "3.19.22", "3.21.2", "3.22.0", "3.22.13"),
    *("3.25.1", "3.27.5", "3.31.13", "3.35.1", "3.40.3", "3.44.5", "3.49.3", "3.54.2"),
    *("4.0.0", "4.2.6", "4.5.1", "4.11.0", "4.16.0", "4.21.1", "4.24.0"),
)


def sdk_bundles() -> Path:
    """A folder with each version of the SDK in one file, such as `3.0.0.cjs`.

    The packages of 24 versions take more than 2 GB, of which the client needs little.
    """
    bundler = REDWOOD.install() / "node_modules" / ".bin" / "esbuild"

    def make(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as name:
            packages = Path(name)
            dependencies = {f"inngest-{sdk}": f"npm:inngest@{sdk}" for sdk in SDKS}
            (packages / "package.json").write_text(json.dumps({"dependencies": dependencies}))
            quiet = ("--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error")
            subprocess.run(["npm", "install", *quiet], cwd=packages, check=True)
            for sdk in SDKS:
                options = ("--bundle", "--platform=node", "--format=cjs", "--log-level=error")
                subprocess.run(
                    [bundler, *options, f"--outfile={folder / f'{sdk}.cjs'}"],
                    cwd=packages,
                    input=f"export * from 'inngest-{sdk}'",
                    text=True,
                    check=True,
                )

    return cached("plugin-sdks", [*SDKS, TOOLS], make)


def rendered_plugin(target: Path, language: str = "ts") -> None:
    """Puts the plugin into a folder, as Copier renders it into `api/src/inngest` of an app."""
    for path, text in rendered_code(language=language).items():
        if "/useInngest" in path:
            file = target / PurePosixPath(path).relative_to("api/src/inngest")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


def make_workspace(folder: Path, framework: Framework, *files: Path, language: str = "ts") -> Path:
    """A folder with the plugin under `src/inngest`, some files and the packages.

    Args:
        folder: An empty folder.
        framework: Whose packages are linked as node_modules.
        files: Files and folders that are copied beside `src`.
        language: What the plugin is written in.

    Returns:
        The folder.
    """
    rendered_plugin(folder / "src" / "inngest", language)
    (folder / "node_modules").symlink_to(framework.install() / "node_modules")
    (folder / "package.json").write_text('{"private": true}\n')
    for file in files:
        if file.is_dir():
            shutil.copytree(file, folder, dirs_exist_ok=True)
        else:
            shutil.copy(file, folder)
    return folder


def run_node(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs Node in a workspace, with TypeScript, and gives what it printed."""
    inherited = {name: value for name, value in os.environ.items() if "INNGEST" not in name}
    return subprocess.run(
        ["node", "--import", "tsx", *arguments],
        cwd=folder,
        env={**inherited, "FORCE_COLOR": "0", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
