"""redwood.toml and cedar.toml are read as Redwood's and Cedar's own packages read them."""

from __future__ import annotations

import json
import os
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from redwood_inngest.app.config import api_config
from redwood_inngest.app.find import find_app
from redwood_inngest.errors import Refusal

from tests.support.apps import small_app, write
from tests.support.cache import answered, npm_packages

FRAMEWORKS = {"@redwoodjs/project-config": "8.9.0", "@cedarjs/project-config": "5.0.3"}
READ = """
const fs = require('fs')
const path = require('path')
const { getRawConfig } = require(require.resolve(process.argv[1], { paths: [process.argv[2]] }))
let number = 0
const read = (text) => {
  const file = path.resolve(`${number++}.toml`)
  fs.writeFileSync(file, text)
  try {
    return getRawConfig(file).api ?? {}
  } catch {
    return 'refused'
  }
}
console.log(JSON.stringify(JSON.parse(process.argv[3]).map(read)))
"""
QUOTED = ("{}", '"{}"', "'{}'")
VALUES = (
    "9000",
    "${API_PORT:9000}",
    "${api_port: 9000 }",
    '${API_PORT:"9000"}',
    "${API_PORT:'9000'}",
    "${API_PORT:'\"9000\"'}",
    "${HOST:http://localhost:8911}",
    "${API_PORT:}",
    "$API_PORT",
    "1${API_PORT:9000}${WEB:2}",
)
TEXTS = [f"[api]\n  port = {q.format(v)}\n" for q, v in product(QUOTED, VALUES)] + [
    '[api]\n  path = "${API_PATH:./packages}/api"\n',
    "# ${A:1}\n[web]\n  title = '${TITLE:My Shop}'\n[${SIDE:api}]\n  port = ${PORT:1}\n",
    "[api]\n  port = ${API_PORT:90\n00}\n",
    "[api]\n  port = ${\u017f:1}\n",
]


@pytest.mark.parametrize("package", FRAMEWORKS)
def test_with_nothing_in_the_environment_the_frameworks_read_the_same(
    package: str, tmp_path: Path
) -> None:
    def ask() -> Any:
        folder = npm_packages("project-configs", FRAMEWORKS)
        command = ["node", "-e", READ, package, str(folder), json.dumps(TEXTS)]
        printed = subprocess.run(
            command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, check=True
        )
        return json.loads(printed.stdout)

    theirs = answered([package, FRAMEWORKS[package], READ, TEXTS], ask)
    assert [ours(tmp_path, text) for text in TEXTS] == theirs
    assert sum(answer != "refused" for answer in theirs) > len(TEXTS) / 2


def ours(folder: Path, text: str) -> dict[str, Any] | str:
    write(folder / "ours.toml", text)
    try:
        return api_config(folder / "ours.toml")
    except Refusal:
        return "refused"


@pytest.mark.parametrize(
    "port", ["${API_PORT:9000}", '"${API_PORT:9000}"', "'${API_PORT:9000}'", '"9000"', "9000"]
)
def test_the_default_that_is_written_is_the_port(tmp_path: Path, port: str) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "redwood.toml", f"[api]\n  port = {port}\n")
    found = find_app(app)
    assert (found.api_port, found.notes) == (9000, ())


@pytest.mark.parametrize("port", ["${API_PORT}", '"${API_PORT}"', '"auto"', "true", "0", "70000"])
def test_a_port_that_cannot_be_told_is_assumed_and_said(tmp_path: Path, port: str) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "redwood.toml", f"[api]\n  port = {port}\n")
    found = find_app(app)
    assert found.api_port == 8911
    (note,) = found.notes
    assert note.startswith("[api] port in redwood.toml cannot be told (")
    assert note in found.greeting()


def test_the_path_may_be_a_variable_with_a_default(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", api="packages/backend", git=False)
    write(app / "redwood.toml", '[api]\n  path = "${API_PATH:./packages/backend}"\n')
    assert find_app(app).api_path == "packages/backend"
    write(app / "redwood.toml", '[api]\n  path = "${API_PATH}"\n')
    with pytest.raises(Refusal, match=r"only the environment tells: write a default"):
        find_app(app)


def test_other_variables_are_no_hindrance(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "redwood.toml", "[web]\n  port = ${WEB_PORT}\n[api]\n  port = ${P:9000}\n")
    assert find_app(app).api_port == 9000
