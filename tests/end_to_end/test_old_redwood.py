"""Apps in TypeScript of Redwood 0.39 and 4.4, set up, installed, type-checked, built and served."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import command
from tests.support.endpoint import request_json, run_first_step
from tests.support.event_api import event_api
from tests.support.old_redwood import old_redwood_app
from tests.support.redwood import api_server, copy_app, run

# What `rw type-check` runs.
TYPE_CHECK = "node_modules/.bin/tsc --noEmit --skipLibCheck --pretty false -p api || true"
# With TypeScript 4.5, syntax that it does not know, in two files.
ERRORS_IN_THE_SDK = {"0.39.4": 7, "4.4.2": 0}

pytestmark = pytest.mark.nightly


def diagnostics(app: Path) -> set[str]:
    said = run(["sh", "-c", TYPE_CHECK], app).splitlines()
    return {line for line in said if "error TS" in line}


@pytest.mark.parametrize("version", ["0.39.4", "4.4.2"])
def test_an_app_is_set_up_and_served(
    version: str, template: Path, beside_the_cache: Path, tmp_path: Path
) -> None:
    app = copy_app(old_redwood_app(version), beside_the_cache / version / "my-shop")
    before = diagnostics(app)
    options: tuple[str | Path, ...] = ("--template", template, "--defaults")
    if version == "0.39.4":
        refused = command("redwood-inngest", "setup", app, *options)
        assert "TypeScript 4.5.2, and the declarations of the Inngest SDK" in refused.stderr
        options = (*options, "--data", "old_typescript=true")
    # npm 7 and later do not install these versions of Redwood as they are: their peers conflict.
    legacy = {"npm_config_legacy_peer_deps": "true", "npm_config_ignore_scripts": "true"}
    result = command("redwood-inngest", "setup", app, *options, environment=legacy)
    assert result.returncode == 0, result.stderr
    assert ("Note: " in result.stderr) == (version == "0.39.4")
    declared = json.loads((app / "api/package.json").read_text())["dependencies"]
    assert declared["inngest"] == "~3.41.0"

    said = diagnostics(app) - before
    assert len(said) == ERRORS_IN_THE_SDK[version]
    assert all("node_modules/inngest/" in line and "error TS1" in line for line in said)

    run(["node_modules/.bin/rw", "build", "api", "--no-prisma"], app)
    query = {"query": "query FindPost { post(id: 1) { id title } }"}
    serve = ("serve", "api", "--port", "PORT")
    with (
        event_api() as api,
        api_server(app, tmp_path / "log", "rw", serve, INNGEST_DEV=api.url) as url,
    ):
        answer = request_json(f"{url}/graphql", "POST", query)
        assert answer["data"] == {"post": {"id": 1, "title": "First"}}
        (event,) = api.wait_for(1)
        assert request_json(f"{url}/inngest")["function_count"] == 1
        said_by = run_first_step(url, "my-shop-hello-world", "graphql/hello-world.query")
    assert event["name"] == "graphql/find-post.query"
    assert said_by == "Hello from HelloWorld"
