"""`remove`: a setup taken out again, what stays of it, and that nothing which stays is broken."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.matrix import Kind, make_app
from tests.support.nightly import nightly
from tests.support.redwood import commit, run

Remove = Callable[..., subprocess.CompletedProcess[str]]

PLUGINS = """\
export const handler = createGraphQLHandler({
  loggerConfig: { logger, options: {} },
  extraPlugins: [useA()],
  sdls,
})
"""
IMPORTS = """\
import { createGraphQLHandler } from '@redwoodjs/graphql-server'

import sdls from 'src/graphql/**/*.sdl.{js,ts}'
import { useA } from 'src/lib/a'
import { logger } from 'src/lib/logger'

"""
# The list gets too long with the plugin, and is broken; `unwire` joins it.
LONG = "extraPlugins: [useA({ one: 1, two: 2 }), useA({ three: 3, four: 4 })],"


@pytest.fixture
def remove(template: Path) -> Remove:
    def run_remove(app: Path, *options: str) -> subprocess.CompletedProcess[str]:
        arguments = [str(app), "--template", str(template), "--no-install", *options]
        return command("redwood-inngest", "remove", *arguments)

    return run_remove


@pytest.fixture(scope="module")
def set_up(template: Path) -> Callable[..., None]:
    def run_setup(app: Path, *options: str) -> None:
        arguments = [str(app), "--template", str(template), "--no-install", *options]
        result = command("redwood-inngest", "setup", *arguments)
        assert result.returncode == 0, result.stderr

    return run_setup


@pytest.fixture(scope="module")
def committed_app(tmp_path_factory: pytest.TempPathFactory, set_up: Callable[..., None]) -> Path:
    app = small_app(tmp_path_factory.mktemp("committed") / "shop")
    set_up(app)
    commit(app, "Inngest")
    return app


@pytest.fixture
def app(tmp_path: Path, committed_app: Path) -> Path:
    """A small app that is set up, and committed."""
    return Path(shutil.copytree(committed_app, tmp_path / "shop"))


def stays(result: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert result.returncode == 0, result.stderr
    return {each["path"]: each["reason"] for each in json.loads(result.stdout)["stays"]}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def as_it_came(app: Path) -> None:
    write(app / "README.md", "# Shop\n")


def with_plugins(app: Path) -> None:
    write(app / "api/src/functions/graphql.ts", IMPORTS + PLUGINS)


def with_a_long_list(app: Path) -> None:
    text = IMPORTS + PLUGINS.replace("extraPlugins: [useA()],", LONG)
    write(app / "api/src/functions/graphql.ts", text)


def with_line_ends_of_windows(app: Path) -> None:
    for file in ("api/src/functions/graphql.ts", "package.json", "api/package.json"):
        content = (app / file).read_bytes()
        (app / file).write_bytes(content.replace(b"\n", b"\r\n"))
    write(app / "prettier.config.js", "module.exports = { endOfLine: 'crlf', semi: true }\n")


def with_a_style_of_its_own(app: Path) -> None:
    style = "{ semi: true, singleQuote: false, tabWidth: 4, trailingComma: 'none' }"
    write(app / "prettier.config.js", f"module.exports = {style}\n")


def with_what_it_needs(app: Path) -> None:
    """It names `graphql` and scripts already, and its variables have no line end."""
    manifest = json.loads((app / "api/package.json").read_text())
    manifest["dependencies"]["graphql"] = "16.9.0"
    write(app / "api/package.json", json.dumps(manifest, indent="\t"))
    root = json.loads((app / "package.json").read_text())
    write(app / "package.json", json.dumps({**root, "scripts": {}}))
    write(app / ".env.defaults", "DATABASE_URL=file:./dev.db")


def without_variables(app: Path) -> None:
    (app / ".env.defaults").unlink()


@pytest.mark.parametrize(
    ("prepare", "answers"),
    [
        (as_it_came, {"sdk_major": "4", "serve_path": "/api/inngest"}),
        nightly(with_plugins, {"example_function": "false"}),
        (with_a_long_list, {"plugin": "package"}),
        (with_line_ends_of_windows, {}),
        nightly(with_a_style_of_its_own, {"delivery": "await"}),
        (with_what_it_needs, {"sdk_major": "4", "example_function": "false"}),
        nightly(without_variables, {}),
    ],
)
@pytest.mark.parametrize("committed", [True, pytest.param(False, marks=pytest.mark.nightly)])
def test_after_a_setup_git_status_is_as_it_was(
    tmp_path: Path,
    set_up: Callable[..., None],
    remove: Remove,
    prepare: Callable[[Path], None],
    answers: dict[str, str],
    committed: bool,
) -> None:
    app = small_app(tmp_path / "shop")
    prepare(app)
    commit(app, "As the team has it")
    before = tree(app)
    data = [f"--data={name}={value}" for name, value in answers.items()]
    set_up(app, *data, "-d", "graphql_handler=api/src/functions/graphql.ts")
    if committed:
        commit(app, "Inngest")
    result = remove(app)
    assert result.returncode == 0, result.stderr
    assert tree(app) == before
    assert not (app / "api/src/inngest").exists()
    assert "These files stay" not in result.stderr
    changed = run(["git", "diff", "--name-only", "HEAD^" if committed else "HEAD"], app)
    assert changed == ""


@pytest.mark.parametrize(
    ("framework", "language"),
    [
        ("redwood", "ts"),
        ("cedar", "js"),
        pytest.param("redwood", "js", marks=pytest.mark.nightly),
        pytest.param("cedar", "ts", marks=pytest.mark.nightly),
    ],
)
def test_after_a_setup_a_real_app_is_as_it_was(
    framework: str, language: str, tmp_path: Path, set_up: Callable[..., None], remove: Remove
) -> None:
    app = tmp_path / "shop"
    make_app(Kind(framework, language), app)
    before = run(["git", "status", "--porcelain", "--ignored"], app)
    set_up(app)
    assert run(["git", "status", "--porcelain", "--ignored"], app) != before
    result = remove(app)
    assert result.returncode == 0, result.stderr
    assert run(["git", "status", "--porcelain", "--ignored"], app) == before


def test_without_git_the_app_is_as_it_was(
    tmp_path: Path, set_up: Callable[..., None], remove: Remove
) -> None:
    app = small_app(tmp_path / "shop", git=False)
    before = tree(app)
    set_up(app)
    assert remove(app).returncode == 0
    after = tree(app)
    # Nothing tells whether there was a list of scripts.
    assert json.loads(after.pop("package.json")) == {
        **json.loads(before.pop("package.json")),
        "scripts": {},
    }
    assert after == before


def test_where_git_cannot_tell_a_range_of_graphql_is_the_team_s(app: Path, remove: Remove) -> None:
    """Setup names one exact version; the folder was renamed, so Git has it under another name."""
    edit(app / "api/package.json", '"graphql": "16.9.0"', '"graphql": "^16.9.0"')
    commit(app, "A range")
    (app.parent / "repository").mkdir()
    app = app.rename(app.parent / "repository" / "shop")
    (app / ".git").rename(app.parent / ".git")
    commit(app.parent, "Moved")
    result = remove(app, "--json")
    assert stays(result) == {}
    assert json.loads(result.stdout)["notes"] == [
        "api/package.json still has graphql: the app may have had it before."
    ]
    assert '"graphql": "^16.9.0"' in (app / "api/package.json").read_text()
    assert '"inngest"' not in (app / "api/package.json").read_text()


def test_git_that_changes_line_ends(
    tmp_path: Path, set_up: Callable[..., None], remove: Remove
) -> None:
    app = small_app(tmp_path / "shop")
    run(["git", "config", "core.autocrlf", "true"], app)
    for file in tree(app):
        (app / file).unlink()
    run(["git", "checkout", "--quiet", "."], app)
    before = tree(app)
    assert b"\r\n" in before["api/package.json"]
    set_up(app)
    commit(app, "Inngest")
    assert remove(app).returncode == 0
    assert tree(app) == before


def test_what_other_people_changed_meanwhile_stays(app: Path, remove: Remove) -> None:
    edit(app / "api/package.json", '"dependencies": {', '"dependencies": {\n    "ms": "2.1.3",')
    edit(app / "api/src/functions/graphql.ts", "  sdls,\n", "  sdls,\n  cors: {},\n")
    edit(app / ".env.defaults", "DATABASE_URL", "OTHER=1\nDATABASE_URL")
    commit(app, "Other work")
    assert stays(remove(app, "--json")) == {}
    first = run(["git", "rev-list", "--max-parents=0", "HEAD"], app).strip()
    changed = run(["git", "diff", "--unified=0", first], app)
    lines = [line for line in changed.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert lines == ["+OTHER=1", '+    "ms": "2.1.3",', "+  cors: {},"]


def test_an_edited_file_of_the_setup_stays_alone(app: Path, remove: Remove) -> None:
    edit(app / "api/src/inngest/plugin.ts", "export ", "// Ours.\nexport ")
    edit(app / "api/src/inngest/useInngest.ts", "export ", "// Ours.\nexport ")
    commit(app, "Edits")
    result = remove(app, "--json")
    reason = "it was edited; nothing imports it any more"
    alone = ["api/src/inngest/plugin.ts", "api/src/inngest/useInngest.ts"]
    assert stays(result) == dict.fromkeys(alone, reason)
    assert [path for path in tree(app) if "/inngest" in path] == alone
    assert json.loads(result.stdout)["notes"] == []
    assert "inngest" not in (app / "api/package.json").read_text()


def test_an_edited_endpoint_stays_with_what_it_imports(app: Path, remove: Remove) -> None:
    """The api server loads it, and would not start without what it imports."""
    edit(app / "api/src/functions/inngest.ts", "export ", "// Ours.\nexport ")
    edit(app / "api/src/inngest/client.ts", "export ", "// Ours.\nexport ")
    commit(app, "Edits")
    left = stays(remove(app, "--json"))
    functions = "api/src/inngest/functions"
    assert left == {
        "api/src/functions/inngest.ts": "it was edited",
        "api/src/inngest/client.ts": "it was edited",
        "api/src/inngest/events.ts": left["api/src/inngest/events.ts"],
        "api/src/inngest/ownEvents.ts": left["api/src/inngest/ownEvents.ts"],
        f"{functions}/helloWorld.ts": f"{functions}/index.ts:1 imports it",
        f"{functions}/index.ts": "api/src/functions/inngest.ts:4 imports it",
    }
    assert_all_imports_are_there(app)


def assert_all_imports_are_there(app: Path) -> None:
    for path, content in tree(app).items():
        for specifier in re.findall(r"from '([^']+)'", content.decode()):
            if specifier.startswith("src/inngest"):
                stem = app / "api" / specifier
            elif specifier.startswith(".") and "/inngest/" in path:
                stem = (app / path).parent / specifier
            else:
                continue
            found = [*stem.parent.glob(f"{stem.name}.*"), *stem.glob("index.*")]
            assert found, f"{path} imports {specifier}"


def test_functions_of_the_team_stay_with_what_they_import(app: Path, remove: Remove) -> None:
    write(
        app / "api/src/inngest/functions/mine.ts",
        "import { inngest } from 'src/inngest/client'\n\nexport const mine = inngest\n",
    )
    index = app / "api/src/inngest/functions/index.ts"
    edit(index, "[helloWorld]", "[helloWorld, mine]")
    edit(index, "import {", "import { mine } from 'src/inngest/functions/mine'\nimport {")
    commit(app, "A function")
    result = remove(app, "--json")
    left = stays(result)
    assert left == {
        "api/src/inngest/client.ts": "api/src/inngest/functions/mine.ts:1 imports it",
        "api/src/inngest/events.ts": "api/src/inngest/client.ts:3 imports it",
        "api/src/inngest/functions/index.ts": "it was edited",
        "api/src/inngest/functions/mine.ts": "it was not generated",
        "api/src/inngest/ownEvents.ts": "api/src/inngest/events.ts:6 imports it",
    }
    assert "export const functions = [mine]" in index.read_text()
    assert "helloWorld" not in index.read_text()
    assert json.loads(result.stdout)["notes"] == [
        "the functions that stay do not run any more: api/src/functions/inngest.ts goes.",
        "api/package.json still has inngest: api/src/inngest/client.ts imports it.",
    ]
    assert "inngestPlugin" not in (app / "api/src/functions/graphql.ts").read_text()
    assert '"graphql"' not in (app / "api/package.json").read_text()
    assert_all_imports_are_there(app)


def test_a_service_that_sends_events_keeps_the_client(app: Path, remove: Remove) -> None:
    write(
        app / "api/src/services/orders.ts",
        "export const send = async () =>\n  (await import('src/inngest/client')).inngest\n",
    )
    commit(app, "A service")
    left = stays(remove(app, "--json"))
    assert left["api/src/inngest/client.ts"] == "api/src/services/orders.ts:2 imports it"
    assert not (app / "api/src/inngest/functions").exists()


def test_generated_functions_go_with_their_test_and_its_package(
    tmp_path: Path, set_up: Callable[..., None], remove: Remove
) -> None:
    app = small_app(tmp_path / "shop")
    before = tree(app)
    set_up(app, "-d", "example_function=false")
    for arguments in (("nightly", "--cron", "0 3 * * *"), ("shipped", "--event", "order.shipped")):
        made = command("redwood-inngest", "g", "function", *arguments, "--app", app, "--no-install")
        assert made.returncode == 0, made.stderr
    assert "@inngest/test" in (app / "api/package.json").read_text()
    commit(app, "Functions")
    assert stays(remove(app, "--json")) == {}
    assert tree(app) == before


def test_a_generated_function_that_was_edited_stays_and_is_registered(
    app: Path, remove: Remove
) -> None:
    arguments = ("g", "function", "nightly", "--cron", "0 3 * * *", "--app", app, "--no-install")
    assert command("redwood-inngest", *arguments).returncode == 0
    edit(app / "api/src/inngest/functions/nightly.ts", "export const", "// Ours.\nexport const")
    commit(app, "A function")
    left = stays(remove(app, "--json"))
    assert "api/src/inngest/functions/nightly.ts" in left
    assert "api/src/inngest/functions/nightly.test.ts" in left
    index = (app / "api/src/inngest/functions/index.ts").read_text()
    assert "[nightly]" in index
    assert "@inngest/test" in (app / "api/package.json").read_text()
    assert_all_imports_are_there(app)


def test_a_server_that_was_wired_is_unwired_too(app: Path, remove: Remove) -> None:
    server = app / "api/src/other.ts"
    write(server, IMPORTS + PLUGINS)
    before = server.read_text()
    assert command("redwood-inngest", "wire", server).returncode == 0
    assert server.read_text() != before
    commit(app, "Another server")
    assert stays(remove(app, "--json")) == {}
    assert server.read_text() == before


def test_edited_settings_stay_and_are_told(app: Path, remove: Remove) -> None:
    edit(app / ".env.defaults", "# INNGEST_EVENT_KEY=", "INNGEST_EVENT_KEY=none")
    edit(
        app / "package.json", "http://localhost:8911/inngest", "http://localhost:9000/inngest -p 1"
    )
    commit(app, "Settings")
    result = remove(app)
    assert result.returncode == 0
    assert 'package.json still has "inngest:dev": that was edited.' in result.stderr
    assert ".env.defaults still has INNGEST_: that was edited." in result.stderr
    assert "INNGEST_EVENT_KEY=none" in (app / ".env.defaults").read_text()


def test_the_diff_shows_it_all_and_changes_nothing(app: Path, remove: Remove) -> None:
    before = tree(app)
    result = remove(app, "--diff")
    assert result.returncode == 0
    assert "-import { inngestPlugin } from 'src/inngest/plugin'\n" in result.stdout
    assert "--- a/api/src/inngest/plugin.ts\n+++ /dev/null\n" in result.stdout
    assert tree(app) == before
    told = json.loads(remove(app, "--diff", "--json").stdout)
    assert told["written"] is False
    assert {"path": "api/src/inngest/plugin.ts", "change": "remove"} in told["files"]
    assert tree(app) == before


def refused(remove: Remove, app: Path, reason: str) -> None:
    before = tree(app)
    result = remove(app)
    assert result.returncode == 1
    assert result.stdout == ""
    assert reason in result.stderr
    assert "Traceback" not in result.stderr
    assert tree(app) == before


def test_an_app_that_is_not_set_up_is_refused(tmp_path: Path, remove: Remove) -> None:
    refused(remove, small_app(tmp_path / "shop"), "is not set up yet")


def test_uncommitted_work_is_refused(app: Path, remove: Remove) -> None:
    edit(app / ".env.defaults", "DATABASE_URL", "OTHER=1\nDATABASE_URL")
    refused(remove, app, "has uncommitted changes (.env.defaults): commit or stash them first")


def test_a_handler_that_cannot_be_unwired_is_refused(app: Path, remove: Remove) -> None:
    handler = app / "api/src/functions/graphql.ts"
    edit(handler, "extraPlugins: [inngestPlugin]", "extraPlugins: twice(inngestPlugin)")
    commit(app, "Wired by hand")
    refused(remove, app, "api/src/functions/graphql.ts:")


def test_a_version_that_the_template_does_not_have_is_refused(app: Path, remove: Remove) -> None:
    answers = app / ".copier-answers.inngest.yml"
    answers.write_text(re.sub(r"^_commit: .*$", "_commit: v9.9.9", answers.read_text(), flags=re.M))
    commit(app, "Another version")
    refused(remove, app, "the app was made by version v9.9.9 of the template")


def test_a_stranger_s_template_is_not_run(app: Path, template: Path, tmp_path: Path) -> None:
    before = tree(app)
    nobody = {"COPIER_SETTINGS_PATH": str(tmp_path / "none.yml")}
    arguments = ("remove", app, "--no-install", "--yes")
    result = command("redwood-inngest", *arguments, environment=nobody)
    assert result.returncode == 1
    assert f"the app's answers name the template {template}" in result.stderr
    assert tree(app) == before


def with_yarn(app: Path, script: str) -> dict[str, str]:
    """A stand-in for yarn, which is what the app has."""
    folder = app.parent / "bin"
    write(folder / "yarn", f"#!/bin/sh\n{script}\n")
    (folder / "yarn").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_the_package_manager_takes_the_packages_out(app: Path, template: Path) -> None:
    environment = with_yarn(app, "grep -q inngest api/package.json || echo gone >> yarn.lock")
    result = command(
        "redwood-inngest", "remove", app, "--template", template, environment=environment
    )
    assert result.returncode == 0, result.stderr
    assert "Taking the packages out with yarn..." in result.stderr
    assert (app / "yarn.lock").read_text().endswith("gone\n")


def test_a_package_manager_that_fails_leaves_the_app_as_it_was(app: Path, template: Path) -> None:
    environment = with_yarn(app, "echo broken >> yarn.lock; exit 7")
    before = tree(app)
    result = command(
        "redwood-inngest", "remove", app, "--template", template, environment=environment
    )
    assert result.returncode == 1
    assert "failed with exit code 7" in result.stderr
    assert tree(app) == before


def at_a_terminal(*arguments: Any) -> pexpect.spawn[str]:
    return pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        ["remove", "--no-install", *map(str, arguments)],
        env={**os.environ, "TERM": "xterm"},
        encoding="utf-8",
        dimensions=(24, 80),
        timeout=60,
    )


def test_at_a_terminal_a_person_is_asked_first(app: Path, template: Path) -> None:
    before = tree(app)
    terminal = at_a_terminal(app, "--template", template)
    terminal.expect("This takes Inngest out of")
    terminal.expect("remove  api/src/inngest/plugin.ts")
    terminal.expect(r"Go on\? \[y/N\]: ")
    terminal.send("\r")
    terminal.expect("nothing was changed")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert tree(app) == before
    terminal = at_a_terminal(app, "--template", template)
    terminal.expect(r"Go on\? \[y/N\]: ")
    terminal.send("y\r")
    terminal.expect("Then take the packages out: yarn install")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert not (app / "api/src/inngest").exists()


@pytest.mark.nightly
def test_with_a_real_package_manager_the_lock_file_is_as_before(
    tmp_path: Path, template: Path
) -> None:
    """npm, on an app whose packages are small stand-ins for the framework's."""
    app = small_app(tmp_path / "shop")
    (app / "yarn.lock").unlink()
    for side in ("api", "web"):
        manifest = {"name": side, "private": True, "dependencies": {"ms": "2.1.3"}}
        write(app / side / "package.json", json.dumps(manifest, indent=2) + "\n")
    write(app / ".gitignore", "node_modules\n")
    npm = shutil.which("npm")
    assert npm
    run([npm, "install", "--no-audit", "--no-fund"], app)
    commit(app, "Installed")
    options = ("--template", template)
    done = command("redwood-inngest", "setup", app, "--defaults", *options)
    assert done.returncode == 0, done.stderr
    assert "package-lock.json" in run(["git", "status", "--porcelain"], app)
    done = command("redwood-inngest", "remove", app, *options)
    assert done.returncode == 0, done.stderr
    assert run(["git", "status", "--porcelain"], app) == ""
