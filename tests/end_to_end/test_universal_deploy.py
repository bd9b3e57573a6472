"""Cedar 5's Universal Deploy: built, served, and in development; events and functions over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.support.cedar import cedar_app, cedar_environment
from tests.support.command import command
from tests.support.endpoint import request_json, run_first_step
from tests.support.event_api import EventApi, event_api
from tests.support.redwood import (
    api_server,
    commit,
    copy_app,
    node_environment,
    run,
    wait_for,
)

pytestmark = pytest.mark.nightly

QUERY = {"query": "query FindPost { post(id: 1) { id title } }"}


def universal_app(folder: Path, kind: str, template: Path) -> tuple[Path, str]:
    """An app with what `cedar setup deploy universal-deploy` adds, set up; and what was said."""
    app = copy_app(cedar_app(), folder)
    manifest = json.loads((app / "api/package.json").read_text())
    (app / "api/package.json").write_text(json.dumps({**manifest, "type": kind}, indent=2) + "\n")
    config = app / "web/vite.config.ts"
    text = config.read_text().replace("import redwood from", "import redwood, { UD } from")
    text = text.replace("plugins: [redwood()]", "plugins: [redwood(), UD()]")
    config.write_text(text.replace("UD", "cedarUniversalDeployPlugin"))
    commit(app, "Universal Deploy")
    result = command("redwood-inngest", "setup", app, "--template", template, "--defaults")
    assert result.returncode == 0, result.stderr
    return app, result.stderr


def assert_served(url: str, api: EventApi) -> None:
    answer = request_json(f"{url}/graphql", "POST", QUERY)
    assert answer["data"] == {"post": {"id": 1, "title": "First"}}
    (event,) = api.wait_for(1)
    assert event["name"] == "graphql/find-post.query"
    assert request_json(f"{url}/inngest")["function_count"] == 1
    said = run_first_step(url, "my-shop-hello-world", "graphql/hello-world.query")
    assert said == "Hello from HelloWorld"


def test_an_app_of_ecmascript_modules(
    template: Path, beside_the_cache: Path, tmp_path: Path
) -> None:
    app, said = universal_app(beside_the_cache / "served" / "my-shop", "module", template)
    assert "CommonJS" not in said
    environment = cedar_environment(app)
    run(["node_modules/.bin/cedar", "build", "api", "--ud", "--no-prisma"], app, **environment)
    serve = ("serve", "api", "--ud", "--port", "PORT")
    with (
        event_api() as api,
        # Cedar 5.0.3 ends at /graphql/health, before any of our code.
        api_server(
            app,
            tmp_path / "log",
            "cedar",
            serve,
            ready="/inngest",
            INNGEST_DEV=api.url,
            **environment,
        ) as url,
    ):
        assert_served(url, api)


def test_in_development(template: Path, beside_the_cache: Path, tmp_path: Path) -> None:
    app, said = universal_app(beside_the_cache / "developed" / "my-shop", "module", template)
    config = app / "cedar.toml"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config.write_text(config.read_text().replace("8910", str(port)).replace("open = true", ""))
    functions = "/.redwood/functions"
    assert f"has the endpoint at http://localhost:8910{functions}/inngest" in said
    environment = cedar_environment(app)
    with event_api() as api:
        process = subprocess.Popen(
            [str(app / "node_modules/.bin/cedar"), "dev", "--ud", "--no-generate"],
            cwd=app,
            env={**node_environment(), **environment, "INNGEST_DEV": api.url, "BROWSER": "none"},
            stdin=subprocess.DEVNULL,
            stdout=(tmp_path / "log").open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            url = f"http://localhost:{port}{functions}"
            wait_for(f"{url}/inngest", process, tmp_path / "log")
            assert_served(url, api)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def test_commonjs_is_told_and_fails_in_cedar_itself(template: Path, beside_the_cache: Path) -> None:
    # If this fails, Cedar has repaired it, and the note can go.
    app, said = universal_app(beside_the_cache / "commonjs" / "my-shop", "commonjs", template)
    assert "Note: the api side is CommonJS: there, `cedar build --ud` of Cedar 5.0 fails" in said
    (app / "api/src/functions/inngest.ts").write_text("export const handler = async () => ({})\n")
    with pytest.raises(AssertionError, match='Duplicate export "default"'):
        run(
            ["node_modules/.bin/cedar", "build", "api", "--ud", "--no-prisma"],
            app,
            **cedar_environment(app),
        )
