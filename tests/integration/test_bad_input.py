"""Bad input: one clear sentence that says what was found and where, and nothing is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.apps import add_users, small_app, tree, write
from tests.support.command import command
from tests.support.redwood import commit

Spoil = Callable[[Path], object]

HANDLER = "api/src/functions/graphql.ts"


def two_handlers(app: Path) -> None:
    handler = app / HANDLER
    for name in ("one.ts", "two.ts"):
        write(handler.with_name(name), handler.read_text())
    handler.unlink()


def linked_outside(app: Path) -> None:
    outside = app.parent / "graphql.ts"
    shutil.move(app / HANDLER, outside)
    (app / HANDLER).symlink_to(outside)


def read_only(path: str) -> Spoil:
    return lambda app: (app / path).chmod(0o444)


def written(path: str, content: str) -> Spoil:
    return lambda app: write(app / path, content)


def removed(path: str) -> Spoil:
    return lambda app: (app / path).unlink()


CASES: dict[str, tuple[Spoil, str]] = {
    "no app": (removed("redwood.toml"), "is not in a Redwood or Cedar app"),
    "two frameworks": (written("cedar.toml", ""), "has both redwood.toml and cedar.toml"),
    "broken redwood.toml": (
        written("redwood.toml", "[api"),
        "redwood.toml: this is not valid TOML",
    ),
    "api path outside": (
        written("redwood.toml", '[api]\npath = "../elsewhere"\n'),
        "[api] path is '../elsewhere', which is not a folder inside the app",
    ),
    "no package.json": (removed("package.json"), "package.json: this file is missing"),
    "broken package.json": (written("package.json", "{,}"), "package.json: this is not valid JSON"),
    "package.json is a list": (written("api/package.json", "[]"), "this is not a JSON object"),
    "two lock files": (written("package-lock.json", "{}"), "lock files of npm and yarn"),
    "no handler": (removed(HANDLER), "no GraphQL handler was found"),
    "two handlers": (two_handlers, "several files could be the GraphQL handler"),
    "broken handler": (written(HANDLER, "export const = 1\n"), f"{HANDLER}:1:"),
    "handler outside": (linked_outside, "this leads out of the app"),
    "read-only handler": (read_only(HANDLER), f"{HANDLER}: this file cannot be written"),
    "read-only manifest": (read_only("package.json"), "package.json: this file cannot be written"),
    "old Redwood": (
        written("api/package.json", '{"dependencies": {"@redwoodjs/graphql-server": "0.37.2"}}'),
        "this is Redwood 0.37.2",
    ),
    "old TypeScript": (
        written("yarn.lock", "typescript@npm:4.5.2:\n  version: 4.5.2\n"),
        "the api side has TypeScript 4.5.2",
    ),
    "old SDK": (
        written("api/package.json", '{"dependencies": {"inngest": "^2.7.2"}}'),
        "the api side depends on inngest ^2.7.2",
    ),
    "older setup": (
        written("api/src/inngest/plugin.ts", "import 'envelop-plugin-inngest'\n"),
        "this app has Inngest already",
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """An app with something wrong, and what is said about it."""
    spoil, sentence = CASES[str(request.param)]
    app = small_app(tmp_path / "my-shop", git=False)
    spoil(app)
    commit(app, "Something wrong")
    return app, sentence


def test_a_setup_says_it_in_one_sentence_and_writes_nothing(
    case: tuple[Path, str], template: Path
) -> None:
    app, sentence = case
    before = tree(app)
    options = ("--template", template, "--defaults", "--no-install")
    result = command("redwood-inngest", "setup", app, *options)
    assert (result.returncode, result.stdout) == (1, "")
    said = result.stderr.partition("\n\nBy hand, ")[0].splitlines()
    before_it = ("Redwood 8.9.0 app my-shop: ", "The answers will name the template as ")
    (refusal,) = [line for line in said if not line.startswith(before_it)]
    assert refusal.startswith("redwood-inngest: ")
    assert sentence in refusal
    assert tree(app) == before


@pytest.mark.parametrize("name", ["no app", "two lock files", "broken handler", "older setup"])
def test_copier_alone_says_the_same(name: str, tmp_path: Path, template: Path) -> None:
    spoil, sentence = CASES[name]
    app = small_app(tmp_path / "my-shop", git=False)
    spoil(app)
    commit(app, "Something wrong")
    before = tree(app)
    options = ("--trust", "--defaults", "--vcs-ref", "HEAD")
    result = command("copier", "copy", *options, template, app)
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert sentence.replace("is not in a", "is not a") in result.stderr
    assert tree(app) == before


@pytest.mark.parametrize("alone", [True, False], ids=["copier", "redwood-inngest"])
def test_the_right_one_of_two_handlers_can_be_named(
    tmp_path: Path, template: Path, alone: bool
) -> None:
    app = small_app(tmp_path / "my-shop", git=False)
    two_handlers(app)
    commit(app, "Two handlers")
    named = "api/src/functions/two.ts"
    data = ("--data", f"graphql_handler={named}", "--data", "install_dependencies=false")
    if alone:
        options = ("copy", "--trust", "--defaults", "--vcs-ref", "HEAD", *data, template, app)
        result = command("copier", *options)
    else:
        result = command("redwood-inngest", "setup", app, "--template", template, *data)
    assert result.returncode == 0, result.stderr
    assert "inngestPlugin" in (app / named).read_text()
    assert "inngestPlugin" not in (app / "api/src/functions/one.ts").read_text()
    again = command("redwood-inngest", "wire", app)
    assert "already-wired" in again.stdout
    assert named in again.stdout


def test_a_prettier_configuration_that_would_have_to_run_is_said_and_not_run(
    tmp_path: Path, template: Path
) -> None:
    app = small_app(tmp_path / "my-shop")
    write(app / "prettier.config.js", "module.exports = require('./not-there')\n")
    commit(app, "A shared style")
    options = ("--template", template, "--defaults", "--no-install")
    result = command("redwood-inngest", "setup", app, *options)
    assert result.returncode == 0, result.stderr
    (note,) = [line for line in result.stderr.splitlines() if line.startswith("Note: ")]
    assert "prettier.config.js" in note
    assert "Redwood's own style is assumed" in note


ANSWERS = """\
event_prefix: shop
operations: [query, subscription]
user_fields: [id, email]
denied_types: [Session]
denied_coordinates: [User.email]
redact_paths: ["data.users[*].phone"]
install_dependencies: false
"""


def test_answers_come_from_a_file_as_lists(tmp_path: Path, template: Path) -> None:
    file = tmp_path / "answers.yml"
    file.write_text(ANSWERS)
    ours, copiers = (add_users(small_app(tmp_path / name / "shop")) for name in ("ours", "other"))
    options = ("--template", template, "--defaults", "--data-file", file)
    result = command("redwood-inngest", "setup", ours, *options)
    assert result.returncode == 0, result.stderr
    copier = ("copier", "copy", "--trust", "--defaults", "--vcs-ref", "HEAD", "--data-file", file)
    assert command(*copier, template, copiers).returncode == 0
    for app in (ours, copiers):
        plugin = (app / "api/src/inngest/plugin.ts").read_text()
        assert "sendOperations: ['query', 'subscription']" in plugin
        assert "      'Session',\n" in plugin
        assert "      'User.email',\n" in plugin
        assert "'data.users[*].phone'" in plugin
        assert "shop" in plugin


def test_what_is_given_by_name_goes_before_the_file(tmp_path: Path, template: Path) -> None:
    file = tmp_path / "answers.yml"
    file.write_text(ANSWERS)
    app = add_users(small_app(tmp_path / "shop"))
    options = ("--template", template, "--data-file", file, "--data", "event_prefix=mine")
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    assert "event_prefix: mine" in (app / ".copier-answers.inngest.yml").read_text()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("- a list\n", "this is not a mapping of answers"),
        ("a: [b\n", "this is not valid YAML"),
        ("operations: [queries]\n", "Choose at least one operation"),
        (None, "answers.yml: this file is missing"),
    ],
)
def test_a_file_of_answers_that_cannot_be_used_is_refused(
    tmp_path: Path, template: Path, content: str | None, reason: str
) -> None:
    file = tmp_path / "answers.yml"
    if content is not None:
        file.write_text(content)
    app = small_app(tmp_path / "shop")
    before = tree(app)
    options = ("--template", template, "--data-file", file, "--no-install")
    result = command("redwood-inngest", "setup", app, *options)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr
    assert tree(app) == before
