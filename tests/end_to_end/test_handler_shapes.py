"""Handlers of every shape of options, wired, built by the real Redwood, and served.

Redwood 7 and 8 lift the options out of `createGraphQLHandler(...)` with a Babel plugin, and the
api server reads the lifted ones: so only a real build shows that a wired handler still works.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import command
from tests.support.endpoint import request_json
from tests.support.event_api import EventApi, event_api
from tests.support.matrix import Kind, MatrixApp, sdk_packages
from tests.support.nightly import nightly
from tests.support.redwood import HANDLER, api_server

OPTIONS = "{\n  loggerConfig: { logger, options: {} },\n  directives,\n  sdls,\n  services,\n}"
CALL = f"export const handler = createGraphQLHandler({OPTIONS})\n"
IMPORTS = HANDLER[: HANDLER.index("export const")]
OWN_PLUGIN = """\
const ownPlugin = {
  onExecute({ extendContext }: { extendContext: (context: object) => void }) {
    extendContext({ own: true })
    logger.warn('the own plugin was here')
  },
}

"""

SHAPES = {
    "object": CALL,
    "identifier": (
        f"const options = {OPTIONS}\n\nexport const handler = createGraphQLHandler(options)\n"
    ),
    "imported": "export const handler = createGraphQLHandler(options)\n",
    "call": (
        f"const build = () => ({OPTIONS})\n\nexport const handler = createGraphQLHandler(build())\n"
    ),
    "conditional": (
        f"const one = {OPTIONS}\n\nconst other = {{ ...one, allowIntrospection: true }}\n\n"
        "export const handler = createGraphQLHandler(\n"
        "  process.env.NODE_ENV === 'test' ? other : one\n)\n"
    ),
    "own plugins": OWN_PLUGIN
    + CALL.replace("  services,\n", "  services,\n  extraPlugins: [ownPlugin],\n"),
    "own plugins elsewhere": f"{OWN_PLUGIN}const plugins = [ownPlugin]\n\n"
    + CALL.replace("  services,\n", "  services,\n  extraPlugins: plugins,\n"),
    "own plugins under a condition": OWN_PLUGIN
    + CALL.replace(
        "  services,\n",
        "  services,\n  extraPlugins: process.env.NODE_ENV === 'test' ? [] : [ownPlugin],\n",
    ),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[MatrixApp]:
    app = MatrixApp(Kind("redwood", "ts"), tmp_path_factory.mktemp("shapes") / "my-shop")
    setup = ("setup", app.folder, "--template", template, "--defaults", "--no-install")
    result = command("redwood-inngest", *setup)
    assert result.returncode == 0, result.stderr
    app.link("inngest", sdk_packages() / "node_modules" / "inngest3")
    (app.folder / "api/src/lib/options.ts").write_text(
        IMPORTS.split("\n\n", 1)[1] + f"export const options = {OPTIONS}\n"
    )
    yield app
    app.tools.close()


@pytest.fixture(scope="module")
def api() -> Iterator[EventApi]:
    with event_api() as api:
        yield api


IN_EACH_RUN = ("object", "imported")


@pytest.mark.parametrize(
    "shape", [shape if shape in IN_EACH_RUN else nightly(shape) for shape in SHAPES]
)
def test_a_wired_handler_builds_and_sends_events(
    app: MatrixApp, api: EventApi, tmp_path: Path, shape: str
) -> None:
    imports = IMPORTS
    if shape == "imported":
        imports = IMPORTS.split("\n\n")[0] + "\n\nimport { options } from 'src/lib/options'\n\n"
    handler = app.folder / "api/src/functions/graphql.ts"
    handler.write_text(imports + SHAPES[shape])
    wired = command("redwood-inngest", "wire", app.folder)
    assert wired.returncode == 0, wired.stderr
    assert app.build()["problems"] == []
    api.events.clear()
    log = tmp_path / "server.log"
    with api_server(app.folder, log, INNGEST_DEV=api.url) as url:
        query = {"query": "query FindPost { post(id: 1) { title } }"}
        answer = request_json(f"{url}/graphql", "POST", query)
        assert answer["data"] == {"post": {"title": "First"}}
        events = api.wait_for(1)
    assert [event["name"] for event in events] == ["graphql/find-post.query"]
    assert ("the own plugin was here" in log.read_text()) == shape.startswith("own plugins")
