"""Cedar 5 with Inngest SDK 4: CommonJS with npm, and ECMAScript modules with pnpm.

The one is set up by our command, the other by Copier alone; both install the dependencies.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.cedar import (
    cedar_app,
    cedar_app_with_pnpm,
    cedar_environment,
    configure_eslint,
    pnpm,
)
from tests.support.command import command, copier_copy
from tests.support.endpoint import request_json, run_first_step
from tests.support.event_api import event_api
from tests.support.redwood import api_server, commit, copy_app, run

# In each run, test_matrix and test_functions have Cedar with the packages of an installed app.
pytestmark = pytest.mark.nightly

KINDS = [("commonjs", "npm"), ("module", "pnpm")]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind))
def manager(request: pytest.FixtureRequest) -> tuple[str, str]:
    """What the api side is built as, and what installs its packages."""
    kind: tuple[str, str] = request.param
    return kind


@pytest.fixture(scope="module")
def app(manager: tuple[str, str], beside_the_cache: Path, template: Path) -> Path:
    module, name = manager
    installed = cedar_app() if name == "npm" else cedar_app_with_pnpm()
    app = copy_app(installed, beside_the_cache / module / "my-shop")
    manifest = json.loads((app / "api/package.json").read_text())
    manifest["type"] = module
    configure_eslint(app)
    (app / "api/package.json").write_text(json.dumps(manifest, indent=2) + "\n")
    commit(app, "The kind of modules")
    if name == "pnpm":
        copier_copy(template, app, PATH=f"{pnpm()}{os.pathsep}{os.environ['PATH']}")
    else:
        result = command("redwood-inngest", "setup", app, "--template", template, "--defaults")
        assert result.returncode == 0, result.stderr
    return app


def test_what_was_found_is_in_the_answers(app: Path, manager: tuple[str, str]) -> None:
    answers = (app / ".copier-answers.inngest.yml").read_text()
    facts = ("framework: cedar", "framework_version: 5.0.3", "sdk_major: 4", "workspaces: true")
    for line in (f"package_manager: {manager[1]}", *facts):
        assert line in answers


def test_the_apps_own_eslint_and_prettier_have_nothing_to_say(
    app: Path, manager: tuple[str, str]
) -> None:
    nested = "node_modules/@cedarjs/cli/node_modules/.bin/prettier"
    prettier = nested if manager[1] == "npm" else "node_modules/.bin/prettier"
    paths = ["api/src/inngest", "api/src/functions"]
    run([prettier, "--check", *paths], app, **cedar_environment(app))
    eslint = ["node_modules/.bin/eslint", "--max-warnings=0", *paths]
    run(eslint, app, **cedar_environment(app))


def test_no_other_copy_of_graphql_came(app: Path, manager: tuple[str, str]) -> None:
    installed = cedar_app() if manager[1] == "npm" else cedar_app_with_pnpm()
    places = (app / "api/node_modules/graphql", app / "node_modules/graphql")
    found = next(place for place in places if place.exists()).resolve().relative_to(app)
    assert (installed / found).is_dir()


def test_an_operation_arrives_as_an_event_and_a_function_runs(app: Path, tmp_path: Path) -> None:
    environment = cedar_environment(app)
    run(["node_modules/.bin/cedar", "build", "api", "--no-prisma"], app, **environment)
    query = {"query": "query FindPost { post(id: 1) { id title } }"}
    with (
        event_api() as api,
        api_server(
            app, tmp_path / "log", program="cedar-server", INNGEST_DEV=api.url, **environment
        ) as url,
    ):
        answer = request_json(f"{url}/graphql", "POST", query)
        assert answer["data"] == {"post": {"id": 1, "title": "First"}}
        (event,) = api.wait_for(1)
        assert request_json(f"{url}/inngest")["function_count"] == 1
        said = run_first_step(url, "my-shop-hello-world", "graphql/hello-world.query")
    assert event["name"] == "graphql/find-post.query"
    assert said == "Hello from HelloWorld"
