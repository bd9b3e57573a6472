"""`remove` after `setup` gives back the app's own files, byte for byte, where Git has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from redwood_inngest import git
from redwood_inngest.app.find import find_app
from redwood_inngest.changes import Changes
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.line_ends import LineEnds
from redwood_inngest.flows.own_files import wire_app
from redwood_inngest.flows.remove.before_setup import before_setup
from redwood_inngest.flows.remove.edits import Edits

from tests.support.apps import API_PACKAGE_JSON, PACKAGE_JSON, small_app

from .handler_shapes import Handler, handlers

LAYOUTS = st.sampled_from([{"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {}])
DEPENDENCIES = st.dictionaries(st.sampled_from(["graphql", "ms", "zod"]), st.just("1.0.0"))
SCRIPTS = st.dictionaries(st.sampled_from(["a", "z", "inngest:dev"]), st.sampled_from(["ls", "ps"]))
VARIABLES = st.sampled_from(["", "A=1", "A=1\n", "A=1\r\n", "\n", "# INNGEST_DEV=\n", "B=\n\n\n"])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_app(tmp_path_factory.mktemp("app") / "shop")


@pytest.fixture(scope="module")
def facts(app: Path) -> dict[str, Any]:
    return find_app(app).facts()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    handler=handlers(),
    layout=LAYOUTS,
    dependencies=DEPENDENCIES,
    scripts=st.none() | SCRIPTS,
    variables=st.none() | VARIABLES,
)
def test_own_files_are_as_before(
    app: Path,
    facts: dict[str, Any],
    handler: Handler,
    layout: dict[str, Any],
    dependencies: dict[str, str],
    scripts: dict[str, str] | None,
    variables: str | None,
) -> None:
    assume("inngestPlugin" not in handler.text)
    path = f"api/src/functions/graphql{handler.suffix}"
    manifest = {**PACKAGE_JSON} if scripts is None else {**PACKAGE_JSON, "scripts": scripts}
    api = {**API_PACKAGE_JSON, "dependencies": dependencies}
    before = {
        path: handler.text.encode(),
        "package.json": json.dumps(manifest, **layout).encode(),
        "api/package.json": json.dumps(api, **layout).encode(),
        ".env.defaults": None if variables is None else variables.encode(),
    }
    put(app, before)
    answers = {**facts, "graphql_handler": path, "plugin": "bundled", "event_prefix": "graphql"}
    try:
        wired = wire_app(app, answers)
    except Refusal:
        assume(False)
    wired.make()
    edits = Edits(app, answers, before_setup(app), LineEnds())
    edits.unwire({path: (app / path).read_bytes().decode()})
    edits.take_out_settings()
    edits.take_out_packages({})
    Changes(app, tuple(edits.changes.values())).make()
    after = {name: content_of(app / name) for name in before}
    (app / path).unlink()
    assert after == before


def put(app: Path, files: dict[str, bytes | None]) -> None:
    """Have the files in the app, committed."""
    for name, content in files.items():
        (app / name).unlink(missing_ok=True)
        if content is not None:
            (app / name).write_bytes(content)
    git.git(app, "add", "--all")
    author = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    git.git(app, *author, "commit", "--quiet", "--allow-empty", "--message", "Before")


def content_of(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None
