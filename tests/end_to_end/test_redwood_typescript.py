"""The main job, on the real app of create-redwood-app: nothing is mocked but the event API."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import pexpect
import pytest
from redwood_inngest.app.handler import ANSWERS_FILE

from tests.support.cache import cached
from tests.support.command import COMMANDS, command, copier_copy
from tests.support.endpoint import request_json, run_first_step
from tests.support.event_api import EventApi, event_api
from tests.support.matrix import Kind, MatrixApp
from tests.support.redwood import (
    api_server,
    copy_app,
    files_of,
    node_environment,
    redwood_app,
    run,
)

GENERATED = [
    "api/src/functions/inngest.ts",
    "api/src/inngest/client.ts",
    "api/src/inngest/functions/helloWorld.ts",
    "api/src/inngest/functions/index.ts",
    "api/src/inngest/plugin.ts",
]
OF_EVENTS = [
    "api/src/inngest/events.ts",
    "api/src/inngest/functions/helloWorld.graphql",
    "api/src/inngest/ownEvents.ts",
]


def setup_at_a_terminal(app: Path, template: Path) -> None:
    """Answer the questions by hand: the event prefix is typed, the rest is taken as it is."""
    terminal = pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        ["setup", str(app), "--template", str(template)],
        env={**node_environment(), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        dimensions=(40, 100),
        timeout=180,
    )
    terminal.expect("of this machine?")
    terminal.send("y\r")
    terminal.expect("events start with")
    terminal.expect("graphql")
    terminal.sendcontrol("u")
    terminal.send("shop\r")
    for question, ready in (
        ("Which GraphQL operations", "Subscriptions"),
        ("Which plugin", "npm package"),
        ("Which fields of currentUser", r"\[id\]"),
        ("Add an example function", "Y/n"),
        ("Adjust the details", "y/N"),
        ("Install the new dependency with yarn", "Y/n"),
    ):
        terminal.expect(question)
        terminal.expect(ready)
        terminal.send("\r")
    terminal.expect("Make these changes?")
    terminal.send("y\r")
    terminal.expect("Inngest is set up")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


@dataclass
class SetUp:
    """An app that was set up, and the diagnostics that tsc gave before."""

    app: Path
    diagnostics_before: set[str]


@pytest.fixture(scope="module")
def set_up(beside_the_cache: Path, template: Path) -> SetUp:
    app = copy_app(redwood_app(), beside_the_cache / "apps" / "my-shop")
    before = diagnostics_of_the_app_as_it_came()
    setup_at_a_terminal(app, template)
    return SetUp(app, before)


def diagnostics_of_the_app_as_it_came() -> set[str]:
    """What tsc says before anything is set up, in the cache: it takes a while."""
    app = redwood_app()

    def make(folder: Path) -> None:
        (folder / "said.json").write_text(json.dumps(sorted(diagnostics(app))))

    return set(
        json.loads((cached("redwood-diagnostics", app.name, make) / "said.json").read_text())
    )


def diagnostics(app: Path) -> set[str]:
    result = run(["sh", "-c", "node_modules/.bin/tsc --noEmit --pretty false -p api || true"], app)
    return {line for line in result.splitlines() if "error TS" in line}


@pytest.fixture(scope="module")
def built(set_up: SetUp) -> Path:
    run(["corepack", "yarn", "rw", "build", "api", "--no-prisma"], set_up.app)
    return set_up.app


@dataclass
class Running:
    """The app's api server, and the event API that it sends to."""

    url: str
    api: EventApi
    log: Path


@pytest.fixture(scope="module")
def running(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    log = tmp_path_factory.mktemp("logs") / "server.log"
    with event_api() as api, api_server(built, log, INNGEST_DEV=api.url) as url:
        yield Running(url, api, log)


def test_the_diff_of_the_handler_is_the_import_and_one_line(set_up: SetUp) -> None:
    diff = run(["git", "diff", "--unified=0", "--", "api/src/functions/graphql.ts"], set_up.app)
    changed = [line for line in diff.splitlines()[4:] if line[0] in "+-"]
    assert changed == [
        "+import { inngestPlugin } from 'src/inngest/plugin'",
        "+  extraPlugins: [inngestPlugin],",
    ]


def test_git_sees_these_files_and_no_others(set_up: SetUp) -> None:
    status = run(["git", "status", "--porcelain", "--untracked-files=all"], set_up.app)
    changed = {line[3:]: line[:2] for line in status.splitlines()}
    edited = {path for path, state in changed.items() if state == " M"}
    created = {path for path, state in changed.items() if state == "??"}
    assert edited == {
        ".env.defaults",
        "api/package.json",
        "api/src/functions/graphql.ts",
        "package.json",
        "yarn.lock",
    }
    own = {path for path in created if "/useInngest" not in path}
    assert own == {*GENERATED, *OF_EVENTS, ".copier-answers.inngest.yml"}
    assert created - own


def test_copier_alone_makes_the_same_files(set_up: SetUp, template: Path, tmp_path: Path) -> None:
    app = MatrixApp(Kind("redwood", "ts"), tmp_path / "my-shop")
    app.tools.close()
    no_install = ("--data", "install_dependencies=false")
    copier_copy(template, app.folder, "--data", "event_prefix=shop", *no_install)
    expected = files_of(set_up.app)
    actual = files_of(app.folder)
    assert actual.keys() == expected.keys()
    # The one comes of the installation, the other of the packages, which are a link here.
    differing = {path for path in expected if actual[path] != expected[path]}
    assert differing == {"yarn.lock", ".gitignore", ANSWERS_FILE}
    # An answer that is given beforehand stands first.
    assert sorted(actual[ANSWERS_FILE].split(b"\n")) == sorted(expected[ANSWERS_FILE].split(b"\n"))


def test_the_doctor_finds_nothing_wrong_and_the_running_app(running: Running, built: Path) -> None:
    config = built / "redwood.toml"
    before = config.read_text()
    config.write_text(before.replace("8911", running.url.rpartition(":")[2]))
    try:
        told = json.loads(command("redwood-inngest", "doctor", built, "--json").stdout)
    finally:
        config.write_text(before)
    findings = {each["check"]: each["findings"] for each in told["checks"]}
    port, endpoint, *_ = (each["message"] for each in findings.pop("dev-server"))
    assert "the answers have api_port 8911" in port
    assert endpoint.startswith("the app runs, and its endpoint answers at http://localhost:")
    assert [each for found in findings.values() for each in found if each["level"] != "note"] == []


@pytest.mark.nightly
def test_remove_leaves_the_app_as_it_came(
    set_up: SetUp, template: Path, beside_the_cache: Path
) -> None:
    app = copy_app(set_up.app, beside_the_cache / "removed" / "my-shop")  # which commits the setup
    assert "yarn.lock" in run(["git", "diff", "--name-only", "HEAD^"], app)
    arguments = ("remove", app, "--template", template)
    result = command("redwood-inngest", *arguments, environment=node_environment())
    assert result.returncode == 0, result.stderr
    assert run(["git", "diff", "--name-only", "HEAD^"], app) == ""
    assert not (app / "node_modules/inngest").exists()


def test_the_sdk_is_the_one_that_fits_the_app(set_up: SetUp) -> None:
    installed = json.loads((set_up.app / "node_modules/inngest/package.json").read_text())
    assert installed["version"].startswith("3.")  # Redwood 8.9 brings TypeScript 5.6


def test_the_api_side_has_one_graphql(set_up: SetUp) -> None:
    # A second copy would not know the types of the schema.
    assert (set_up.app / "node_modules/graphql").is_dir()
    assert not (set_up.app / "api/node_modules/graphql").exists()


@pytest.mark.nightly  # test_functions asks the same of an app whose packages are links
def test_tsc_finds_nothing_that_it_did_not_find_before(set_up: SetUp) -> None:
    assert diagnostics(set_up.app) - set_up.diagnostics_before == set()


@pytest.mark.nightly
def test_the_apps_own_eslint_and_prettier_have_nothing_to_say(set_up: SetUp) -> None:
    paths = ["api/src/inngest", *GENERATED, "api/src/functions/graphql.ts"]
    run(["node_modules/.bin/eslint", "--max-warnings=0", "--ext=.ts", *paths], set_up.app)
    run(["node_modules/.bin/prettier", "--check", *paths], set_up.app)


def test_operations_arrive_as_events(running: Running) -> None:
    running.api.events.clear()
    graphql = f"{running.url}/graphql"
    named = "query FindPost($id: Int!) { post(id: $id) { __typename id title } }"
    found = request_json(graphql, "POST", {"query": named, "variables": {"id": 1}})
    assert found["data"] == {"post": {"__typename": "Post", "id": 1, "title": "First"}}
    mutation = "mutation CreatePost($title: String!) { createPost(title: $title) { id } }"
    created = request_json(graphql, "POST", {"query": mutation, "variables": {"title": "Second"}})
    assert created["data"] == {"createPost": {"id": 2}}
    anonymous = request_json(graphql, "POST", {"query": "{ post(id: 1) { id } }"})
    assert anonymous["data"] == {"post": {"id": 1}}

    query, mutation_event = running.api.wait_for(2)
    assert query["name"] == "shop/find-post.query"
    assert query["data"]["variables"] == {"id": 1}
    assert query["data"]["identifiers"] == [{"typename": "Post", "id": 1}]
    assert query["data"]["types"] == ["Post"]
    assert query["data"]["result"] == {}
    assert query["data"]["operation"]["name"] == "FindPost"
    assert query["data"]["operation"]["type"] == "query"
    assert mutation_event["name"] == "shop/create-post.mutation"
    assert mutation_event["data"]["variables"] == {"title": "Second"}
    assert mutation_event["data"]["identifiers"] == [{"typename": "Post", "id": 2}]


def test_the_endpoint_introspects_and_registers_as_the_sdk_does(running: Running) -> None:
    introspection = request_json(f"{running.url}/inngest")
    assert introspection["mode"] == "dev"
    assert introspection["function_count"] == 1
    running.api.registered.clear()
    assert request_json(f"{running.url}/inngest", "PUT")["message"]
    (registration,) = running.api.registered
    assert registration["appName"] == "my-shop"
    assert [each["id"] for each in registration["functions"]] == ["my-shop-hello-world"]


def test_the_endpoint_runs_the_example_function(running: Running) -> None:
    said = run_first_step(running.url, "my-shop-hello-world", "shop/hello-world.query")
    assert said == "Hello from HelloWorld"


def test_in_production_events_go_to_the_cloud_with_the_event_key(
    built: Path, tmp_path: Path
) -> None:
    with (
        event_api() as cloud,
        api_server(
            built,
            tmp_path / "server.log",
            NODE_ENV="production",
            INNGEST_EVENT_KEY="the-key",
            INNGEST_SIGNING_KEY="signkey-prod-12345678",
            INNGEST_BASE_URL=cloud.url,
        ) as url,
    ):
        request_json(f"{url}/graphql", "POST", {"query": "query FindPost { post(id: 1) { id } }"})
        (event,) = cloud.wait_for(1)
        assert event["name"] == "shop/find-post.query"
        assert cloud.paths == ["/e/the-key"]
        with pytest.raises(HTTPError, match="401"):  # nobody may ask without a signature
            request_json(f"{url}/inngest")


def test_setting_up_again_changes_no_byte(set_up: SetUp, template: Path) -> None:
    before = files_of(set_up.app)
    command = [str(COMMANDS / "redwood-inngest"), "setup", "--defaults", "--force"]
    said = run([*command, "--template", str(template), str(set_up.app)], set_up.app)
    assert said.strip() == "Inngest is set up here already: nothing to change."
    assert files_of(set_up.app) == before


def test_wiring_again_changes_no_byte(set_up: SetUp) -> None:
    before = files_of(set_up.app)
    said = run([str(COMMANDS / "redwood-inngest"), "wire"], set_up.app / "api")
    assert "already-wired" in said
    assert files_of(set_up.app) == before


def test_no_file_names_a_path_of_this_machine_but_the_answers(
    set_up: SetUp, template: Path
) -> None:
    home = os.fsencode(template)
    naming = [path for path, content in files_of(set_up.app).items() if home in content]
    assert naming == [".copier-answers.inngest.yml"]
