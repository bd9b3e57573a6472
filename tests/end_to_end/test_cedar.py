"""Cedar 5, with npm and Inngest SDK 4, its api side built as CommonJS and as ECMAScript modules."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.support.cedar import cedar_app, cedar_environment, configure_eslint
from tests.support.command import command
from tests.support.event_api import event_api
from tests.support.redwood import api_server, commit, copy_app, run


@pytest.fixture(scope="module", params=["commonjs", "module"])
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template: Path
) -> Path:
    app = copy_app(cedar_app(), tmp_path_factory.mktemp("apps") / "my-shop")
    manifest = json.loads((app / "api/package.json").read_text())
    manifest["type"] = request.param
    configure_eslint(app)
    (app / "api/package.json").write_text(json.dumps(manifest, indent=2) + "\n")
    commit(app, "The kind of modules")
    result = command("redwood-inngest", "setup", app, "--template", template, "--defaults")
    assert result.returncode == 0, result.stderr
    return app


def test_what_was_found_is_in_the_answers(app: Path) -> None:
    answers = (app / ".copier-answers.inngest.yml").read_text()
    for line in ("framework: cedar", "package_manager: npm", "sdk_major: 4"):
        assert line in answers


def test_the_apps_own_eslint_and_prettier_have_nothing_to_say(app: Path) -> None:
    prettier = "node_modules/@cedarjs/cli/node_modules/prettier/bin/prettier.cjs"
    paths = ["api/src/inngest", "api/src/functions"]
    run(["node", prettier, "--check", *paths], app, **cedar_environment(app))
    eslint = ["node_modules/.bin/eslint", "--max-warnings=0", *paths]
    run(eslint, app, **cedar_environment(app))


def test_the_api_side_has_one_graphql(app: Path) -> None:
    # A second copy would not know the types of the schema.
    assert (app / "node_modules/graphql").is_dir()
    assert not (app / "api/node_modules/graphql").exists()


def test_an_operation_arrives_as_an_event(app: Path, tmp_path: Path) -> None:
    environment = cedar_environment(app)
    run(["node_modules/.bin/cedar", "build", "api", "--no-prisma"], app, **environment)
    query = {"query": "query FindPost { post(id: 1) { id title } }"}
    headers = {"content-type": "application/json"}
    with (
        event_api() as api,
        api_server(
            app, tmp_path / "log", program="cedar-server", INNGEST_DEV=api.url, **environment
        ) as url,
    ):
        request = Request(f"{url}/graphql", json.dumps(query).encode(), headers)
        with urlopen(request, timeout=30) as response:
            assert json.load(response)["data"] == {"post": {"id": 1, "title": "First"}}
        (event,) = api.wait_for(1)
        with urlopen(f"{url}/inngest", timeout=30) as response:
            assert json.load(response)["function_count"] == 1
    assert event["name"] == "graphql/find-post.query"
