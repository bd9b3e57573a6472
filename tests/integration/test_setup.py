"""Setting an app up: what is refused before anything is written, and what a failure leaves."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.adoptable import hand_made_app, old_tool_app
from tests.support.apps import add_users, small_app, tree, write
from tests.support.command import command
from tests.support.nightly import nightly
from tests.support.redwood import commit
from tests.support.rendering import rendered_code

Setup = Callable[..., subprocess.CompletedProcess[str]]
COPIER = ("copy", "--trust", "--defaults", "--vcs-ref", "HEAD")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "my-shop")


@pytest.fixture
def setup(template: Path) -> Setup:
    def run_setup(app: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        arguments = [str(app), "--template", str(template), *options]
        return command("redwood-inngest", "setup", *arguments, environment=environment)

    return run_setup


@pytest.fixture
def assert_refused(setup: Setup) -> Callable[..., None]:
    def check(app: Path, reason: str, *options: str) -> None:
        before = tree(app)
        result = setup(app, "--no-install", *options)
        assert result.returncode == 1
        assert result.stdout == ""
        assert reason in result.stderr
        assert "Traceback" not in result.stderr
        assert tree(app) == before

    return check


def test_a_setup_says_what_changed_and_what_to_do_next(app: Path, setup: Setup) -> None:
    result = setup(app, "--no-install")
    assert result.returncode == 0, result.stderr
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "create  api/src/inngest/plugin.ts" in lines
    assert "edit  api/src/functions/graphql.ts" in lines
    assert "1. yarn install" in lines
    assert "which only this machine has" in result.stderr
    assert "query HelloWorld { redwood { version } }" in result.stdout
    assert "git add -N ." in result.stdout


def test_a_setup_twice_changes_no_byte_the_second_time(app: Path, setup: Setup) -> None:
    assert setup(app, "--no-install").returncode == 0
    once = tree(app)
    commit(app, "Inngest")
    again = setup(app, "--no-install")
    assert again.stdout == "Inngest is set up here already: nothing to change.\n"
    assert tree(app) == once


def test_the_api_side_may_be_elsewhere(tmp_path: Path, setup: Setup) -> None:
    app = small_app(tmp_path / "app", api="packages/backend")
    assert setup(app, "--no-install").returncode == 0
    assert (app / "packages/backend/src/inngest/plugin.ts").exists()
    assert not (app / "api").exists()


def test_the_full_diff_shows_everything_and_changes_nothing(app: Path, setup: Setup) -> None:
    before = tree(app)
    result = setup(app, "--diff", "--full")
    assert tree(app) == before
    applied = subprocess.run(
        ["git", "apply", "-"], cwd=app, input=result.stdout, text=True, check=False
    )
    assert applied.returncode == 0
    by_diff = tree(app)
    subprocess.run(["git", "stash", "--quiet", "--all"], cwd=app, check=True)
    assert setup(app, "--no-install").returncode == 0
    assert tree(app) == by_diff


def test_the_short_diff_shows_the_teams_files_and_lists_the_new_ones(
    app: Path, setup: Setup
) -> None:
    result = setup(app, "--diff")
    assert "\x1b" not in result.stdout
    edits, _, new = result.stdout.partition("\nNew files, ")
    edited = re.findall(r"^\+\+\+ b/(.*)$", edits, re.MULTILINE)
    assert sorted(edited) == sorted(
        (".env.defaults", "api/package.json", "api/src/functions/graphql.ts", "package.json")
    )
    listed = dict(line.split()[::-1] for line in new.splitlines()[1:])
    assert setup(app, "--no-install").returncode == 0
    assert listed == {path: str(len((app / path).read_text().splitlines())) for path in listed}
    assert {*listed, *edited} == {*changed_files(app)}


def changed_files(app: Path) -> list[str]:
    """The files that differ from the last commit, new ones among them."""
    status = ("git", "status", "--porcelain", "--untracked-files=all")
    printed = subprocess.check_output(status, cwd=app, text=True)
    return [line[3:] for line in printed.splitlines()]


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours_in_a_pipe_are_for_those_who_ask(
    app: Path, setup: Setup, variables: dict[str, str], coloured: bool
) -> None:
    assert ("\x1b[32m+" in setup(app, "--diff", **variables).stdout) == coloured


def test_full_goes_with_diff(app: Path, setup: Setup) -> None:
    result = setup(app, "--full")
    assert (result.returncode, result.stdout) == (2, "")
    assert "--full goes with --diff." in result.stderr


def test_other_answers_are_for_an_update(
    app: Path, setup: Setup, assert_refused: Callable[..., None]
) -> None:
    assert setup(app, "--no-install").returncode == 0
    commit(app, "Inngest")
    said = "`redwood-inngest update --data event_prefix=shop` changes them"
    assert_refused(app, said, "--data", "event_prefix=shop")
    assert_refused(app, said, "--data", "event_prefix=shop", "--diff")


def test_a_mistyped_question_is_refused_with_the_nearest(
    app: Path, template: Path, assert_refused: Callable[..., None]
) -> None:
    reason = "there is no question evnt_prefix: did you mean event_prefix? The questions are event_"
    assert_refused(app, reason, "--data", "evnt_prefix=shop")
    result = command("copier", *COPIER, "--data", "evnt_prefix=shop", template, app)
    assert reason in result.stderr
    assert not (app / "api/src/inngest").exists()


def test_copier_alone_writes_the_same_files(
    app: Path, tmp_path: Path, setup: Setup, template: Path
) -> None:
    other = small_app(tmp_path / "other" / "my-shop")
    assert setup(app, "--no-install").returncode == 0
    no_install = ("--data", "install_dependencies=false")
    assert command("copier", *COPIER, *no_install, template, other).returncode == 0
    ours, copiers = tree(app), tree(other)
    answers = ".copier-answers.inngest.yml"
    for result in (ours, copiers):
        kept = [line for line in result.pop(answers).split(b"\n") if b"_commit" not in line]
        result[answers] = b"\n".join(kept)
    assert ours == copiers


def test_a_folder_that_is_no_app_is_refused(
    tmp_path: Path, assert_refused: Callable[..., None]
) -> None:
    assert_refused(tmp_path, "is not in a Redwood or Cedar app")


def test_an_app_without_a_handler_is_refused(
    app: Path, assert_refused: Callable[..., None]
) -> None:
    (app / "api/src/functions/graphql.ts").unlink()
    assert_refused(app, "no GraphQL handler was found")


def test_a_handler_that_cannot_be_wired_is_refused_with_the_lines_to_add(
    app: Path, assert_refused: Callable[..., None]
) -> None:
    handler = app / "api/src/functions/graphql.ts"
    handler.write_text(handler.read_text().replace("createGraphQLHandler(", "other("))
    assert_refused(app, "api/src/functions/graphql.ts:1:10: there is no call", "--force")
    assert_refused(app, "import { inngestPlugin } from 'src/inngest/plugin'", "--force")


def test_a_handler_that_is_not_utf8_is_refused(
    app: Path, assert_refused: Callable[..., None]
) -> None:
    (app / "api/src/functions/graphql.ts").write_bytes(b"// caf\xe9\n")
    assert_refused(app, "not UTF-8", "--force")


@pytest.mark.parametrize("path", ["inngest/other.ts", "inngest/client.js"])
def test_other_content_in_the_way_is_refused(
    app: Path, path: str, assert_refused: Callable[..., None]
) -> None:
    write(app / "api/src" / path, "// another Inngest setup\n")
    commit(app, "Something else")
    assert_refused(app, "was not made by redwood-inngest")


@pytest.mark.parametrize("path", ["inngest/inngest.ts", nightly("inngest/readme.ts"), "inngest.ts"])
def test_a_function_of_the_name_inngest_that_is_something_else_is_not_in_the_way(
    app: Path, setup: Setup, path: str
) -> None:
    write(app / "api/src/functions" / path, "export const handler = () => 'a festival'\n")
    commit(app, "Something else")
    result = setup(app, "--no-install")
    assert result.returncode == 0, result.stderr
    assert "the endpoint is api/src/functions/inngest-serve, at /inngest-serve." in result.stderr
    assert "serve({ client" in (app / "api/src/functions/inngest-serve.ts").read_text()
    scripts = json.loads((app / "package.json").read_text())["scripts"]
    assert scripts["inngest:dev"].endswith("http://localhost:8911/inngest-serve")
    commit(app, "Inngest")
    assert setup(app, "--no-install").stdout.startswith("Inngest is set up here already")


def test_an_app_with_inngest_by_other_means_is_told_of_adopt(
    tmp_path: Path, assert_refused: Callable[..., None]
) -> None:
    reason = "this app has Inngest already, and not from redwood-inngest: `redwood-inngest adopt`"
    assert_refused(old_tool_app(tmp_path / "old"), f"api/src/functions/inngest.ts: {reason}")
    assert_refused(hand_made_app(tmp_path / "hand"), f"api/src/functions/inngest.ts: {reason}")


def test_uncommitted_changes_are_refused_unless_forced(
    app: Path, setup: Setup, assert_refused: Callable[..., None]
) -> None:
    write(app / "api/src/new.ts", "")
    assert_refused(app, "uncommitted changes (api/src/new.ts)")
    assert setup(app, "--no-install", "--force").returncode == 0


def test_a_generated_file_that_the_team_edited_is_refused(
    app: Path, setup: Setup, assert_refused: Callable[..., None]
) -> None:
    assert setup(app, "--no-install").returncode == 0
    write(app / "api/src/inngest/client.ts", "// edited\n")
    commit(app, "Edited")
    assert_refused(app, "api/src/inngest/client.ts: this file is there already")


def test_functions_belong_to_the_team(app: Path, setup: Setup) -> None:
    assert setup(app, "--no-install").returncode == 0
    (app / "api/src/inngest/functions/helloWorld.ts").unlink()
    write(app / "api/src/inngest/functions/index.ts", "export const functions = []\n")
    commit(app, "Ours")
    before = tree(app)
    assert setup(app, "--no-install").returncode == 0
    assert tree(app) == before


def test_a_javascript_app_gets_javascript(app: Path, setup: Setup) -> None:
    (app / "api/tsconfig.json").unlink()
    functions = app / "api/src/functions"
    (functions / "graphql.ts").rename(functions / "graphql.js")
    commit(app, "JavaScript")
    result = setup(app, "--no-install")
    assert result.returncode == 0, result.stderr
    created = [line.split()[1] for line in result.stdout.splitlines() if "create  api" in line]
    expected = rendered_code(language="js", app_id="my-shop", sdk_major=3)
    made = {f"api/src/inngest/{name}.js" for name in ("events", "ownEvents")}
    assert set(created) == {*expected, *made}
    assert {file: (app / file).read_text() for file in expected} == expected


def test_an_app_outside_git_is_set_up_with_a_word_on_updates(tmp_path: Path, setup: Setup) -> None:
    app = small_app(tmp_path / "app", git=False)
    result = setup(app, "--no-install")
    assert result.returncode == 0
    assert "Updates will need one" in result.stdout


def test_a_failed_installation_leaves_the_app_as_it_was(
    app: Path, tmp_path: Path, setup: Setup
) -> None:
    bin_folder = tmp_path / "bin"
    write(bin_folder / "yarn", "#!/bin/sh\necho broken >> yarn.lock\necho no network\nexit 7\n")
    (bin_folder / "yarn").chmod(0o755)
    before = tree(app)
    result = setup(app, PATH=f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    assert result.returncode == 1
    assert "`yarn install` failed with exit code 7" in result.stderr
    assert "no network" in result.stderr
    assert tree(app) == before
    assert not (app / "api/src/inngest").exists()


def test_a_package_manager_that_is_missing_is_refused(
    app: Path, tmp_path: Path, setup: Setup
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).glob("*") if folder else ():
            link = programs / program.name
            if program.name not in {"yarn", "corepack"} and not link.is_symlink():
                link.symlink_to(program)
    before = tree(app)
    result = setup(app, PATH=str(programs))
    assert result.returncode == 1
    assert "yarn was not found" in result.stderr
    assert tree(app) == before


def test_a_template_that_is_not_there_is_refused(app: Path, tmp_path: Path) -> None:
    before = tree(app)
    nowhere = f"git+file://{tmp_path}/nowhere"
    result = command("redwood-inngest", "setup", app, "--template", nowhere)
    assert result.returncode == 1
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr
    assert tree(app) == before


@pytest.mark.parametrize("prefix", ["a b", "it's", "${x}", 'a"b', "a\nb", "a/b", "", "`", "\\"])
def test_a_bad_event_prefix_is_refused(
    app: Path, prefix: str, assert_refused: Callable[..., None]
) -> None:
    rule = "Use only letters, digits, . _ - (a letter first, 30 at most)"
    assert_refused(app, rule, "--data", f"event_prefix={prefix}")


@pytest.mark.parametrize("prefix", ["inngest", "Inngest", "INNGEST.api", "inngest-shop"])
def test_the_event_prefix_of_inngest_is_refused(
    app: Path, prefix: str, assert_refused: Callable[..., None]
) -> None:
    rule = "Use an event prefix that does not start with inngest"
    assert_refused(app, rule, "--data", f"event_prefix={prefix}")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("operations=[]", "Choose at least one operation"),
        ("operations=[queries]", "Choose at least one operation"),
        ("user_fields=id", "Give a list"),
        ("user_fields=[a-b]", "Give a list"),
        ("denied_types=[a b]", "Give a list"),
        ("denied_coordinates=[User]", "Give a list"),
        ("redact_paths=x", "Give a list"),
        ("serve_path=inngest", "Give a path"),
        ("app_id=a b", "Use only letters"),
        ("user_fields=[", "Give a list"),
        ("delivery=later", "delivery is one of auto, background, await: 'later' is none of them."),
        ("plugin=other", "plugin is one of bundled, package: 'other' is none of them."),
        ("sdk_major=2", "sdk_major is one of 3, 4: 2 is none of them."),
        ("sdk_major=four", "sdk_major is one of 3, 4: 'four' is none of them."),
        ("send_errors=perhaps", "send_errors is true or false: 'perhaps' is neither."),
        ("example_function=", "example_function is true or false: None is neither."),
        ("language=py", "language is one of ts, js: 'py' is none of them."),
        ("api_port=x", "api_port cannot be 'x'."),
        ("code_style=mine", "code_style cannot be 'mine'."),
        ("graphql_handler=mine.ts", "graphql_handler is 'mine.ts', which is no file under api/src"),
    ],
)
def test_other_bad_answers_are_refused(
    app: Path, data: str, rule: str, assert_refused: Callable[..., None]
) -> None:
    assert_refused(app, rule, "--data", data)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("event_prefix=a b", "Use only letters"),
        ("send_errors=perhaps", "send_errors is true or false"),
        ("sdk_major=four", "sdk_major is one of 3, 4"),
        ("denied_types=[", "Give a list"),
    ],
)
def test_a_bad_answer_is_no_crash_with_copier_alone(
    app: Path, template: Path, data: str, rule: str
) -> None:
    before = tree(app)
    result = command("copier", *COPIER, "--data", data, template, app)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(rule)
    assert "Traceback" not in result.stderr
    assert tree(app) == before


def test_answers_decide_what_is_generated(app: Path, setup: Setup) -> None:
    answers = ["event_prefix=my-app.api", "operations=[mutation, subscription]", "user_fields=[]"]
    options = [part for answer in answers for part in ("--data", answer)]
    assert setup(app, "--no-install", *options, "-d", "example_function=false").returncode == 0
    plugin = (app / "api/src/inngest/plugin.ts").read_text()
    assert "buildEventNamePrefixFunction: () => 'my-app.api'," in plugin
    assert "sendOperations: ['mutation', 'subscription']," in plugin
    assert "buildUserContextFunction" not in plugin
    functions = app / "api/src/inngest/functions"
    assert [file.name for file in functions.iterdir()] == ["index.ts"]


def test_the_details_are_in_the_code(app: Path, setup: Setup) -> None:
    answers = {
        "delivery": "await",
        "send_errors": "true",
        "send_introspection": "true",
        "send_anonymous_operations": "true",
        "include_raw_result": "true",
        "denied_types": "[Session]",
        "denied_coordinates": "[Query.me, User.email]",
        "redact_paths": "['input.email', 'data.me.it[\"it''s\"]']",
        "serve_path": "/api/inngest",
        "app_id": "the-shop",
        "sdk_major": "4",
    }
    data = [part for name in answers for part in ("--data", f"{name}={answers[name]}")]
    result = setup(add_users(app), "--no-install", *data)
    assert result.returncode == 0, result.stderr
    source = app / "api/src"
    plugin = (source / "inngest/plugin.ts").read_text()
    assert plugin.endswith("""\
  sendOperations: ['query', 'mutation'],
  sendAnonymousOperations: true,
  sendIntrospection: true,
  sendErrors: true,
  includeRawResult: true,
  delivery: 'await',

  denylist: {
    types: [
      // Operations that use one of these types are never sent.
      'Session',
    ],
    schemaCoordinates: [
      // Operations that use one of these fields are never sent.
      'Query.me',
      'User.email',
    ],
  },

  redactRawResultOptions: {
    paths: [
      // Redacted in variables and results, beside what looks like a secret.
      'input.email',
      'data.me.it["it\\'s"]',
    ],
  },

  // What the events tell of the user who asked.
  buildUserContextFunction: ({ params }) => {
    const user = params.args.contextValue?.currentUser

    if (!user) {
      return undefined
    }

    return {
      id: user.id,
    }
  },
})
""")
    assert "  servePath: '/api/inngest',\n" in (source / "functions/inngest.ts").read_text()
    assert "  id: 'the-shop',\n" in (source / "inngest/client.ts").read_text()
    example = (source / "inngest/functions/helloWorld.ts").read_text()
    assert "    triggers: [helloWorldQuery],\n" in example
    assert '"inngest": "^4' in (app / "api/package.json").read_text()


def test_the_npm_package_takes_the_place_of_the_plugin_in_the_app(app: Path, setup: Setup) -> None:
    answers = {
        "plugin": "package",
        "delivery": "await",
        "event_prefix": "shop",
        "send_errors": "true",
        "denied_types": "[Session]",
        "redact_paths": "[input.email]",
    }
    data = [part for name in answers for part in ("--data", f"{name}={answers[name]}")]
    result = setup(add_users(app), "--no-install", *data)
    assert result.returncode == 0, result.stderr
    inngest = app / "api/src/inngest"
    assert sorted(file.name for file in inngest.iterdir()) == [
        "client.ts",
        "events.ts",
        "functions",
        "ownEvents.ts",
        "plugin.ts",
    ]
    plugin = (inngest / "plugin.ts").read_text()
    assert plugin.startswith("""\
import { useInngest } from 'envelop-plugin-inngest'

import { inngest } from 'src/inngest/client'
""")
    assert "  inngestClient: inngest as unknown as InngestClient,\n" in plugin
    assert "  buildEventNamePrefixFunction: async () => 'shop',\n" in plugin
    assert "  sendErrors: true,\n" in plugin
    assert "      'Session',\n" in plugin
    assert "      // Redacted in variables and results.\n" in plugin
    assert "delivery" not in plugin
    dependencies = json.loads((app / "api/package.json").read_text())["dependencies"]
    assert list(dependencies) == [
        "@redwoodjs/api",
        "@redwoodjs/graphql-server",
        "envelop-plugin-inngest",
        "graphql",
        "inngest",
    ]


def test_every_package_that_the_code_imports_is_named(app: Path, setup: Setup) -> None:
    assert setup(app, "--no-install").returncode == 0
    sources = [file.read_text() for file in (app / "api/src/inngest").rglob("*.ts")]
    imported = {name for source in sources for name in re.findall(r"from '([^'./]+)", source)}
    dependencies = json.loads((app / "api/package.json").read_text())["dependencies"]
    assert imported - {"src", "node:crypto", "node:async_hooks", *dependencies} == set()
    assert {"graphql", "inngest"} <= imported


def test_the_answers_are_all_there_and_hold_no_more(app: Path, setup: Setup) -> None:
    assert setup(app, "--no-install").returncode == 0
    answers = (app / ".copier-answers.inngest.yml").read_text()
    assert "install_dependencies" not in answers
    assert "app_root" not in answers
    assert "adjust_details" not in answers
    assert "# To change an answer: redwood-inngest update --data NAME=VALUE\n" in answers
    assert "delivery: auto" in answers
    assert "sdk_major: 3" in answers
