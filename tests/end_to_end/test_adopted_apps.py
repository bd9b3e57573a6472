"""Adopted apps, with real packages: clean, built, and their functions served over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.adoptable import BY_HAND, CUSTOM, OLD_TOOL
from tests.support.apps import write
from tests.support.cedar import cedar_environment
from tests.support.command import command
from tests.support.endpoint import request_json, run_function
from tests.support.event_api import event_api
from tests.support.matrix import (
    ERRORS_OF_THE_PACKAGE,
    Kind,
    MatrixApp,
    plugin_package,
    sdk_packages,
)
from tests.support.nightly import nightly
from tests.support.orders import add_orders
from tests.support.redwood import api_server, commit

REDWOOD, CEDAR = Kind("redwood", "ts"), Kind("cedar", "ts")
# The service is a file of the shop's here, and there is no database.
LEFT_OUT = {"api/src/services/orders/orders.ts"}
HANDLER = "api/src/functions/graphql.ts"


@pytest.fixture(scope="module")
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MatrixApp]:
    app = MatrixApp(request.param, tmp_path_factory.mktemp("adopt") / "my-shop")
    add_orders(app.folder, "ts")
    commit(app.folder, "Orders")
    yield app
    app.tools.close()


def by_name(value: object) -> str:
    return value.framework if isinstance(value, Kind) else str(value)


def adopt(
    app: MatrixApp, template: Path, files: dict[str, str], sdk: int, *options: str
) -> set[tuple[str, int]]:
    """Give the app these files, as it came, and adopt it; the places of the notes."""
    app.reset()
    app.type_check_before(typescript_for(app, sdk))
    for path, content in files.items():
        if path not in LEFT_OUT:
            write(app.folder / path, content.replace("@redwoodjs/", f"{app.kind.scope}/"))
    given = ("--template", template, "--no-install", "--force", "--data", f"sdk_major={sdk}")
    result = command("redwood-inngest", "adopt", app.folder, "--json", *given, *options)
    assert result.returncode == 0, result.stderr
    app.link("inngest", sdk_packages() / "node_modules" / f"inngest{sdk}")
    return {(note["path"], note["line"]) for note in json.loads(result.stdout)["notes"]}


def typescript_for(app: MatrixApp, sdk: int) -> Path:
    """The app's own TypeScript; for SDK 4 one that it asks for, which Cedar brings."""
    newer = sdk == 4 and app.kind == REDWOOD
    packages = sdk_packages() if newer else app.kind.installed()
    return packages / "node_modules" / "typescript"


def handler_with_duplicates(app: MatrixApp) -> str:
    """The handler of the app, as the old tool left those that had plugins."""
    import_ = 'import { inngestPlugin } from "src/plugins/useInngest";\n'
    text = (app.folder / HANDLER).read_text()
    start = text.index("\nexport const handler")
    end = text.rindex("})")
    options = "  extraPlugins: [timing],\n\n  extraPlugins: [inngestPlugin],\n"
    timing = "import { timing } from 'src/lib/timing'\n"
    return text[:start] + timing + "\n" + import_ + text[start:end] + options + text[end:]


def code_of(app: MatrixApp) -> list[str]:
    return [file for file in app.changed_files() if file.endswith(".ts")]


def files_of(app: MatrixApp, whose: str) -> dict[str, str]:
    """What somebody has set up, as files of the app."""
    app.reset()
    timing = {"api/src/lib/timing.ts": "export const timing = {}\n"}
    old = {**OLD_TOOL, HANDLER: handler_with_duplicates(app), **timing}
    return {"old tool": old, "by hand": BY_HAND, "with a team's code": {**old, **CUSTOM}}[whose]


PACKAGE = ("--data", "plugin=package")
CASES = [
    nightly(REDWOOD, "old tool", 3, ()),
    nightly(REDWOOD, "old tool", 3, ("--move",)),
    nightly(REDWOOD, "old tool", 4, ()),
    nightly(REDWOOD, "old tool", 4, ("--move",)),
    nightly(REDWOOD, "by hand", 3, ()),
    nightly(REDWOOD, "with a team's code", 3, ()),
    nightly(REDWOOD, "with a team's code", 4, ("--move",)),
    nightly(REDWOOD, "by hand", 4, ("--move",)),
    nightly(REDWOOD, "old tool", 3, PACKAGE),
    nightly(REDWOOD, "with a team's code", 4, PACKAGE),
    nightly(CEDAR, "old tool", 3, ("--move",)),
    nightly(CEDAR, "old tool", 4, ()),
    nightly(CEDAR, "by hand", 4, ()),
    nightly(CEDAR, "with a team's code", 4, ("--move",)),
    nightly(CEDAR, "old tool", 4, PACKAGE),
    nightly(CEDAR, "with a team's code", 3, PACKAGE),
]


@pytest.mark.parametrize(("app", "whose", "sdk", "options"), CASES, indirect=["app"], ids=by_name)
def test_an_adopted_app_is_clean_and_builds(
    app: MatrixApp, template: Path, whose: str, sdk: int, options: tuple[str, ...]
) -> None:
    told = adopt(app, template, files_of(app, whose), sdk, *options)
    if options == PACKAGE:
        app.link("envelop-plugin-inngest", plugin_package())
    assert (app.folder / "api/src/inngest/useInngest.ts").exists() == (options != PACKAGE)
    said = [
        each
        for each in app.new_diagnostics(typescript_for(app, sdk))
        if options != PACKAGE or ERRORS_OF_THE_PACKAGE not in each
    ]
    places = [re.match(r"(api/src/[^(\n]+)\((\d+),", each) for each in said]
    # What the new SDK does not take has a note at the same place.
    assert {(place[1], int(place[2])) if place else None for place in places} <= told
    assert whose == "with a team's code" or not said
    code = code_of(app)
    assert app.lint(code) == []
    assert app.unformatted([*code, "package.json", "api/package.json"]) == []
    built = app.build("inngest/plugin.js", "functions/inngest.js")
    assert built == {"problems": [], "exported": [["inngestPlugin"], ["handler"]]}


PLACE: dict[str, Any] = {
    "name": "graphql/place-order.mutation",
    "data": {"variables": {}, "identifiers": [], "user": {"id": 5}},
}


@pytest.mark.parametrize("app", [REDWOOD, nightly(CEDAR)], indirect=True, ids=by_name)
def test_its_functions_are_registered_and_run_over_http(
    app: MatrixApp, template: Path, tmp_path: Path
) -> None:
    on_cedar = app.kind == CEDAR
    adopt(app, template, OLD_TOOL, 4 if on_cedar else 3)
    assert app.build()["problems"] == []
    environment = cedar_environment(app.folder) if on_cedar else {}
    environment |= {"NODE_ENV": "development"}
    program = "cedar-server" if on_cedar else "rw-server"
    with (
        event_api() as inngest,
        api_server(
            app.folder, tmp_path / "log", program, INNGEST_DEV=inngest.url, **environment
        ) as url,
    ):
        request_json(f"{url}/inngest", "PUT")
        registered = inngest.registered[-1]
        assert registered["appName"] == "my-orders"
        ids = [function["id"] for function in registered["functions"]]
        assert ids == ["my-orders-hello-world", "my-orders-order-placed"]
        run = run_function(url, "my-orders-order-placed", PLACE, {"name": "shop/order.paid"})
        assert run.steps == ["Send the bill", "wait-for-shop-order-paid"]
        query = {"query": "query FindOrders { orders { id } }"}
        assert request_json(f"{url}/graphql", "POST", query)["data"]
        (event,) = inngest.wait_for(1)
        assert event["name"] == "graphql/find-orders.query"
