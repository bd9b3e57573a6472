"""The template's JavaScript is what `make javascript` makes of its TypeScript, and does that."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.apps import tree
from tests.support.cache import cached
from tests.support.node import NodeTools, tools_folder
from tests.support.rendering import TEMPLATE, rendered_code
from tests.support.template import REPOSITORY

TOOLS = REPOSITORY / "tools"
TYPESCRIPT = "{% if language == 'ts' %}{{ api_path }}{% endif %}"
JAVASCRIPT = "{% if language == 'js' %}{{ api_path }}{% endif %}"


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script that makes the JavaScript, with its packages as the lock file has them."""
    manifests = {name: (TOOLS / name).read_text() for name in ("package.json", "package-lock.json")}

    def install(folder: Path) -> None:
        for name, text in manifests.items():
            (folder / name).write_text(text)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True)

    packages = cached("tools", manifests, install)
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "node_modules").symlink_to(packages / "node_modules")
    shutil.copy(TOOLS / "make_javascript.mjs", folder)
    return folder / "make_javascript.mjs"


def make(script: Path, template: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["node", script, template], capture_output=True, text=True)


def made_of(script: Path, template: Path, source: str) -> str:
    """The JavaScript that the script makes of one file."""
    (template / TYPESCRIPT).mkdir(parents=True)
    (template / TYPESCRIPT / "file.ts.jinja").write_text(source)
    result = make(script, template)
    assert result.returncode == 0, result.stderr
    first, _, text = (template / JAVASCRIPT / "file.js.jinja").read_text().partition("\n")
    assert "make javascript" in first
    return text


def test_making_it_again_changes_nothing(script: Path, tmp_path: Path) -> None:
    again = tmp_path / "template"
    shutil.copytree(TEMPLATE, again)
    (again / JAVASCRIPT / "left.over.js.jinja").write_text("")
    result = make(script, again)
    assert result.returncode == 0, result.stderr
    assert tree(again) == tree(TEMPLATE)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"plugin": "package", "module": "esm"},
        {"example_function": False, "has_logger": False, "user_fields": []},
        {"sdk_major": 3, "serve_path": "/api/inngest", "redact_paths": ["input.email"]},
    ],
    ids=["defaults", "package", "least", "sdk 3"],
)
def test_javascript_does_what_typescript_does(answers: dict[str, Any], tools: NodeTools) -> None:
    """It is what TypeScript's own compiler makes, but for layout and comments: exports and all."""
    javascript = rendered_code(language="js", **answers)
    typescript = rendered_code(language="ts", **answers)
    assert {path.replace(".js", ".ts") for path in javascript} == set(typescript)
    for path, source in typescript.items():
        if not path.endswith(".ts"):
            assert javascript[path] == source
            continue
        code = javascript[path.replace(".ts", ".js")]
        tools.call("parse", code)
        assert tools.call("canonical", code) == tools.call("canonicalTranspiled", source, path)


def test_comments_of_types_go_with_them(script: Path, tmp_path: Path) -> None:
    source = """\
/* A licence. */

// Of the type.
// Two lines.
type A = string // beside it

// Stands alone.

/** Of the interface. */
export interface B {
  /** Of the member. */
  c: string
}
/** Of the constant. */
export const d: A = 'd' as A // beside it

export class E {
  // Of the field.
  declare f: string
  // Of the method.
  g() {}
}
"""
    assert (
        made_of(script, tmp_path / "template", source)
        == """\
/* A licence. */

// Stands alone.

/** Of the constant. */
export const d = 'd' // beside it

export class E {
  // Of the method.
  g() {}
}
"""
    )


def test_an_import_of_types_leaves_no_gap(script: Path, tmp_path: Path) -> None:
    source = """\
import { a } from 'a'
import type { A } from 'a'
import { b, type B } from 'b'

export { a, b }
export type { A, B }
"""
    assert (
        made_of(script, tmp_path / "template", source)
        == """\
import { a } from 'a'
import { b } from 'b'

export { a, b }
"""
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("export enum A {\n  B,\n}\n", "file.ts.jinja:1: EnumDeclaration is more than a type"),
        ("const a = {{ b }}\n", "file.ts.jinja holds Jinja"),
        ("const = 1\n", "file.ts.jinja is no TypeScript: "),
    ],
)
def test_what_is_no_type_is_refused(source: str, reason: str, script: Path, tmp_path: Path) -> None:
    template = tmp_path / "template"
    shutil.copytree(TEMPLATE, template)
    (template / TYPESCRIPT / "file.ts.jinja").write_text(source)
    result = make(script, template)
    assert result.returncode == 1
    assert result.stderr.startswith(reason)
    assert tree(template / JAVASCRIPT) == tree(TEMPLATE / JAVASCRIPT)


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (TOOLS / "package-lock.json").read_text()
