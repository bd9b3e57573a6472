"""The edits that take Inngest out of the files that were the app's own before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from ...app.code_style import style_in
from ...changes import Change, read
from ...codemods import env_file, graphql_handler, package_json
from ...codemods.graphql_handler import decode
from ...codemods.graphql_handler.calls import PLUGIN
from ...errors import Refusal
from ...typescript.style import CodeStyle
from ..dependencies import PLUGIN_PACKAGE
from ..functions.generate import TEST_PACKAGE
from ..imports import imports_package
from ..line_ends import LineEnds
from ..own_files import (
    ENV_BLOCK,
    FORMER_ENV_BLOCKS,
    any_dev_command,
    dev_command,
    endpoint_of,
)
from .before_setup import BeforeSetup

Codemod = Callable[[str], str]

ENV_FILE = ".env.defaults"
SCRIPT = "inngest:dev"

# The packages that a setup or a generated function needs, with the codemods for the section that
# names each.
_ADD, _REMOVE = package_json.add_dependency, package_json.remove_dependency
_PACKAGES = {
    "inngest": (_ADD, _REMOVE),
    "graphql": (_ADD, _REMOVE),
    PLUGIN_PACKAGE: (_ADD, _REMOVE),
    TEST_PACKAGE: (package_json.add_dev_dependency, package_json.remove_dev_dependency),
}


@dataclass
class Edits:
    """The edits of an app's own files.

    Attributes:
        root: The app's folder.
        answers: The answers to the questionnaire.
        before: The app before it was set up.
        line_ends: The line ends in the app.
        changes: The changes so far, by path.
        notes: The parts that stay, a sentence each.
    """

    root: Path
    answers: Mapping[str, Any]
    before: BeforeSetup
    line_ends: LineEnds
    changes: dict[str, Change] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def unwire(self, texts: dict[str, str]) -> None:
        """Take the plugin out of the handler, and of the servers that `wire` put it into.

        Args:
            texts: The texts of the app's modules, by path; they are brought up to date.

        Raises:
            Refusal: The handler cannot be unwired for certain.
        """
        folder, style = f"{self.answers['api_path']}/src/inngest/", style_in(self.answers)
        for path in [path for path, text in texts.items() if PLUGIN in text]:
            suffix = PurePosixPath(path).suffix
            if path.startswith(folder):
                continue
            try:
                self._edit(path, partial(_wired, suffix, style), partial(_unwired, suffix, style))
            except Refusal as refusal:
                if path == self.answers["graphql_handler"]:
                    raise refusal.at(path) from None
            if path in self.changes:
                texts[path] = decode(self.changes[path].after or b"")

    def _dev_command(self) -> str:
        return dev_command(self.answers["api_port"], endpoint_of(self.answers))

    def take_out_settings(self) -> None:
        """Take out the script in package.json, and the variables in `.env.defaults`."""
        command, written = self._dev_command(), any_dev_command()
        self._edit(
            "package.json",
            lambda text: package_json.add_script(text, SCRIPT, command),
            lambda text: package_json.remove_script(text, SCRIPT, written),
        )
        self._edit(
            ENV_FILE,
            lambda text: env_file.add_variables(text, ENV_BLOCK),
            lambda text: env_file.remove_variables(text, (ENV_BLOCK, *FORMER_ENV_BLOCKS)),
        )
        for path, word in (("package.json", f'"{SCRIPT}"'), (ENV_FILE, "INNGEST_")):
            left = self._after(path)
            if word in left and word not in self._before(path):
                self.notes.append(f"{path} still has {word}: that was edited.")

    def take_out_packages(self, modules: Mapping[str, str]) -> None:
        """Take out the packages that the setup added, and that no module imports any more.

        Args:
            modules: The texts of the app's modules that stay, by path; those of the api side count.
        """
        api = f"{self.answers['api_path']}/"
        path = f"{api}package.json"
        present, before = self._after(path), self._before(path)
        gone = []
        for name in _PACKAGES:
            version = _version(present, name)
            if not version or _version(before, name):
                continue
            users = [
                each
                for each, text in modules.items()
                if each.startswith(api) and imports_package(text, name)
            ]
            if users:
                self.notes.append(f"{path} still has {name}: {users[0]} imports it.")
            elif name == "graphql" and not self._is_ours(path, version):
                self.notes.append(f"{path} still has graphql: the app may have had it before.")
            else:
                gone.append(name)
        self._edit(path, partial(_with, gone), partial(_without, gone))

    def _is_ours(self, path: str, version: str) -> bool:
        """Whether a setup added `graphql`, which it names at one exact version."""
        return self._has_before(path) or re.fullmatch(r"\d+\.\d+\.\d+\S*", version) is not None

    def _edit(self, path: str, put_in: Codemod, take_out: Codemod) -> None:
        """Edit a file, so that it is as before the setup where it can be.

        Where the setup's edit of the file that Git has from before leads to the same as the file
        that is there now, the former file is the answer.

        Args:
            path: The file.
            put_in: The setup's edit.
            take_out: Its opposite.
        """
        present = read(self.root, path)
        if present is None:
            return
        try:
            left = take_out(decode(present))
            before = self._before(path)
            if not self._has_before(path):
                after = left.encode() if left else None
            elif take_out(before) == before and take_out(put_in(before)) == left:
                after = before.encode()
            else:
                after = left.encode()
        except Refusal as refusal:
            raise refusal.at(path) from None
        if after != present:
            self.changes[path] = Change(path, present, after)

    def _has_before(self, path: str) -> bool:
        return self.before.content(path) is not None

    def _before(self, path: str) -> str:
        """A file before the setup; empty where there was none, or none is known."""
        content = self.before.content(path) or b""
        return self.line_ends.as_work_tree_has(path, content).decode(errors="replace")

    def _after(self, path: str) -> str:
        change = self.changes.get(path)
        content = change.after if change else read(self.root, path)
        return (content or b"").decode(errors="replace")


def _wired(suffix: str, style: CodeStyle, text: str) -> str:
    return graphql_handler.wire(text, suffix, style).source


def _unwired(suffix: str, style: CodeStyle, text: str) -> str:
    return graphql_handler.unwire(text, suffix, style).source


def _version(manifest: str, package: str) -> str:
    """The range of versions at which a package.json names a package; empty where it does not."""
    try:
        content = json.loads(manifest.removeprefix("\ufeff") or "{}")
    except ValueError:
        return ""
    kinds = ("dependencies", "devDependencies")
    found = [content.get(kind, {}).get(package) for kind in kinds if isinstance(content, dict)]
    return str(next(filter(None, found), ""))


def _with(packages: list[str], manifest: str) -> str:
    for name in packages:
        manifest = _PACKAGES[name][0](manifest, name, "0")
    return manifest


def _without(packages: list[str], manifest: str) -> str:
    for name in packages:
        manifest = _PACKAGES[name][1](manifest, name)
    return manifest
