"""`doctor`: each fault is found by its check, and the fix that is named mends it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.matrix import Kind, make_app, sdk_packages
from tests.support.nightly import nightly
from tests.support.redwood import commit, run

HANDLER = "api/src/functions/graphql.ts"
INDEX = "api/src/inngest/functions/index.ts"
OPERATIONS = """\
export const schema = gql`
  type Query { post(id: Int!): Int me: Int }
`
"""
QUERY = "export const QUERY = gql`query FindPost($id: Int!) { post(id: $id) }`\n"
FUNCTION = """\
import { inngest } from 'src/inngest/client'

export const mine = inngest.createFunction(
  { id: 'mine' },
  { event: 'graphql/find-post.query' },
  async () => {}
)
"""


def set_up(app: Path, template: Path, *options: str) -> None:
    arguments = [str(app), "--template", str(template), "--no-install", *options]
    result = command("redwood-inngest", "setup", *arguments)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def committed_app(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    app = small_app(tmp_path_factory.mktemp("committed") / "shop")
    write(app / "api/src/graphql/posts.sdl.ts", OPERATIONS)
    write(app / "web/src/Posts.tsx", QUERY)
    commit(app, "Operations")
    set_up(app, template)
    commit(app, "Inngest")
    return app


@pytest.fixture
def app(tmp_path: Path, committed_app: Path) -> Path:
    """A small app that is set up, and committed; nothing is wrong in it."""
    return Path(shutil.copytree(committed_app, tmp_path / "shop"))


@pytest.fixture
def look(template: Path) -> Callable[..., dict[str, Any]]:
    """Looks at an app; what is wrong, and what is a warning, by the checks."""

    def doctor(app: Path, *options: str) -> dict[str, Any]:
        arguments: tuple[str | Path, ...] = (app, "--template", template, "--json", *options)
        result = command("redwood-inngest", "doctor", *arguments)
        assert result.stdout, result.stderr
        told: dict[str, Any] = json.loads(result.stdout)
        assert result.returncode == (0 if told["well"] else 1)
        return told

    return doctor


def bad(told: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The findings that are no mere notes, by the check."""
    found = {
        check["check"]: [each for each in check["findings"] if each["level"] != "note"]
        for check in told["checks"]
    }
    return {check: findings for check, findings in found.items() if findings}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_nothing_is_wrong_after_a_setup(app: Path, look: Callable[..., dict[str, Any]]) -> None:
    before = tree(app)
    told = look(app)
    assert bad(told) == {}
    assert told["well"]
    assert [check["status"] for check in told["checks"]] == ["ok"] * len(told["checks"])
    assert tree(app) == before


def test_a_javascript_app(tmp_path: Path, template: Path) -> None:
    app = small_app(tmp_path / "shop", language="js")
    set_up(app, template)
    made = ("g", "function", "nightly", "--cron", "0 3 * * *", "--app", app, "--no-install")
    assert command("redwood-inngest", *made).returncode == 0
    result = command("redwood-inngest", "doctor", app, "--offline")
    assert result.returncode == 0, result.stdout
    edit(app / "api/src/inngest/functions/index.js", "[helloWorld, nightly]", "[helloWorld]")
    result = command("redwood-inngest", "doctor", app, "--offline")
    assert result.returncode == 1
    assert "functions/nightly.js: nightly is not in the list of functions" in result.stdout


def test_what_a_killed_repair_has_left_is_in_no_way(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    """A journal of a run that was killed before its first change."""
    not_wired(app)
    left = app / ".git" / f"redwood-inngest-{hashlib.sha256(b'.').hexdigest()[:12]}.json"
    write(left, json.dumps({"steps": [], "folders": [], "extra": {}}))
    assert look(app, "--offline", "--fix")["fixed"] == [HANDLER]
    assert not left.exists()


# Faults, each with the check that finds it, and words of what it says.


def not_wired(app: Path) -> None:
    assert command("redwood-inngest", "unwire", app).returncode == 0


def wired_twice(app: Path) -> None:
    edit(app / HANDLER, "[inngestPlugin]", "[inngestPlugin, inngestPlugin]")


def lists_twice(app: Path) -> None:
    edit(app / HANDLER, "extraPlugins:", "extraPlugins: [useA()],\n  extraPlugins:")


def without_plugin(app: Path) -> None:
    (app / "api/src/inngest/plugin.ts").unlink()


def without_endpoint(app: Path) -> None:
    (app / "api/src/functions/inngest.ts").unlink()


def without_events(app: Path) -> None:
    (app / "api/src/inngest/events.ts").unlink()


def with_a_new_operation(app: Path) -> None:
    write(app / "web/src/Me.tsx", "export const ME = gql`query Me { me }`\n")


def without_registration(app: Path) -> None:
    write(app / "api/src/inngest/functions/mine.ts", FUNCTION)


def with_another_port(app: Path) -> None:
    edit(app / "redwood.toml", "8911", "8999")


def with_a_script_for_another_port(app: Path) -> None:
    edit(app / "package.json", "localhost:8911", "localhost:9999")


FAULTS = [
    (not_wired, "wiring", "inngestPlugin is missing, so no operation is sent."),
    nightly(wired_twice, "wiring", "inngestPlugin is in the list twice"),
    nightly(lists_twice, "wiring", "extraPlugins was given more than once"),
    (without_plugin, "files", "the plugin is missing."),
    nightly(without_endpoint, "files", "the endpoint, which Inngest calls, is missing."),
    (without_events, "events-module", "this file is missing."),
    (with_a_new_operation, "events-module", "out of date (added graphql/me.query)"),
    (without_registration, "functions", "mine is not in the list of functions"),
    nightly(
        with_another_port,
        "dev-server",
        "the answers have api_port 8911, and the api server has 8999",
    ),
    nightly(
        with_a_script_for_another_port,
        "dev-server",
        "names port 9999, and the api server has 8911",
    ),
]


def needed_for(check: str) -> tuple[str, ...]:
    """The options for a check: only for missing files the template is rendered, which is slow."""
    return () if check == "files" else ("--offline",)


@pytest.mark.parametrize(("break_it", "check", "words"), FAULTS)
def test_the_fix_that_is_named_mends_it(
    app: Path,
    template: Path,
    look: Callable[..., dict[str, Any]],
    break_it: Callable[[Path], None],
    check: str,
    words: str,
) -> None:
    break_it(app)
    commit(app, "A fault")
    before = tree(app)
    told = bad(look(app, *needed_for(check)))
    assert list(told) == [check]
    (finding,) = told[check]
    assert words in finding["message"]
    assert finding["level"] == "wrong"
    assert tree(app) == before
    for line in finding["fix"].split(" && "):
        name, *arguments = shlex.split(line)
        at = ["--template", str(template)] if arguments[0] in {"doctor", "update"} else []
        no_install = ["--no-install"] if arguments[0] == "update" else []
        done = command(name, *arguments, *at, *no_install, cwd=app)
        assert done.returncode == 0, done.stderr
    assert bad(look(app, "--offline")) == {}


@pytest.mark.parametrize(("break_it", "check", "words"), FAULTS)
def test_what_is_safe_is_repaired_by_fix(
    app: Path,
    template: Path,
    look: Callable[..., dict[str, Any]],
    break_it: Callable[[Path], None],
    check: str,
    words: str,
) -> None:
    before = tree(app)
    break_it(app)
    options = needed_for(check)
    (finding,) = bad(look(app, *options))[check]
    told = look(app, *options, "--fix")
    if not finding["fixable"]:
        assert break_it is with_another_port
        assert told["fixed"] == []
        return
    assert told["well"]
    assert told["fixed"]
    if break_it in (not_wired, wired_twice, without_plugin, without_endpoint, without_events):
        assert tree(app) == before
    assert look(app, "--offline", "--fix")["fixed"] == []


def test_the_diff_shows_what_fix_would_change(app: Path, template: Path) -> None:
    not_wired(app)
    without_plugin(app)
    before = tree(app)
    result = command("redwood-inngest", "doctor", app, "--template", template, "--diff")
    assert result.returncode == 1
    assert "+import { inngestPlugin } from 'src/inngest/plugin'" in result.stdout
    assert "+++ b/api/src/inngest/plugin.ts" in result.stdout
    assert tree(app) == before


def test_two_functions_are_registered_in_one_repair(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    for name in ("one", "two"):
        text = FUNCTION.replace("mine", name)
        write(app / f"api/src/inngest/functions/{name}.ts", text)
    assert look(app, "--offline", "--fix")["fixed"] == [INDEX]
    assert "[helloWorld, one, two]" in (app / INDEX).read_text()


def test_a_handler_that_cannot_be_told_is_no_error(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    edit(app / HANDLER, "  extraPlugins: [inngestPlugin],\n", "")
    edit(app / HANDLER, "export const", "export const other = [inngestPlugin]\n\nexport const")
    (finding,) = bad(look(app, "--offline"))["wiring"]
    assert (finding["level"], finding["file"]) == ("warning", HANDLER)


def test_a_server_with_options_of_its_own_is_told(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    write(
        app / "api/src/server.ts",
        "import { redwoodFastifyGraphQLServer } from '@redwoodjs/graphql-server'\n"
        "fastify.register(redwoodFastifyGraphQLServer, { schema, extraPlugins: [] })\n",
    )
    (finding,) = bad(look(app, "--offline"))["wiring"]
    assert finding["fix"] == "redwood-inngest wire api/src/server.ts"


@pytest.mark.parametrize(
    ("event", "fix"),
    [
        ("graphql/find-pots.query", "did you mean graphql/find-post.query?"),
        ("graphql/cancel-order.mutation", "operation_folders"),
    ],
)
def test_a_function_on_an_event_that_no_operation_sends(
    app: Path, look: Callable[..., dict[str, Any]], event: str, fix: str
) -> None:
    write(
        app / "api/src/inngest/functions/mine.ts",
        FUNCTION.replace("graphql/find-post.query", event),
    )
    assert look(app, "--offline", "--fix")["fixed"] == [INDEX]
    (finding,) = bad(look(app, "--offline"))["sent-events"]
    assert finding["message"] == f"no operation of this app sends {event}."
    assert (finding["file"], finding["line"]) == ("api/src/inngest/functions/mine.ts", 5)
    assert fix in finding["fix"]


def test_events_of_the_team_and_wildcards_are_left_alone(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    for name, event in (("one", "shop/order.paid"), ("two", "graphql/*")):
        text = FUNCTION.replace("mine", name).replace("graphql/find-post.query", event)
        write(app / f"api/src/inngest/functions/{name}.ts", text)
    look(app, "--offline", "--fix")
    assert bad(look(app, "--offline")) == {}


def test_an_export_of_an_operation_that_is_gone(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    text = FUNCTION.replace("'graphql/find-post.query'", "findPostQuery")
    text = text.replace("\n\n", "\nimport {\n  findPostQuery,\n} from 'src/inngest/events'\n\n", 1)
    write(app / "api/src/inngest/functions/mine.ts", text)
    look(app, "--offline", "--fix")
    assert bad(look(app, "--offline")) == {}
    (app / "web/src/Posts.tsx").unlink()
    look(app, "--offline", "--fix")
    (finding,) = bad(look(app, "--offline"))["sent-events"]
    assert finding["message"] == "no operation of this app sends the event of findPostQuery."
    assert (finding["file"], finding["line"]) == ("api/src/inngest/functions/mine.ts", 2)


def test_an_event_that_an_answer_keeps_home(tmp_path: Path, template: Path) -> None:
    app = small_app(tmp_path / "shop")
    write(app / "api/src/graphql/posts.sdl.ts", OPERATIONS)
    write(app / "web/src/Posts.tsx", QUERY)
    write(app / "api/src/inngest.txt", "")
    commit(app, "Operations")
    set_up(app, template, "--data=denied_coordinates=[Query.post]")
    write(app / "api/src/inngest/functions/mine.ts", FUNCTION)
    result = command("redwood-inngest", "doctor", app, "--offline")
    assert result.returncode == 1
    assert "graphql/find-post.query is kept home by denied_coordinates" in result.stdout


def test_sdk_4_with_an_old_typescript(tmp_path: Path, template: Path) -> None:
    app = small_app(tmp_path / "shop")
    set_up(app, template, "--data=sdk_major=4")
    result = command("redwood-inngest", "doctor", app, "--offline")
    assert result.returncode == 1
    assert "TypeScript 5.6.2 cannot read the declarations of inngest 4.24, which need 5.8" in (
        result.stdout
    )
    assert "fix: cd api && yarn add -D typescript@^5.8" in result.stdout


def test_another_major_of_the_sdk_than_the_code_is_for(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    edit(app / "api/package.json", "^3.54.2", "^4.24.0")
    edit(app / "yarn.lock", "5.6.2", "5.9.3")
    (finding,) = bad(look(app, "--offline"))["packages"]
    assert finding["message"] == "the SDK is inngest 4.24, and the code was made for 3."
    assert finding["fix"].startswith("redwood-inngest upgrade-sdk --to 4 api/src")


def test_a_package_that_is_not_named(app: Path, look: Callable[..., dict[str, Any]]) -> None:
    edit(app / "api/package.json", '"inngest"', '"other"')
    findings = bad(look(app, "--offline"))["packages"]
    assert findings[0]["message"] == "inngest is not named."
    assert findings[0]["fix"] == "cd api && yarn add 'inngest@^3.54.2'"


@pytest.mark.parametrize("framework", ["redwood", nightly("cedar")])
def test_a_real_app_with_its_packages(
    framework: str, tmp_path: Path, template: Path, look: Callable[..., dict[str, Any]]
) -> None:
    app = tmp_path / "shop"
    make_app(Kind(framework, "ts"), app)
    set_up(app, template)
    commit(app, "Inngest")
    found = bad(look(app, "--offline"))
    assert [each["message"] for each in found.pop("packages")] == ["inngest is not installed."]
    assert found == {}
    major = "3" if framework == "redwood" else "4"
    modules = app / "api/node_modules"
    modules.mkdir(exist_ok=True)
    (modules / "inngest").symlink_to(sdk_packages() / "node_modules" / f"inngest{major}")
    assert bad(look(app, "--offline")) == {}
    api_graphql = modules / "graphql/package.json"
    write(api_graphql, json.dumps({"version": "15.0.0"}))
    (finding,) = bad(look(app, "--offline"))["copies"]
    assert "the api side has graphql 15.0.0, and" in finding["message"]
    assert re.search(r"cd api && (yarn add|npm install) graphql@16\.\d+\.\d+ -E", finding["fix"])
    write(api_graphql, json.dumps({"version": "16.0.0"}))
    assert bad(look(app, "--offline")) == {}
    scalars = "import { GraphQLScalarType } from 'graphql'\n"
    write(app / "api/src/lib/scalars.ts", scalars)
    (finding,) = bad(look(app, "--offline"))["copies"]
    assert finding["file"] == "api/src/lib/scalars.ts"
    write(modules / "@envelop/core/package.json", json.dumps({"version": "4.0.0"}))
    write(app / "api/src/lib/scalars.ts", "import { useExtendContext } from '@envelop/core'\n")
    (finding,) = bad(look(app, "--offline"))["copies"]
    assert finding["level"] == "warning"
    assert "@envelop/core@5." in finding["fix"]


def test_a_key_in_git_is_told_and_never_shown(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    secret = "signkey-prod-0123456789"  # noqa: S105 - it is none
    write(app / ".env.defaults", f"INNGEST_SIGNING_KEY={secret}\nINNGEST_DEV=1\n")
    commit(app, "Keys")
    told = look(app, "--offline")
    wrong, warning = bad(told)["keys"]
    assert (
        wrong["message"]
        == "INNGEST_SIGNING_KEY has a value in a file that Git has: it is a secret."
    )
    assert warning["message"] == "INNGEST_DEV is set where production reads it, too."
    assert secret not in json.dumps(told)
    notes = next(each for each in told["checks"] if each["check"] == "keys")["findings"]
    assert notes[-1]["message"].startswith("INNGEST_EVENT_KEY is in no .env file")


def test_a_key_in_a_file_of_this_machine_is_right(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    write(app / ".gitignore", ".env\n")
    write(app / ".env", "INNGEST_SIGNING_KEY=a\nexport INNGEST_EVENT_KEY='b'\n")
    told = look(app, "--offline")
    keys = next(each for each in told["checks"] if each["check"] == "keys")
    assert keys["findings"] == []


@pytest.mark.parametrize("nothing", ["", "  ", "''", '""', "  # to be set"])
def test_a_variable_without_a_value_is_not_set(
    app: Path, look: Callable[..., dict[str, Any]], nothing: str
) -> None:
    edit(app / ".env.defaults", "# INNGEST_EVENT_KEY=", f"INNGEST_EVENT_KEY={nothing}\nOTHER=1")
    told = look(app, "--offline")
    assert "keys" not in bad(told)


@contextmanager
def server(status: int) -> Iterator[int]:
    """A stand-in for the app's api server, which answers with a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/inngest" else 418)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    running = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port
    running.shutdown()


@pytest.mark.parametrize(("status", "level"), [(200, "note"), (404, "warning")])
def test_the_endpoint_is_asked_at_the_app_s_port(
    tmp_path: Path,
    template: Path,
    look: Callable[..., dict[str, Any]],
    status: int,
    level: str,
) -> None:
    app = small_app(tmp_path / "shop")
    with server(status) as port:
        edit(app / "redwood.toml", "8911", str(port))
        set_up(app, template, "--force")
        told = look(app, "--template", "none")
    checks = {each["check"]: each["findings"] for each in told["checks"]}
    first = checks["dev-server"][0]
    assert first["level"] == level
    assert f"http://localhost:{port}/inngest" in first["message"]


def test_where_nothing_answers_it_says_how_to_start_it(
    app: Path, look: Callable[..., dict[str, Any]]
) -> None:
    told = look(app, "--template", "none")
    checks = {each["check"]: each["findings"] for each in told["checks"]}
    assert "yarn rw dev" in [each["fix"] for each in checks["dev-server"]]
    assert checks["dev-server"][0]["level"] == "note"


def test_a_newer_template_and_an_edit_that_it_meets(
    app: Path, template: Path, tmp_path: Path
) -> None:
    newer = Path(shutil.copytree(template, tmp_path / "newer" / "redwood-inngest"))
    client = newer / "template/{{ api_path }}/src/inngest/client.{{ language }}.jinja"
    edit(client, "/**\n * The Inngest client:", "/**\n * The one Inngest client:")
    commit(newer, "Newer")
    run(["git", "tag", "v9.0.0"], newer)

    def told() -> str:
        result = command("redwood-inngest", "doctor", app, "--template", newer)
        assert result.returncode == 0, result.stdout
        return result.stdout

    assert "warning: the template has version v9.0.0, and the app " in told()
    assert "will conflict" not in told()
    edit(app / "api/src/inngest/client.ts", " * The Inngest client:", " * Our Inngest client:")
    edit(app / "api/src/inngest/plugin.ts", "export const", "// Ours.\nexport const")
    said = told()
    where = "api/src/inngest/client.ts: edited where version v9.0.0 changes it: the update will"
    assert f"{where} conflict." in said
    assert "plugin.ts" not in said
    commit(app, "Edits")
    arguments = (app, "--template", newer, "--defaults", "--no-install")
    update = command("redwood-inngest", "update", *arguments)
    assert update.returncode == 4
    assert "conflict  api/src/inngest/client.ts" in update.stdout
    result = command("redwood-inngest", "doctor", app, "--offline")
    assert result.returncode == 1
    assert "api/src/inngest/client.ts" in result.stdout
    assert "an update's conflict is not resolved." in result.stdout


def test_edited_files_are_told_where_the_template_is_the_same(app: Path, template: Path) -> None:
    edit(app / "api/src/inngest/plugin.ts", "export const", "// Ours.\nexport const")
    result = command("redwood-inngest", "doctor", app, "--template", template)
    assert result.returncode == 0
    assert "note: edited: api/src/inngest/plugin.ts. Updates keep that" in result.stdout


def test_a_template_that_is_not_trusted_or_not_there_is_a_note(app: Path, tmp_path: Path) -> None:
    nobody = {"COPIER_SETTINGS_PATH": str(tmp_path / "none.yml")}
    for options, words in (
        ((), "which is not the one of this installation"),
        (("--template", "/none"), "the template /none"),
    ):
        result = command("redwood-inngest", "doctor", app, *options, environment=nobody)
        assert result.returncode == 0
        assert "note: the template was not compared: " in result.stdout
        assert words in result.stdout


def test_answers_that_fit_the_app_no_more(app: Path, look: Callable[..., dict[str, Any]]) -> None:
    (app / "yarn.lock").unlink()
    write(app / "package-lock.json", '{ "lockfileVersion": 3 }\n')
    (finding,) = bad(look(app, "--offline"))["answers"]
    assert finding["message"] == "the answers have package_manager yarn, and the app has npm."
    assert finding["fix"] == "redwood-inngest update --data package_manager=npm"


@pytest.mark.parametrize("broken", ["package.json", "redwood.toml", HANDLER, "api/package.json"])
def test_a_file_that_cannot_be_read_is_a_finding_or_a_refusal(app: Path, broken: str) -> None:
    write(app / broken, "{ ( [ = ")
    result = command("redwood-inngest", "doctor", app, "--offline")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert Path(broken).name in result.stdout + result.stderr


def test_an_app_that_is_not_set_up_is_refused(tmp_path: Path) -> None:
    result = command("redwood-inngest", "doctor", small_app(tmp_path / "shop"))
    assert result.returncode == 1
    assert "is not set up yet" in result.stderr
    assert result.stdout == ""


def test_on_a_terminal_lines_break_between_words(app: Path) -> None:
    not_wired(app)
    terminal = pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        ["doctor", "--offline", str(app)],
        env={**os.environ, "TERM": "xterm"},
        encoding="utf-8",
        dimensions=(24, 80),
        timeout=60,
    )
    said = terminal.read()
    terminal.close()
    assert terminal.exitstatus == 1
    lines = [re.sub(r"\x1b\[\d*m", "", line) for line in said.splitlines()]
    assert max(map(len, lines)) <= 80
    assert "\x1b[31m" in said
    words = " ".join(said.split())
    assert f"{HANDLER}: inngestPlugin is missing, so no operation is sent." in words


def test_colours_stay_out_of_a_pipe(app: Path) -> None:
    done = subprocess.run(
        [COMMANDS / "redwood-inngest", "doctor", "--offline", app], capture_output=True, check=True
    )
    assert b"\x1b" not in done.stdout
