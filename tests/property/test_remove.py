"""`remove`: the app's own files come back byte for byte, and nothing that stays is broken."""

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
from redwood_inngest.flows.functions.app import open_app
from redwood_inngest.flows.imports import imported_file, imports_in
from redwood_inngest.flows.line_ends import LineEnds
from redwood_inngest.flows.own_files import wire_app
from redwood_inngest.flows.remove.before_setup import before_setup
from redwood_inngest.flows.remove.edits import Edits
from redwood_inngest.flows.remove.files import Files

from tests.support.apps import API_PACKAGE_JSON, PACKAGE_JSON, small_app, tree, write
from tests.support.command import command

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


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    app = small_app(tmp_path_factory.mktemp("set-up") / "shop")
    options = ("--template", template, "--no-install", "--defaults")
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    return app


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_of_use_imports_what_goes(set_up: Path, data: st.DataObject) -> None:
    """Some files are edited, and some new ones import some of the others."""
    before = {path: text for path, text in tree(set_up).items() if "inngest" in path}
    modules = sorted(path for path in before if path.endswith(".ts"))
    edited = data.draw(st.sets(st.sampled_from(modules), max_size=3))
    importers = data.draw(
        st.dictionaries(
            st.sampled_from(["services/orders", "inngest/mine", "inngest/functions/mine"]),
            st.lists(st.sampled_from(modules), min_size=1, max_size=2),
        )
    )
    new = {
        f"api/src/{stem}.ts": "".join(
            f"import '{each.removeprefix('api/').removesuffix('.ts')}'\n" for each in imported
        )
        for stem, imported in importers.items()
    }
    for path in edited:
        write(set_up / path, f"// Ours.\n{before[path].decode()}")
    for path, text in new.items():
        write(set_up / path, text)
    try:
        now = {path: text.decode() for path, text in tree(set_up).items() if path.endswith(".ts")}
        texts = {path: text for path, text in now.items() if path != "api/src/functions/graphql.ts"}
        files = Files.decided(open_app(set_up), before, texts)
    finally:
        for path in new:
            (set_up / path).unlink()
        for path in edited:
            (set_up / path).write_bytes(before[path])
    assert files.goes.isdisjoint({*edited, *new})
    assert files.goes | files.stays.keys() >= before.keys()
    if not edited and not new:
        assert files.goes >= before.keys()
    assert files.alone <= edited
    for path, text in files.modules().items():
        for each in imports_in(text):
            found = imported_file(path, each.specifier, texts, "api")
            assert found not in files.goes | files.alone, f"{path} imports {each.specifier}"
