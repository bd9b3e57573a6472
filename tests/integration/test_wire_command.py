"""`redwood-inngest wire` and `unwire`, as a person or a script runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import command
from tests.support.redwood import HANDLER

WIRED = HANDLER.replace(
    "import { logger }", "import { inngestPlugin } from 'src/inngest/plugin'\nimport { logger }"
).replace("  services,\n})", "  services,\n  extraPlugins: [inngestPlugin],\n})")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "app", git=False)


@pytest.fixture
def handler(tmp_path: Path) -> Path:
    file = tmp_path / "graphql.ts"
    file.write_text(HANDLER)
    return file


def run(*arguments: str | Path, cwd: Path | None = None, stdin: str = "") -> Any:
    return command("redwood-inngest", *arguments, cwd=cwd, stdin=stdin)


def statuses(result: Any) -> list[tuple[str, str]]:
    return [(each["path"], each["status"]) for each in json.loads(result.stdout)]


def test_a_bare_file_is_wired_and_unwired(handler: Path) -> None:
    wired = run("wire", handler)
    assert (wired.returncode, wired.stdout) == (0, f"        wired  {handler}\n")
    assert handler.read_text() == WIRED
    assert "already-wired" in run("wire", handler).stdout
    assert "unwired" in run("unwire", handler).stdout
    assert handler.read_text() == HANDLER
    assert "not-wired" in run("unwire", handler).stdout


def test_the_app_is_found_upward_from_here(app: Path) -> None:
    result = run("wire", cwd=app / "api/src/functions")
    assert result.stdout == "        wired  graphql.ts\n"
    assert (app / "api/src/functions/graphql.ts").read_text() == WIRED


def test_an_app_is_a_path(app: Path, tmp_path: Path) -> None:
    assert run("wire", "app", cwd=tmp_path).stdout.split() == [
        "wired",
        "app/api/src/functions/graphql.ts",
    ]


@pytest.mark.parametrize("wide", [True, False])
def test_a_list_breaks_where_the_apps_prettier_breaks_it(app: Path, wide: bool) -> None:
    names = [f"useSomething{number}" for number in range(4)]
    handler = app / "api/src/functions/graphql.ts"
    plugins = f"  extraPlugins: [{', '.join(names)}],\n}})"
    handler.write_text(HANDLER.replace("})\n", f"{plugins}\n"))
    write(app / "prettier.config.js", f"module.exports = {{ printWidth: {120 if wide else 80} }}\n")
    assert run("wire", app).returncode == 0
    listed = ", ".join([*names, "inngestPlugin"])
    assert (f"  extraPlugins: [{listed}],\n" in handler.read_text()) == wide
    assert ("    inngestPlugin,\n  ],\n" in handler.read_text()) != wide


def test_check_changes_nothing_and_tells_by_its_exit_code(handler: Path) -> None:
    result = run("wire", "--check", handler)
    assert (result.returncode, result.stdout) == (1, f"   would-wire  {handler}\n")
    assert handler.read_text() == HANDLER
    handler.write_text(WIRED)
    assert run("wire", "--check", handler).returncode == 0
    result = run("unwire", "--check", handler)
    assert (result.returncode, result.stdout) == (1, f" would-unwire  {handler}\n")
    assert handler.read_text() == WIRED


def test_the_diff_is_one_that_git_applies(handler: Path) -> None:
    result = run("wire", "--diff", handler.name, cwd=handler.parent)
    assert result.returncode == 0
    assert handler.read_text() == HANDLER
    subprocess.run(
        ["git", "apply", "-"], cwd=handler.parent, input=result.stdout, text=True, check=True
    )
    assert handler.read_text() == WIRED


def test_json_tells_every_path_in_order(handler: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ts"
    broken.write_text("export const = 1\n")
    result = run("wire", "--json", broken, handler, tmp_path / "missing.ts")
    assert result.returncode == 1
    first, second, third = json.loads(result.stdout)
    assert list(first) == ["path", "status", "reason", "line", "column"]
    assert (first["path"], first["status"]) == (str(broken), "refused")
    assert (first["line"], first["column"]) != (None, None)
    assert first["reason"]
    assert second == {
        "path": str(handler),
        "status": "wired",
        "reason": None,
        "line": None,
        "column": None,
    }
    assert third["reason"] == "there is no such file."
    assert handler.read_text() == WIRED
    assert broken.read_text() == "export const = 1\n"


def test_json_names_what_would_be_done(handler: Path) -> None:
    assert statuses(run("wire", "--json", "--check", handler)) == [(str(handler), "would-wire")]
    assert statuses(run("unwire", "--json", handler)) == [(str(handler), "not-wired")]
    handler.write_text(WIRED)
    assert statuses(run("unwire", "--json", "--diff", handler)) == [(str(handler), "would-unwire")]
    assert statuses(run("unwire", "--json", handler)) == [(str(handler), "unwired")]


def test_standard_input_goes_to_standard_output() -> None:
    result = run("wire", "-", stdin=HANDLER)
    assert (result.returncode, result.stdout, result.stderr) == (0, WIRED, "")
    assert run("wire", "-", stdin=WIRED).stdout == WIRED
    assert run("unwire", "-", stdin=WIRED).stdout == HANDLER
    assert run("wire", "--check", "-", stdin=HANDLER).returncode == 1


def test_a_refusal_on_standard_input_writes_nothing_to_standard_output() -> None:
    result = run("wire", "-", stdin="export default 1\n")
    assert (result.returncode, result.stdout) == (1, "")
    assert "createGraphQLHandler" in result.stderr


def test_a_refusal_says_where_and_what_to_add_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "graphql.ts"
    source = HANDLER.replace("createGraphQLHandler({", "createGraphQLHandler(...[{").replace(
        "})", "}])"
    )
    file.write_text(source)
    result = run("wire", file)
    assert result.returncode == 1
    assert f"{file}:9:" in result.stderr
    assert "import { inngestPlugin } from 'src/inngest/plugin'" in result.stderr
    assert file.read_text() == source


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "graphql.ts"
    file.write_bytes(HANDLER.encode() + b"// caf\xe9\n")
    result = run("wire", file)
    assert result.returncode == 1
    assert "not UTF-8" in result.stderr
    assert file.read_bytes().endswith(b"caf\xe9\n")


def test_a_folder_outside_any_app_is_refused(tmp_path: Path) -> None:
    result = run("wire", cwd=tmp_path)
    assert result.returncode == 1
    assert "not in a Redwood or Cedar app" in result.stderr


def test_usage_errors_exit_with_2(handler: Path) -> None:
    assert run("wire", "--no-such-option").returncode == 2
    assert run("wire", "-", handler).returncode == 2
    assert handler.read_text() == HANDLER


def test_a_link_out_of_the_folder_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    write(tmp_path / "shared/graphql.ts", HANDLER)
    link = tmp_path / "graphql.ts"
    link.symlink_to("shared/graphql.ts")
    assert run("wire", link).returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "shared/graphql.ts").read_text() == WIRED


def test_nothing_but_the_handler_changes(app: Path) -> None:
    before = tree(app)
    run("wire", app)
    after = tree(app)
    assert {path for path in after if after[path] != before.get(path)} == {
        "api/src/functions/graphql.ts"
    }


def test_wire_does_not_import_what_is_slow(handler: Path) -> None:
    script = (
        "import sys; from redwood_inngest.cli.main import main;"
        f"main(['wire', {str(handler)!r}], standalone_mode=False)"
    )
    check = (
        "import sys\ntry:\n    exec(sys.argv[1])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({'copier', 'questionary', 'libcst.matchers', 'yaml'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", check, script], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == ""
    assert handler.read_text() == WIRED
