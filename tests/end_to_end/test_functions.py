"""Functions of every kind, generated into real apps: checked, tested and run there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from redwood_inngest.cli.main import main
from redwood_inngest.flows.functions.kinds import KINDS

from tests.support.cache import npm_packages
from tests.support.cedar import cedar_environment
from tests.support.command import command
from tests.support.endpoint import request_json, run_function
from tests.support.event_api import event_api
from tests.support.matrix import Kind, MatrixApp, sdk_with_tests
from tests.support.nightly import nightly
from tests.support.orders import add_orders
from tests.support.redwood import api_server, commit, run

TYPESCRIPT = [
    (Kind("redwood", "ts"), 3),
    (Kind("cedar", "ts"), 4),
    nightly((Kind("redwood", "ts"), 4)),
    nightly((Kind("cedar", "ts"), 3)),
]
JAVASCRIPT = (Kind("redwood", "js"), 4)
OLDER_JAVASCRIPT = nightly((Kind("redwood", "js"), 3))
# What each kind runs on: of most, an operation with a nested input.
RUNS_ON = {
    "scheduled": ("--cron", "TZ=Europe/Paris 0 9 * * 1-5"),
    "batched": ("--on", "FindOrders"),
    "cancellable": ("--on", "ShipOrder", "--other", "CancelOrder"),
    "waiting": ("--on", "ShipOrder", "--other", "CancelOrder"),
}
FOLDER = "api/src/inngest/functions"


@dataclass
class Made:
    """An app with a function of every kind, named after the kind."""

    app: MatrixApp
    sdk: int

    @property
    def suffix(self) -> str:
        return f".{self.app.kind.language}"

    @property
    def code(self) -> list[str]:
        return [file for file in self.app.changed_files() if file.endswith(self.suffix)]

    @property
    def typescript(self) -> Path:
        """The app's own; with SDK 4 in a Redwood app a later one, as SDK 4 asks for."""
        newer = self.sdk == 4 and self.app.kind.framework == "redwood"
        packages = sdk_with_tests(4) if newer else self.app.kind.installed()
        return packages / "node_modules" / "typescript"

    def diagnostics(self) -> list[str]:
        """What `tsc` says that it did not say before.

        The handler aside: it imports without suffixes, as CommonJS does, and the Cedar app here
        has become one of ECMAScript modules.
        """
        said = self.app.new_diagnostics(self.typescript)
        return [each for each in said if "src/functions/graphql.ts" not in each]

    def cli(self, *arguments: str) -> None:
        """Run the command; in this process, since there are so many of them."""
        result = CliRunner().invoke(main, [*arguments, "--app", str(self.app.folder)])
        assert result.exit_code == 0, result.output


def name_of(kind: str) -> str:
    """`sendThrottled` for `throttled`."""
    return "send" + "".join(word.title() for word in kind.split("-"))


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template: Path
) -> Iterator[Made]:
    kind, sdk = request.param
    app = MatrixApp(kind, tmp_path_factory.mktemp("functions") / "my-shop")
    made = Made(app, sdk)
    add_orders(app.folder, kind.language)
    if kind.framework == "cedar":
        become_esm(app.folder)
    commit(app.folder, "Orders")
    if kind.language == "ts":
        app.type_check_before(made.typescript)
    answers = ("event_prefix=shop", f"sdk_major={sdk}")
    data = [part for answer in answers for part in ("--data", answer)]
    options = ("--template", str(template), "--defaults", "--no-install", *data)
    result = command("redwood-inngest", "setup", app.folder, *options)
    assert result.returncode == 0, result.stderr
    for package in ("inngest", "@inngest/test"):
        app.link(package, sdk_with_tests(sdk) / "node_modules" / package)
    for each in KINDS:
        runs_on = RUNS_ON.get(each, ("--on", "PlaceOrderMutation"))
        made.cli("g", "function", name_of(each), "--kind", each, "--no-install", *runs_on)
    yield made
    app.tools.close()


def apps(*kinds: object) -> pytest.MarkDecorator:
    """Run a test in these apps."""
    return pytest.mark.parametrize("made", kinds, indirect=True, ids=by_name)


def by_name(app: tuple[Kind, int]) -> str:
    return f"{app[0].framework}-{app[0].language}-sdk-{app[1]}"


in_typescript = apps(*TYPESCRIPT)
in_each_kind = apps(*TYPESCRIPT, JAVASCRIPT, OLDER_JAVASCRIPT)
in_typescript_and_by_night_in_javascript = apps(*TYPESCRIPT, nightly(JAVASCRIPT), OLDER_JAVASCRIPT)


@in_each_kind
def test_the_functions_and_their_tests_are_clean(made: Made) -> None:
    assert len([file for file in made.code if ".test." in file]) == len(KINDS) + 1
    if made.app.kind.language == "ts":
        assert made.diagnostics() == []
    assert made.app.lint(made.code) == []
    assert made.app.unformatted([*made.code, "api/package.json"]) == []


@in_typescript_and_by_night_in_javascript
def test_their_tests_pass_under_the_apps_own_runner(made: Made) -> None:
    passed = len(KINDS) + 1
    if made.app.kind.framework == "cedar":
        said = run_vitest(made.app.folder)
        assert re.search(rf"Tests +{passed} passed \({passed}\)", said), said
        return
    environment = {"SKIP_DB_PUSH": "1", "DATABASE_URL": "file:./test.db", "CI": "1"}
    jest = ["node_modules/.bin/jest", "--config", "api/jest.config.js", FOLDER]
    said = run(["sh", "-c", f"{' '.join(jest)} 2>&1"], made.app.folder, **environment)
    assert f"Tests:       {passed} passed, {passed} total" in said


def become_esm(app: Path) -> None:
    """Make a Cedar app's api side one of ECMAScript modules, whose tests run under Vitest."""
    manifest = app / "api" / "package.json"
    content = {**json.loads(manifest.read_text()), "type": "module"}
    manifest.write_text(json.dumps(content, indent=2) + "\n")


def run_vitest(app: Path) -> str:
    """Run the tests of the functions with Vitest, which a new Cedar app of ECMAScript modules has.

    The configuration says what Cedar's own preset and its template say of such tests: the alias
    `src`, and that `describe`, `it` and `expect` are global.
    """
    vitest = npm_packages("vitest", {"vitest": "3.2.4"}) / "node_modules" / "vitest"
    config = {
        "root": str(app / "api"),
        "resolve": {"alias": {"src": str(app / "api" / "src")}},
        "test": {"globals": True, "include": ["src/inngest/**/*.test.ts"]},
    }
    file = app / "api" / "vitest.config.mjs"
    file.write_text(f"export default {json.dumps(config)}\n")
    command = ["node", str(vitest / "vitest.mjs"), "--run", "--config", str(file)]
    said = run(command, app, NO_COLOR="1", **cedar_environment(app))
    file.unlink()
    return said


PLACE: dict[str, Any] = {
    "name": "shop/place-order-mutation.mutation",
    "data": {
        "variables": {"input": {"customer": {"email": "ada@example.com"}, "quantity": 2}},
        "identifiers": [{"typename": "Order", "id": 2}, {"typename": "Item", "id": 1}],
        "user": {"id": 5},
    },
}
SHIP = {"name": "shop/ship-order.mutation", "data": {"variables": {"id": 7}, "identifiers": []}}
CANCEL = {"name": "shop/cancel-order.mutation", "data": {"variables": {"id": 7}}}
FIND = {
    "name": "shop/find-orders.query",
    "data": {"variables": {}, "identifiers": [{"typename": "Order", "id": 1}]},
}
EMAIL = {"email": "ada@example.com"}
# For each kind: the event that comes, the steps that the function goes through, and its result.
RUNS: dict[str, tuple[Mapping[str, Any], list[str], Any]] = {
    "background": (PLACE, ["do-the-work"], EMAIL),
    "delayed": (PLACE, ["wait-a-day", "follow-up"], EMAIL),
    "scheduled": (
        {"name": "inngest/scheduled.timer", "data": {"cron": "0 9 * * 1-5"}},
        ["do-the-work"],
        {"done": True},
    ),
    "steps": (PLACE, ["look-up", "save", "notify"], {**EMAIL, "saved": True}),
    "fan-out": (PLACE, ["run-0", "run-1"], {"results": PLACE["data"]["identifiers"]}),
    "throttled": (PLACE, ["call-the-service"], EMAIL),
    "rate-limited": (PLACE, ["do-the-work"], EMAIL),
    "debounced": (PLACE, ["do-the-work"], EMAIL),
    "batched": (
        FIND,
        ["do-the-work"],
        {"all": [{"identifiers": [{"typename": "Order", "id": 1}]}]},
    ),
    "cancellable": (SHIP, ["wait-a-week", "follow-up"], {"id": 7}),
    "waiting": (SHIP, ["wait-for-it", "remind"], {"id": 7, "came": False}),
    "on-failure": (PLACE, ["do-the-work"], EMAIL),
    "invoked": ({"name": "inngest/function.invoked", "data": EMAIL}, ["do-the-work"], EMAIL),
}


@in_typescript_and_by_night_in_javascript
def test_they_run_step_by_step_over_the_real_endpoint(made: Made, tmp_path: Path) -> None:
    assert made.app.build()["problems"] == []
    cedar = made.app.kind.framework == "cedar"
    environment = cedar_environment(made.app.folder) if cedar else {}
    program = "cedar-server" if cedar else "rw-server"
    query = "mutation ShipOrder($id: Int!) { shipOrder(id: $id) { id } }"
    with (
        event_api() as api,
        api_server(
            made.app.folder, tmp_path / "log", program, INNGEST_DEV=api.url, **environment
        ) as url,
    ):
        # Each kind, the function that fans out runs, and the example.
        assert request_json(f"{url}/inngest")["function_count"] == len(KINDS) + 2 + 1
        for kind, (event, steps, result) in RUNS.items():
            run_of_kind = run_function(url, f"my-shop-send-{kind}", event)
            assert (kind, run_of_kind.steps, run_of_kind.result) == (kind, steps, result)
        came = run_function(url, "my-shop-send-waiting", SHIP, later=CANCEL)
        assert (came.steps, came.result) == (["wait-for-it"], {"id": 7, "came": True})
        failed = {
            "name": "inngest/function.failed",
            "data": {
                "function_id": "my-shop-send-on-failure",
                "run_id": "run",
                "error": {"name": "Error", "message": "No stock"},
                "event": PLACE,
            },
        }
        handled = run_function(url, "my-shop-send-on-failure-failure", failed)
        assert handled.steps == ["tell-somebody"]
        # A real operation, to its event, to the function that runs on it.
        request = {"query": query, "variables": {"id": 7}}
        assert request_json(f"{url}/graphql", "POST", request)["data"] == {"shipOrder": {"id": 7}}
        (sent,) = api.wait_for(1)
        assert run_function(url, "my-shop-send-cancellable", sent).result == {"id": 7}
        registered = register(api, url)
    assert registered["my-shop-send-cancellable"]["cancel"] == [
        {
            "event": "shop/cancel-order.mutation",
            "if": "async.data.variables.id == event.data.variables.id",
        }
    ]
    key = "event.data.variables.input.customer.email"
    assert registered["my-shop-send-throttled"]["throttle"]["key"] == key
    assert registered["my-shop-send-invoked"]["triggers"] == []
    assert registered["my-shop-send-scheduled"]["triggers"] == [
        {"cron": "TZ=Europe/Paris 0 9 * * 1-5"}
    ]


def register(api: Any, url: str) -> dict[str, dict[str, Any]]:
    """What the app tells Inngest of its functions, by their ids."""
    api.registered.clear()
    request_json(f"{url}/inngest", "PUT")
    (registration,) = api.registered
    return {each["id"]: each for each in registration["functions"]}


# What is looked for, and what stands there instead.
MISSPELT = {
    "event": [(r"\b(place|ship|find)Order(s?)(?=Mutation|Query)", r"\1Ordr\2")],
    "field": [
        (r"(?<=\{ )(?=\w+ \} = event\.)", "wrong: "),
        (r"\bdata\.identifiers,", "data.wrong,"),
    ],
}
ON_OPERATIONS = sorted(KINDS.keys() - {"scheduled", "invoked"})


@in_typescript
@pytest.mark.parametrize("what", MISSPELT)
def test_a_misspelt_event_and_a_misspelt_field_are_one_error_each(made: Made, what: str) -> None:
    files = [made.app.folder / FOLDER / f"{name_of(kind)}.ts" for kind in ON_OPERATIONS]
    right = {file: file.read_text() for file in files}
    for file, text in right.items():
        wrong = text
        for pattern, replacement in MISSPELT[what]:
            wrong = re.sub(pattern, replacement, wrong)
        file.write_text(wrong)
        assert wrong != text
    said = "\n".join(made.diagnostics())
    for file, text in right.items():
        file.write_text(text)
    expected = {"event": "has no exported member", "field": "does not exist on type"}[what]
    assert expected in said
    errors = re.findall(r"(\w+)\.ts\(.* error TS\d+: (.*)", said)
    assert sorted(name for name, _ in errors) == [name_of(kind) for kind in ON_OPERATIONS], said
    assert all(expected in error for _, error in errors), said


@in_typescript_and_by_night_in_javascript
def test_what_was_generated_can_be_taken_away_again(made: Made) -> None:
    index = made.app.folder / FOLDER / f"index{made.suffix}"
    for each in KINDS:
        made.cli("d", "function", name_of(each))
    made.cli("destroy", "function", f"{name_of('fan-out')}Each")
    left = {file.stem for file in index.parent.iterdir()}
    assert left == {"helloWorld", "index"}
    assert "send" not in index.read_text()
