"""The same on a JavaScript app in a folder of a larger repository, set up by Copier alone.

Its packages are those of the TypeScript app, which an installation has brought, and the SDK is
linked in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import copier_copy
from tests.support.endpoint import request_json, run_first_step
from tests.support.event_api import event_api
from tests.support.matrix import Kind, MatrixApp, sdk_packages
from tests.support.redwood import api_server, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[MatrixApp]:
    repository = tmp_path_factory.mktemp("repository")
    run(["git", "init", "--quiet"], repository)
    (repository / "README.md").write_text("# All our apps\n")
    made = MatrixApp(Kind("redwood", "js"), repository / "apps" / "my-shop")
    copier_copy(template, made.folder, "--data", "install_dependencies=false")
    made.link("inngest", sdk_packages() / "node_modules" / "inngest3")
    yield made
    made.tools.close()


@pytest.fixture
def app(made: MatrixApp) -> Path:
    return made.folder


def test_only_the_app_changes_in_the_repository(app: Path) -> None:
    assert "repository_path: apps/my-shop" in (app / ".copier-answers.inngest.yml").read_text()
    changed = run(["git", "status", "--porcelain"], app.parents[1]).splitlines()
    assert changed
    assert all(line[3:].startswith("apps/my-shop/") for line in changed)


@pytest.mark.nightly  # in each run, test_matrix has them read a setup in JavaScript
def test_the_apps_own_eslint_and_prettier_have_nothing_to_say(made: MatrixApp) -> None:
    code = [file for file in made.changed_files() if file.endswith((".js", ".ts"))]
    assert code
    assert not [file for file in code if file.endswith(".ts")]
    assert made.lint(code) == []
    assert made.unformatted(code) == []


def test_an_operation_arrives_as_an_event_and_a_function_runs(
    made: MatrixApp, app: Path, tmp_path: Path
) -> None:
    assert made.build()["problems"] == []
    query = {"query": "query FindPost { post(id: 1) { id title } }"}
    with event_api() as api, api_server(app, tmp_path / "log", INNGEST_DEV=api.url) as url:
        answer = request_json(f"{url}/graphql", "POST", query)
        assert answer["data"] == {"post": {"id": 1, "title": "First"}}
        (event,) = api.wait_for(1)
        said = run_first_step(url, "my-shop-hello-world", "graphql/hello-world.query")
    assert event["name"] == "graphql/find-post.query"
    assert event["data"]["identifiers"] == [{"typename": "Post", "id": 1}]
    assert said == "Hello from HelloWorld"
