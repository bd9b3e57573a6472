"""`redwood-inngest adopt`: apps with Inngest by other means, adopted or refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
import yaml

from tests.support.adoptable import (
    CLIENT,
    CUSTOM,
    CUSTOM_PLUGIN,
    ENDPOINT,
    HAND_CLIENT,
    HELLO_WORLD,
    PLUGIN,
    hand_made_app,
    old_tool_app,
)
from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.redwood import commit
from tests.support.terminal import plain_environment

Adopt = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def adopt(template: Path) -> Adopt:
    def run_adopt(app: Path, *options: str) -> subprocess.CompletedProcess[str]:
        arguments = [str(app), "--template", str(template), "--no-install", *options]
        return command("redwood-inngest", "adopt", *arguments)

    return run_adopt


def read(app: Path, path: str) -> str:
    return (app / path).read_text()


def answers(app: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(read(app, ".copier-answers.inngest.yml"))
    return found


def notes(result: subprocess.CompletedProcess[str]) -> list[str]:
    """What is left to the user, each with its place."""
    found = json.loads(result.stdout)["notes"]
    return [f"{one['path']}:{one['line']}: {one['text']}" for one in found]


# What the tool of 2023 leaves.


def test_an_app_of_the_tool_of_2023(tmp_path: Path, adopt: Adopt) -> None:
    app = old_tool_app(tmp_path / "orders")
    result = adopt(app)
    assert result.returncode == 0, result.stderr
    found = answers(app)
    said = ("app_id", "serve_path", "user_fields", "event_prefix", "sdk_major", "example_function")
    assert [found[name] for name in said] == ["my-orders", "/inngest", ["id"], "graphql", 3, False]
    for gone in ("lib/inngest.ts", "plugins/useInngest.ts"):
        assert not (app / "api/src" / gone).exists()
    listed = read(app, "api/src/inngest/functions/index.ts")
    assert "import helloWorld from 'src/jobs/inngest/helloWorld'" in listed
    assert "= [helloWorld, orderPlaced]" in listed
    assert "id: 'my-orders'" in read(app, "api/src/inngest/client.ts")
    endpoint = read(app, "api/src/functions/inngest.ts")
    assert "servePath: '/inngest'" in endpoint
    assert "logLevel" not in endpoint
    assert "{ id: 'hello-world', name: 'Hello World' }" in read(
        app, "api/src/jobs/inngest/helloWorld.ts"
    )


def test_what_nobody_needs_goes(tmp_path: Path, adopt: Adopt) -> None:
    app = old_tool_app(tmp_path / "orders")
    adopt(app)
    manifest, api = (json.loads(read(app, f"{at}package.json")) for at in ("", "api/"))
    assert manifest["devDependencies"] == {"@redwoodjs/core": "8.9.0"}
    assert manifest["scripts"]["inngest:dev"].endswith(
        "dev --sdk-url http://localhost:8911/inngest"
    )
    assert "envelop-plugin-inngest" not in api["dependencies"]
    assert api["dependencies"]["inngest"] == "^3.54.2"
    assert "experimental" not in read(app, "redwood.toml")


def test_what_somebody_needs_stays_and_is_told(tmp_path: Path, adopt: Adopt) -> None:
    netlify = '[[plugins]]\npackage = "netlify-plugin-inngest"\n'
    toml = "[web]\n  port = 8910\n[api]\n  port = 8911\n[experimental.inngest]\n  other = 1\n"
    app = old_tool_app(tmp_path / "orders", {"netlify.toml": netlify, "redwood.toml": toml})
    manifest = read(app, "package.json").replace("npx inngest-cli@latest dev", "my-dev")
    write(app / "package.json", manifest)
    commit(app, "Their own")
    told = "\n".join(notes(adopt(app, "--json")))
    line = read(app, "package.json").split("\n").index('    "netlify-plugin-inngest": "^1.0.0"') + 1
    assert f"package.json:{line}: netlify.toml names netlify-plugin-inngest" in told
    assert "package.json:10: this script is your own, and was left alone" in told
    assert "redwood.toml:5: this is about Inngest, and was left alone." in told
    assert "my-dev" in read(app, "package.json")
    assert read(app, "redwood.toml") == toml


def test_the_duplicate_list_of_plugins_is_merged_and_told(tmp_path: Path, adopt: Adopt) -> None:
    app = old_tool_app(tmp_path / "orders")
    result = adopt(app)
    handler = read(app, "api/src/functions/graphql.ts")
    assert handler.count("extraPlugins") == 1
    assert "extraPlugins: [useTiming, inngestPlugin]" in handler
    assert "import { inngestPlugin } from 'src/inngest/plugin'\n" in handler
    assert "extraPlugins was given more than once (lines 16 and 18)" in result.stdout


def test_the_modules_that_use_the_client_import_it_from_its_new_place(
    tmp_path: Path, adopt: Adopt
) -> None:
    tests = "jest.mock('../../lib/inngest')\n\nit('is', () => expect(1).toBe(1))\n"
    app = old_tool_app(tmp_path / "orders", {"api/src/services/orders/orders.test.ts": tests})
    adopt(app)
    assert read(app, "api/src/services/orders/orders.ts").startswith(
        "import { inngest } from 'src/inngest/client'\nimport { db } from 'src/lib/db'\n"
    )
    assert "jest.mock('src/inngest/client')" in read(app, "api/src/services/orders/orders.test.ts")
    assert not any(b"lib/inngest" in content for content in tree(app).values())


def test_functions_move_as_asked(tmp_path: Path, adopt: Adopt) -> None:
    importing = "import hello from 'src/jobs/inngest/helloWorld'\n\nexport const again = hello\n"
    relative = HELLO_WORLD.replace("'src/lib/inngest'", "'../../lib/inngest'")
    files = {
        "api/src/lib/again.ts": importing,
        "api/src/jobs/inngest/helloWorld.ts": relative,
    }
    app = old_tool_app(tmp_path / "orders", files)
    result = adopt(app, "--move")
    assert result.returncode == 0, result.stderr
    assert not (app / "api/src/jobs/inngest").exists()
    moved = read(app, "api/src/inngest/functions/helloWorld.ts")
    assert moved.startswith("import { inngest } from 'src/inngest/client'\n")
    listed = read(app, "api/src/inngest/functions/index.ts")
    assert "import helloWorld from 'src/inngest/functions/helloWorld'" in listed
    assert "import hello from 'src/inngest/functions/helloWorld'" in read(
        app, "api/src/lib/again.ts"
    )


# What teams have added.


@pytest.fixture
def custom(tmp_path: Path) -> Path:
    return old_tool_app(tmp_path / "orders", CUSTOM)


def test_options_become_answers_where_an_answer_can_say_them(custom: Path, adopt: Adopt) -> None:
    said = json.loads(adopt(custom, "--json").stdout)["answers"]
    assert said == {
        "endpoint": "inngest",
        "event_prefix": "shop",
        "operations": ["mutation"],
        "send_introspection": True,
        "user_fields": [],
    }


def test_builder_functions_and_other_options_are_kept(custom: Path, adopt: Adopt) -> None:
    adopt(custom)
    plugin = read(custom, "api/src/inngest/plugin.ts")
    options = plugin[plugin.index("useInngest({") :]
    assert "  // What the events are called.\n  buildEventNameFunction: buildEventName," in options
    assert "sendErrors: isLoud," in options
    assert "denylist: { types: ['NoSuchType'] }," in options
    assert "logging: logger," in options
    assert "/** The name of an event. */\nconst buildEventName: BuildEventNameFunction =" in plugin
    assert "type BuildEventNameFunction = UseInngestOptions['buildEventNameFunction']" in plugin
    assert "import { shorten } from 'src/lib/shorten'" in plugin
    assert "envelop-plugin-inngest" not in plugin


def test_the_client_keeps_its_id_its_options_and_its_exports(custom: Path, adopt: Adopt) -> None:
    told = "\n".join(notes(adopt(custom, "--json")))
    client = read(custom, "api/src/inngest/client.ts")
    assert "id: 'Order Desk'," in client
    assert "  // Through our proxy.\n  fetch: (url, options) => fetch(url, options),\n" in client
    assert "export const APP = 'Order Desk'" in client
    assert client.index("new Inngest(") < client.index("export const tell")
    assert client.endswith("export default inngest\n")
    line = client[: client.index("= new Inngest(")].count("\n") + 1
    assert f"client.ts:{line}: eventKey stands here as a text: set INNGEST_EVENT_KEY" in told
    assert f"client.ts:{line}: the app keeps its id, 'Order Desk'. SDK 2 made the ids" in told


def test_the_endpoint_keeps_its_options_and_its_functions_go_into_the_list(
    custom: Path, adopt: Adopt
) -> None:
    told = "\n".join(notes(adopt(custom, "--json")))
    endpoint = read(custom, "api/src/functions/inngest.ts")
    assert "  // From our vault.\n  signingKey,\n  logLevel: 'debug',\n})" in endpoint
    assert "const signingKey = process.env.OUR_KEY" in endpoint
    listed = read(custom, "api/src/inngest/functions/index.ts")
    assert "{ id: 'inline', name: 'Inline' }" in listed
    assert "= [inline]" in listed
    assert "index.ts:8: the user of an operation is in event.data.user now" in told


def test_event_names_that_differ_are_told(custom: Path, adopt: Adopt) -> None:
    told = "\n".join(notes(adopt(custom, "--diff", "--json")))
    assert "introspection without a name is not sent any more" in told
    anonymous = CUSTOM_PLUGIN.replace("sendIntrospection", "sendAnonymousOperations")
    write(custom / "api/src/plugins/useInngest.ts", anonymous)
    told = "\n".join(notes(adopt(custom, "--diff", "--json", "--force")))
    assert "operations without a name get other event names" in told


def test_the_npm_package_may_stay(custom: Path, adopt: Adopt) -> None:
    result = adopt(custom, "--data", "plugin=package", "--data", "sdk_major=4", "--json")
    assert result.returncode == 0, result.stderr
    # What the SDK's upgrade says of a function that was written in the endpoint.
    listed = read(custom, "api/src/inngest/functions/index.ts")
    line = listed[: listed.index("event.user")].count("\n") + 1
    told = "\n".join(notes(result))
    assert f"functions/index.ts:{line}: events of SDK 4 have no user" in told
    plugin = read(custom, "api/src/inngest/plugin.ts")
    assert "import type { BuildEventNameFunction } from 'envelop-plugin-inngest'" in plugin
    assert "logging: 'debug'" in plugin
    assert "envelop-plugin-inngest" in read(custom, "api/package.json")


# By hand.

JS_CLIENT = HAND_CLIENT.replace("<Events>", "").replace(
    "import type { Events } from 'src/lib/eventTypes'\n\n", ""
)


def test_a_client_and_functions_by_hand(tmp_path: Path, adopt: Adopt) -> None:
    app = hand_made_app(tmp_path / "shop")
    result = adopt(app)
    assert result.returncode == 0, result.stderr
    assert "id: 'My Shop'," in read(app, "api/src/inngest/client.ts")
    assert "= [...fns]" in read(app, "api/src/inngest/functions/index.ts")
    endpoint = read(app, "api/src/functions/inngest.ts")
    assert "servePath: '/api/inngest',\n  signingKey: process.env.SIGNING_KEY," in endpoint
    function = read(app, "api/src/inngest/fns/cachePurge.ts")
    assert "{ id: 'purge-the-cache', name: 'Purge the cache' }" in function
    assert "inngestPlugin" in read(app, "api/src/functions/graphql.ts")
    assert "SDK 3 and 4 take no types of events in new Inngest<...>" in result.stdout


def test_by_hand_in_javascript(tmp_path: Path, adopt: Adopt) -> None:
    app = hand_made_app(tmp_path / "shop", {"api/src/inngest/client.ts": JS_CLIENT})
    for file in (*app.rglob("*.ts"), app / "api/tsconfig.json"):
        file.rename(
            file.with_name(file.name.replace("tsconfig", "jsconfig")).with_suffix(
                ".json" if file.suffix == ".json" else ".js"
            )
        )
    commit(app, "JavaScript")
    result = adopt(app)
    assert result.returncode == 0, result.stderr
    assert not list(app.rglob("*.ts"))
    assert "= [...fns]" in read(app, "api/src/inngest/functions/index.js")
    assert "id: 'My Shop'," in read(app, "api/src/inngest/client.js")


def test_typescript_in_a_javascript_app_is_refused(tmp_path: Path, adopt: Adopt) -> None:
    app = hand_made_app(tmp_path / "shop")
    (app / "api/tsconfig.json").unlink()
    handler = app / "api/src/functions/graphql.ts"
    handler.rename(handler.with_suffix(".js"))
    commit(app, "JavaScript")
    result = adopt(app)
    assert "this is TypeScript, and the api side is JavaScript" in result.stderr


DOCS_FUNCTIONS = """\
import { inngest } from './client'

export const helloWorld = inngest.createFunction(
  { id: 'hello-world' },
  { event: 'test/hello.world' },
  async ({ step }) => {
    await step.sleep('wait-a-moment', '1s')
  }
)
"""
DOCS_CLIENT = """\
import { Inngest } from 'inngest'

export const inngest = new Inngest({ id: 'my-app' })
"""
DOCS_ENDPOINT = """\
import { serve } from 'inngest/redwood'

import { inngest } from 'src/inngest/client'
import { helloWorld } from 'src/inngest/functions'

export const handler = serve({ client: inngest, functions: [helloWorld] })
"""


@pytest.mark.parametrize("name", ["functions", "functions/index"])
def test_a_module_by_the_name_of_the_list_moves_below_it(
    tmp_path: Path, adopt: Adopt, name: str
) -> None:
    folder = "." if name == "functions" else ".."
    files = {
        "api/src/functions/inngest.ts": DOCS_ENDPOINT,
        "api/src/inngest/client.ts": DOCS_CLIENT,
        f"api/src/inngest/{name}.ts": DOCS_FUNCTIONS.replace("./", f"{folder}/"),
    }
    app = hand_made_app(tmp_path / "shop", files)
    result = adopt(app)
    assert result.returncode == 0, result.stderr
    listed = read(app, "api/src/inngest/functions/index.ts")
    assert "import { helloWorld } from 'src/inngest/functions/functions'" in listed
    assert "= [helloWorld]" in listed
    assert "from 'src/inngest/client'" in read(app, "api/src/inngest/functions/functions.ts")
    assert not (app / "api/src/inngest/functions.ts").exists()
    assert "its name is that of the list" in result.stdout


def test_a_list_that_is_as_ours_stays(tmp_path: Path, adopt: Adopt) -> None:
    listed = (
        "import { cachePurge } from '../fns/cachePurge'\n\nexport const functions = [cachePurge]\n"
    )
    endpoint = DOCS_ENDPOINT.replace("helloWorld", "functions").replace(
        "functions: [functions]", "functions"
    )
    files = {
        "api/src/functions/inngest.ts": endpoint,
        "api/src/inngest/functions/index.ts": listed,
    }
    app = hand_made_app(tmp_path / "shop", files)
    result = adopt(app, "--move")
    assert result.returncode == 0, result.stderr
    assert read(app, "api/src/inngest/functions/index.ts") == listed
    assert read(app, "api/src/functions/inngest.ts").endswith(
        "export const handler = serve({ client: inngest, functions })\n"
    )


def test_another_module_by_a_name_of_ours_is_refused(tmp_path: Path, adopt: Adopt) -> None:
    for name in ("events", "plugin"):
        app = hand_made_app(
            tmp_path / name, {f"api/src/inngest/{name}.ts": "export const own = 1\n"}
        )
        before = tree(app)
        result = adopt(app)
        assert f"api/src/inngest/{name}.ts: adopt makes a module of this name" in result.stderr
        assert tree(app) == before


def test_an_endpoint_of_another_name_keeps_its_path(tmp_path: Path, adopt: Adopt) -> None:
    app = hand_made_app(tmp_path / "shop")
    functions = app / "api/src/functions"
    (functions / "jobs").mkdir()
    (functions / "inngest.ts").rename(functions / "jobs/jobs.ts")
    commit(app, "Elsewhere")
    assert adopt(app).returncode == 0
    assert not (functions / "jobs").exists()
    assert "serve({" in (functions / "jobs.ts").read_text()
    assert "http://localhost:8911/jobs" in read(app, "package.json")


# The manners of a command that writes.


def test_the_diff_shows_all_of_it_and_changes_nothing(tmp_path: Path, adopt: Adopt) -> None:
    app = old_tool_app(tmp_path / "orders")
    before = tree(app)
    result = adopt(app, "--diff", "--full")
    assert tree(app) == before
    subprocess.run(["git", "apply", "-"], cwd=app, input=result.stdout, text=True, check=True)
    by_diff = tree(app)
    subprocess.run(["git", "stash", "--quiet", "--all"], cwd=app, check=True)
    assert adopt(app).returncode == 0
    assert tree(app) == by_diff


def test_the_outcome_as_json(tmp_path: Path, adopt: Adopt) -> None:
    app = old_tool_app(tmp_path / "orders")
    outcome = json.loads(adopt(app, "--json", "--diff").stdout)
    assert outcome["status"] == "would-adopt"
    actions = {one["path"]: one["action"] for one in outcome["changes"]}
    assert actions["api/src/lib/inngest.ts"] == "remove"
    assert actions["api/src/inngest/plugin.ts"] == "create"
    write(app / "new.ts", "")
    refused = json.loads(adopt(app, "--json").stdout)
    assert refused["status"] == "refused"
    assert "uncommitted changes" in refused["reason"]


def test_afterwards_setup_and_update_find_an_app_like_any_other(
    tmp_path: Path, template: Path, adopt: Adopt
) -> None:
    app = old_tool_app(tmp_path / "orders", CUSTOM)
    adopt(app)
    commit(app, "Adopted")
    events = command("redwood-inngest", "events", app, "--check")
    assert events.returncode == 0, events.stderr
    made = ("generate", "function", "sendMail", "--cron", "0 9 * * *", "--no-test")
    generated = command("redwood-inngest", *made, cwd=app)
    assert generated.returncode == 0, generated.stderr
    listed = read(app, "api/src/inngest/functions/index.ts")
    assert "= [inline, sendMail]" in listed
    commit(app, "A function")
    options = ("--template", template, "--no-install", "--data", "event_prefix=desk")
    updated = command("redwood-inngest", "update", app, *options)
    assert updated.returncode == 0, updated.stderr + updated.stdout
    plugin = read(app, "api/src/inngest/plugin.ts")
    assert "buildEventNamePrefixFunction: () => 'desk'" in plugin
    assert "buildEventNameFunction: buildEventName," in plugin
    assert "id: 'Order Desk'" in read(app, "api/src/inngest/client.ts")
    again = adopt(app, "--force")
    assert "set up by redwood-inngest already" in again.stderr


@pytest.mark.parametrize("command", ["setup", "adopt"])
def test_at_a_terminal_it_asks_and_then_adopts(
    tmp_path: Path, template: Path, command: str
) -> None:
    app = old_tool_app(tmp_path / "orders")
    arguments = [command, str(app), "--template", str(template), "--no-install"]
    given = ("plugin=bundled", "adjust_details=false")
    for answer in given:
        arguments += ["--data", answer]
    terminal = pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        arguments,
        env=plain_environment(),
        encoding="utf-8",
        dimensions=(40, 120),
        timeout=60,
    )
    terminal.expect("Go on with the one of this machine?")
    terminal.sendline("y")
    if command == "setup":
        terminal.expect("Adopt it?")
        terminal.sendline("y")
    terminal.expect("Move them to src/inngest/functions?")
    terminal.sendline("n")
    terminal.expect("Make these changes?")
    terminal.sendline("y")
    terminal.expect("is adopted:")
    terminal.expect(pexpect.EOF)
    assert (app / "api/src/inngest/plugin.ts").exists()
    assert (app / "api/src/jobs/inngest/helloWorld.ts").exists()


def test_without_a_terminal_it_tells_of_a_template_of_this_machine(
    tmp_path: Path, template: Path, adopt: Adopt
) -> None:
    app = old_tool_app(tmp_path / "orders")
    said = f"name the template as {template}, which only this machine has"
    assert said not in " ".join(adopt(app, "--diff").stderr.split())
    result = adopt(app, "--json")
    assert said in " ".join(result.stderr.split())
    assert json.loads(result.stdout)["status"] == "adopted"


# What is refused, with the app as it was.

SECOND = "import { Inngest } from 'inngest'\n\nexport const other = new Inngest({ name: 'b' })\n"
FACTORY = """\
import { inngest } from 'src/lib/inngest'

export const make = (name) =>
  inngest.createFunction({ name }, { event: 'shop/order.placed' }, () => name)
"""
LOOP = """\
import { inngest } from 'src/lib/inngest'

export const all = []
for (const name of ['a', 'b']) {
  all.push(inngest.createFunction({ name }, { event: name }, () => name))
}
"""
COMMON_JS = """\
const { Inngest } = require('inngest')

const inngest = new Inngest({ name: 'orders' })

module.exports = { inngest }
"""
WRAPPED = ENDPOINT.replace("serve(inngest", "wrap(serve(inngest").replace("})\n", "}))\n")
BAD = {
    "two clients": (
        {"api/src/lib/other.ts": SECOND},
        "this app has 2 Inngest clients (api/src/lib/inngest.ts:7, api/src/lib/other.ts:3)",
    ),
    "no client": (
        {"api/src/lib/inngest.ts": "export const inngest = undefined\n"},
        "half set up here: api/src/functions/inngest.ts uses it, and no module under api/src makes",
    ),
    "no endpoint": (
        {"api/src/functions/inngest.ts": "export const handler = () => 1\n"},
        "half set up here: api/src/lib/inngest.ts uses it, and no module under api/src serves",
    ),
    "a factory": (
        {"api/src/jobs/inngest/made.ts": FACTORY},
        "api/src/jobs/inngest/made.ts:4:11: this function is made in a loop or a factory",
    ),
    "a loop": (
        {"api/src/jobs/inngest/made.ts": LOOP},
        "api/src/jobs/inngest/made.ts:5:20: this function is made in a loop or a factory",
    ),
    "CommonJS": (
        {"api/src/lib/inngest.ts": COMMON_JS},
        "api/src/lib/inngest.ts:1:21: this module is CommonJS",
    ),
    "a wrapped endpoint": (
        {"api/src/functions/inngest.ts": WRAPPED},
        "api/src/functions/inngest.ts:10:29: adopt does not understand how this endpoint is made",
    ),
    "a plugin of another name": (
        {"api/src/plugins/useInngest.ts": PLUGIN.replace("inngestPlugin", "ours")},
        "api/src/plugins/useInngest.ts:24:21: this plugin is called ours: call it inngestPlugin",
    ),
    "an id that only the environment has": (
        {
            "api/src/lib/inngest.ts": CLIENT.replace(
                "name: INNGEST_APP_NAME", "name: process.env.ID"
            )
        },
        "api/src/lib/inngest.ts:7:24: the id of this client is not written out here",
    ),
    "a function of the package": (
        {
            "api/src/plugins/useInngest.ts": PLUGIN.replace(
                "{ useInngest }", "{ buildEventName, useInngest }"
            ).replace("  buildUser", "  buildEventNameFunction: buildEventName,\n  buildUser")
        },
        "api/src/plugins/useInngest.ts:3:10: buildEventName of envelop-plugin-inngest has no",
    ),
    "a syntax error": (
        {"api/src/lib/inngest.ts": CLIENT + "export const = 1\n"},
        "api/src/lib/inngest.ts:",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_in_a_sentence(tmp_path: Path, adopt: Adopt, what: str) -> None:
    files, reason = BAD[what]
    app = old_tool_app(tmp_path / "orders", files)
    before = tree(app)
    result = adopt(app)
    assert result.returncode == 1
    assert f"redwood-inngest: {reason}" in result.stderr.replace("Inngest is half", "half")
    assert "Traceback" not in result.stderr
    assert tree(app) == before


def test_a_module_that_a_link_brings_into_the_app_is_left_alone(
    tmp_path: Path, adopt: Adopt
) -> None:
    write(tmp_path / "elsewhere/job.ts", HELLO_WORLD)
    app = old_tool_app(tmp_path / "orders")
    (app / "api/src/jobs/linked.ts").symlink_to(tmp_path / "elsewhere/job.ts")
    commit(app, "A link")
    result = adopt(app)
    assert "Traceback" not in result.stderr
    assert (tmp_path / "elsewhere/job.ts").read_text() == HELLO_WORLD


def test_a_target_below_the_apps_own_is_refused(tmp_path: Path, adopt: Adopt) -> None:
    app = old_tool_app(tmp_path / "orders")
    write(app / "api/package.json", read(app, "api/package.json").replace("2.7.1", "^4.24.0"))
    commit(app, "SDK 4")
    result = adopt(app, "--data", "sdk_major=3")
    assert "the app has SDK 4 already, by its package.json" in result.stderr


def test_an_app_without_inngest_or_set_up_or_by_both_tools_is_refused(
    tmp_path: Path, template: Path, adopt: Adopt
) -> None:
    app = small_app(tmp_path / "shop")
    assert "there is nothing to adopt. `redwood-inngest setup`" in adopt(app).stderr
    options = ("--template", template, "--defaults", "--no-install")
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    commit(app, "Inngest")
    assert "is set up by redwood-inngest already" in adopt(app).stderr
    write(app / "api/src/plugins/useInngest.ts", PLUGIN)
    commit(app, "Both")
    before = tree(app)
    result = adopt(app)
    assert "api/src/plugins/useInngest.ts: shop is set up by redwood-inngest" in result.stderr
    assert "this module is from another setup" in result.stderr
    assert tree(app) == before


def test_a_function_cannot_move_onto_another(tmp_path: Path, adopt: Adopt) -> None:
    other = {"api/src/jobs/other/helloWorld.ts": HELLO_WORLD}
    two = ENDPOINT.replace(
        "import { inngest }",
        "import second from 'src/jobs/other/helloWorld'\nimport { inngest }",
    ).replace("[helloWorld, ", "[helloWorld, second, ")
    app = old_tool_app(tmp_path / "orders", {**other, "api/src/functions/inngest.ts": two})
    result = adopt(app, "--move")
    assert "this module cannot move to api/src/inngest/functions/helloWorld.ts" in result.stderr
    assert adopt(app, "--no-move").returncode == 0
