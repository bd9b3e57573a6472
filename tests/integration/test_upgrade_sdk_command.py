"""`redwood-inngest upgrade-sdk`, as a person or a script runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.apps import tree
from tests.support.command import command

CLIENT = """import { Inngest } from 'inngest'

export const inngest = new Inngest({ name: 'shop' })
"""
FUNCTION = """import { inngest } from 'src/lib/inngest'

export default inngest.createFunction(
  { name: 'Order mail' },
  { event: 'shop/order.placed' },
  async ({ step }) => {
    await step.sleep('1s')
  }
)
"""
ENDPOINT = """import { serve } from 'inngest/redwood'

import { inngest } from 'src/lib/inngest'

import orderMail from '../jobs/inngest/orderMail'

export const handler = serve(inngest, [orderMail], { logLevel: 'debug' })
"""
FACTORY = """import { inngest } from 'src/lib/inngest'

export const make = (name) =>
  inngest.createFunction({ name }, { event: 'shop/order.placed' }, () => name)
"""


def put(app: Path, files: dict[str, str]) -> None:
    """Give files of an app these texts."""
    for path, text in files.items():
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        (app / path).write_text(text)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app on SDK 2, as the setup tool of 2023 lays one out."""
    put(
        tmp_path / "app",
        {
            "package.json": '{ "private": true }',
            "api/package.json": '{ "dependencies": { "inngest": "^2.7.0" } }',
            "api/src/lib/inngest.ts": CLIENT,
            "api/src/lib/logger.ts": "export const logger = console\n",
            "api/src/jobs/inngest/orderMail.ts": FUNCTION,
            "api/src/functions/inngest.ts": ENDPOINT,
            ".env.defaults": "INNGEST_SERVE_HOST=http://localhost:8911\n",
        },
    )
    return tmp_path / "app"


def run(*arguments: str | Path, cwd: Path | None = None, stdin: str = "") -> Any:
    return command("redwood-inngest", "upgrade-sdk", *arguments, cwd=cwd, stdin=stdin)


def test_an_app_is_upgraded_in_all_its_modules(app: Path) -> None:
    result = run(cwd=app)
    assert (result.returncode, result.stderr) == (0, "4 upgraded\n")
    assert result.stdout.split() == [
        "upgraded",
        ".env.defaults",
        "upgraded",
        "api/src/functions/inngest.ts",
        "upgraded",
        "api/src/jobs/inngest/orderMail.ts",
        "upgraded",
        "api/src/lib/inngest.ts",
    ]
    assert (app / ".env.defaults").read_text() == "INNGEST_SERVE_ORIGIN=http://localhost:8911\n"
    assert (app / "api/src/lib/inngest.ts").read_text() == (
        "import { Inngest, ConsoleLogger } from 'inngest'\n\n"
        "export const inngest = new Inngest({\n"
        "  id: 'shop',\n"
        "  logger: new ConsoleLogger({ level: 'debug' }),\n"
        "  isDev: process.env.INNGEST_DEV\n"
        "    ? undefined\n"
        "    : process.env.NODE_ENV === 'development',\n"
        "})\n"
    )
    endpoint = (app / "api/src/functions/inngest.ts").read_text()
    assert endpoint.endswith("serve({\n  client: inngest,\n  functions: [orderMail],\n})\n")
    again = run(cwd=app)
    assert again.stdout == "   up-to-date  .\n"


def test_check_and_diff_change_nothing(app: Path) -> None:
    before = tree(app)
    checked = run("--check", "--to", "3", app)
    assert (checked.returncode, "would-upgrade" in checked.stdout) == (1, True)
    shown = run("--diff", "--to", "3", app)
    assert shown.returncode == 0
    assert "+  { id: 'order-mail', name: 'Order mail' },\n" in shown.stdout
    assert tree(app) == before
    run("--to", "3", app)
    assert run("--check", "--to", "3", app).returncode == 0


def test_a_folder_is_upgraded_as_a_whole_or_not_at_all(app: Path) -> None:
    put(app, {"api/src/jobs/inngest/make.ts": FACTORY})
    before = tree(app)
    result = run(app)
    assert result.returncode == 1
    assert "make.ts:4:11: this function is made in a loop or a factory" in result.stderr
    assert result.stdout.count("not-written") == 4
    assert tree(app) == before


def test_a_bad_file_stops_no_other(app: Path) -> None:
    put(app, {"bad.ts": "import 'inngest'\nconst = 1\n", "good.ts": CLIENT})
    result = run("--json", app / "bad.ts", app / "none.ts", app / "good.ts")
    assert result.returncode == 1
    assert [each["status"] for each in json.loads(result.stdout)] == [
        "refused",
        "refused",
        "upgraded",
    ]
    assert "id: 'shop'" in (app / "good.ts").read_text()


def test_json_has_what_is_left_to_do(app: Path) -> None:
    put(app, {"api/src/lib/inngest.ts": CLIENT.replace("'shop'", "'My Shop'")})
    result = run("--json", "--to", "3", app / "api/src/lib/inngest.ts")
    (each,) = json.loads(result.stdout)
    (note,) = each["notes"]
    assert (each["status"], note["line"], note["column"]) == ("upgraded", 3, 24)
    assert "https://www.inngest.com/docs/" in note["text"]
    assert result.stderr.endswith(f"inngest.ts:3:24: {note['text']}\n")


def test_standard_input_is_a_module() -> None:
    result = run("--to", "3", "-", stdin=CLIENT)
    assert result.stdout == CLIENT.replace("name:", "id:")


def test_a_target_below_what_the_app_has_is_refused(app: Path) -> None:
    put(app, {"api/package.json": '{ "dependencies": { "inngest": "^4.24.0" } }'})
    before = tree(app)
    result = run("--to", "3", app)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"redwood-inngest: {app}: the app has SDK 4 already, by its package.json, and there is no"
        " way back to SDK 3: leave out --to.\n"
    )
    assert tree(app) == before


def test_a_folder_without_the_sdk_is_refused(app: Path) -> None:
    result = run(app / "api/src/jobs/none")
    assert result.stderr.endswith("there is no such file.\n")
    put(app, {"web/src/App.tsx": "export const App = () => <p>inngest</p>\n"})
    result = run(app / "web")
    assert result.returncode == 1
    assert result.stderr.endswith(
        "web: nothing here uses the Inngest SDK: name the folder or file that does.\n"
    )


SCHEMAS = """import { EventSchemas, Inngest } from 'inngest'

type Events = { 'shop/paid': { data: { id: string } } }

export const inngest = new Inngest({
  id: 'shop',
  isDev: true,
  schemas: new EventSchemas().fromRecord<Events>(),
})
"""
PAID = """import { inngest } from './client'

export const paid = inngest.createFunction(
  { id: 'paid' },
  { event: 'shop/paid' },
  () => 1
)
"""


def test_event_types_are_imported_from_a_client_that_has_them(tmp_path: Path) -> None:
    put(tmp_path, {"client.ts": SCHEMAS, "paid.ts": PAID})
    assert run("--diff", tmp_path / "paid.ts").stdout.count("shopPaidEvent") == 0
    run(tmp_path / "client.ts")
    run(tmp_path / "paid.ts")
    assert (
        "import { inngest, shopPaidEvent } from './client'\n" in (tmp_path / "paid.ts").read_text()
    )


def test_a_client_that_is_refused_has_no_event_types(tmp_path: Path) -> None:
    put(tmp_path, {"client.ts": SCHEMAS + FACTORY.partition("\n\n")[2], "paid.ts": PAID})
    result = run(tmp_path / "paid.ts", tmp_path / "client.ts")
    assert result.returncode == 1
    assert "triggers: [{ event: 'shop/paid' }]" in (tmp_path / "paid.ts").read_text()


def test_options_that_endpoints_give_a_client_differently_stay(tmp_path: Path) -> None:
    endpoint = (
        "import { serve } from 'inngest/next'\nimport { inngest } from './inngest'\n"
        "export default serve({ client: inngest, functions: [], logLevel: 'KIND' })\n"
    )
    files = {
        "client.ts": CLIENT.replace("name", "isDev: true, id"),
        "inngest.ts": "import { inngest } from './client'\nexport { inngest }\n",
        "a.ts": endpoint.replace("KIND", "debug"),
        "b.ts": endpoint.replace("KIND", "info"),
    }
    put(tmp_path, files)
    result = run("--json", tmp_path)
    told = {Path(each["path"]).name: each["notes"] for each in json.loads(result.stdout)}
    assert list(told) == ["a.ts", "b.ts"]
    assert all("move logLevel from serve to the client" in one["text"] for (one,) in told.values())
    (tmp_path / "b.ts").write_text(files["a.ts"])
    run(tmp_path)
    assert "logger: new ConsoleLogger({ level: 'debug' })" in (tmp_path / "client.ts").read_text()
