"""One update: conflicts, answers, what stays the team's, and what nothing new leaves alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from redwood_inngest.flows.answers import read_answers
from redwood_inngest.flows.releases import fetch_releases

from tests.support.apps import small_app, tree, write
from tests.support.command import command
from tests.support.nightly import nightly
from tests.support.redwood import HANDLER, commit, run

from .conftest import ANSWERS, AppOf, both_languages, differences, timestamps
from .history import VERSIONS, Team, edit

NEWEST = VERSIONS[-1]
NO_INSTALL = ("--data", "install_dependencies=false")


def update(app: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return command("redwood-inngest", "update", app, "--no-install", *options)


def copier(verb: str, app: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return command(
        "copier", verb, "--trust", "--defaults", *NO_INSTALL, "-a", ANSWERS, *options, app
    )


def unchanged(app: Path, before: dict[str, bytes], then: dict[str, int]) -> None:
    """Assert that the app is as it was, timestamps included."""
    assert not differences(tree(app), before)
    assert timestamps(app) == then


@pytest.fixture
def app(app_of: AppOf, tmp_path: Path) -> Path:
    """An app of the version before the newest."""
    return app_of("v0.3.0", tmp_path / "shop")


@pytest.mark.nightly
def test_a_second_update_finds_nothing_to_do(app: Path) -> None:
    assert update(app).returncode == 0
    before, then = tree(app), timestamps(app)
    uncommitted = update(app)
    assert (uncommitted.returncode, uncommitted.stdout) == (
        3,
        f"Nothing to do: the app is up to date ({NEWEST}).\n",
    )
    commit(app, "Updated")
    assert update(app).returncode == 3
    unchanged(app, before, then)
    assert copier("update", app).returncode == 0
    unchanged(app, before, then)
    assert run(["git", "status", "--porcelain"], app) == ""


def test_the_same_answers_again_change_nothing(app_of: AppOf, tmp_path: Path) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    before, then = tree(app), timestamps(app)
    result = update(app, "--data", "event_prefix=graphql")
    assert result.returncode == 3, result.stderr
    unchanged(app, before, then)


def test_the_diff_shows_what_an_update_then_does(app: Path, language: str) -> None:
    Team(app, language).edits_everything()
    commit(app, "Ours")
    before, then = tree(app), timestamps(app)
    shown = update(app, "--diff", "--full")
    assert shown.returncode == 0, shown.stderr
    unchanged(app, before, then)
    subprocess.run(["git", "apply", "-"], cwd=app, input=shown.stdout, text=True, check=True)
    by_diff = tree(app)
    run(["git", "reset", "--hard", "--quiet"], app)
    run(["git", "clean", "-fdq"], app)
    assert update(app).returncode == 0
    assert not differences(tree(app), by_diff)
    assert update(app, "--diff").returncode == 3


def conflicting(app: Path, language: str) -> Path:
    client = Team(app, language).named("client")
    edit(client, "The Inngest client:", "Our client:")
    commit(app, "Ours")
    return client


@pytest.mark.parametrize(
    ("language", "alone"),
    [("ts", False), nightly("js", False), nightly("ts", True)],
    indirect=["language"],
    ids=["ts-redwood-inngest", "js-redwood-inngest", "ts-copier"],
)
def test_both_sides_of_a_conflict_are_in_the_file(app: Path, language: str, alone: bool) -> None:
    client = conflicting(app, language)
    before = client.read_text()
    result = copier("update", app) if alone else update(app)
    assert result.returncode == (0 if alone else 4), result.stderr
    text = client.read_text()
    ours = " * Our client: sends events, and creates the functions that run on them.\n"
    theirs = ours.replace("Our client", "The client")
    marked = f"<<<<<<< before updating\n{ours}=======\n{theirs}>>>>>>> after updating\n"
    assert text == before.replace(ours, marked)
    status = run(["git", "status", "--porcelain"], app)
    assert f"UU api/src/inngest/client.{language}" in status
    if not alone:
        assert f"conflict  api/src/inngest/client.{language}" in result.stdout
        assert "git add" in result.stdout
    again = update(app)
    assert again.returncode == 1
    assert "conflicts that are not resolved" in again.stderr


@pytest.mark.parametrize("alone", [nightly(True), False], ids=["copier", "redwood-inngest"])
@pytest.mark.nightly
def test_a_removed_file_that_the_team_edited_is_a_conflict_and_stays(
    app: Path, alone: bool
) -> None:
    notes = app / "api/src/inngest/NOTES.md"
    edit(notes, "Two.", "Two, ours.")
    commit(app, "Ours")
    kept = notes.read_text()
    result = copier("update", app) if alone else update(app)
    assert result.returncode == (0 if alone else 4), result.stderr
    assert notes.read_text() == kept
    assert "UD api/src/inngest/NOTES.md" in run(["git", "status", "--porcelain"], app)


@pytest.mark.parametrize("alone", [nightly(True), False], ids=["copier", "redwood-inngest"])
def test_a_renamed_file_carries_conflicts_and_deletions_too(
    app_of: AppOf, tmp_path: Path, language: str, alone: bool
) -> None:
    app = app_of("v0.1.0", tmp_path / "shop")
    plugin = app / f"api/src/inngest/plugin.{language}"
    edit(plugin, "  inngestClient: inngest,\n", "  inngestClient: inngest,\n  // Ours.\n")
    deleted = app / f"api/src/inngest/useInngest/redact.{language}"
    deleted.unlink()
    commit(app, "Ours")
    assert (copier("update", app) if alone else update(app)).returncode == (0 if alone else 4)
    renamed = app / f"api/src/inngest/graphqlPlugin.{language}"
    assert "=======\n  // Mood: good.\n>>>>>>> after updating" in renamed.read_text()
    status = run(["git", "status", "--porcelain"], app)
    assert f"UU {renamed.relative_to(app)}" in status
    assert not plugin.exists()
    assert not deleted.exists()
    assert not deleted.with_stem("values").exists()


@both_languages
def test_a_changed_answer_changes_what_it_means_and_no_more(
    app_of: AppOf, tmp_path: Path, language: str
) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    Team(app, language).edits_everything()
    commit(app, "Ours")
    result = update(app, "--data", "event_prefix=my-app", "--data", "api_port=9999")
    assert result.returncode == 0, result.stderr
    dev_server = "npx inngest-cli@latest dev --no-discovery --sdk-url http://localhost"
    but_events = ("--", ".", f":!api/src/inngest/events.{language}")
    changed = [
        line.rstrip(",")
        for line in run(["git", "diff", "--unified=0", *but_events], app).splitlines()
        if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == [
        "-api_port: 8911",
        "+api_port: 9999",
        "-event_prefix: graphql",
        "+event_prefix: my-app",
        "-  // The query FindPost becomes the event graphql/find-post.query.",
        "-  buildEventNamePrefixFunction: () => 'graphql'",
        "+  // The query FindPost becomes the event my-app/find-post.query.",
        "+  buildEventNamePrefixFunction: () => 'my-app'",
        f'-    "inngest:dev": "{dev_server}:8911/inngest"',
        f'+    "inngest:dev": "{dev_server}:9999/inngest"',
    ]


@pytest.mark.parametrize("alone", [nightly(True), False], ids=["copier", "redwood-inngest"])
def test_the_other_plugin_takes_the_place_of_the_one_and_back(
    app_of: AppOf, tmp_path: Path, alone: bool
) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    before = tree(app)
    fresh = small_app(tmp_path / "fresh" / "shop")
    for plugin, expected in (("package", package_set_up(app, fresh)), ("bundled", before)):
        options = ("--data", f"plugin={plugin}")
        result = copier("update", app, *options) if alone else update(app, *options)
        assert result.returncode == 0, result.stderr
        assert not differences(tree(app), expected)
        commit(app, plugin)


def package_set_up(app: Path, fresh: Path) -> dict[str, bytes]:
    """What a setup with the npm package makes of an app that is not set up yet."""
    answers = read_answers(app / ANSWERS)
    command(
        *("copier", "copy", "--trust", "--defaults", *NO_INSTALL, "--data", "plugin=package"),
        *("--vcs-ref", NEWEST, "-a", ANSWERS, answers["_src_path"], fresh),
    )
    # An answer that is given stands before those that are not: only the order differs.
    file = fresh / ANSWERS
    lines = file.read_text().replace("plugin: package\n", "")
    file.write_text((app / ANSWERS).read_text().replace("plugin: bundled", "plugin: package"))
    assert sorted(file.read_text().replace("plugin: package\n", "")) == sorted(lines)
    return tree(fresh)


@pytest.mark.nightly
def test_the_other_plugin_leaves_edits_of_the_one_as_a_conflict(
    app_of: AppOf, tmp_path: Path, language: str
) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    edited = app / f"api/src/inngest/useInngest.{language}"
    edit(edited, "const BUILDER_TIMEOUT = 5_000", "const BUILDER_TIMEOUT = 1_000")
    commit(app, "Ours")
    kept = edited.read_text()
    assert update(app, "--data", "plugin=package").returncode == 4
    assert edited.read_text() == kept
    assert not (app / "api/src/inngest/useInngest").exists()
    assert f"UD {edited.relative_to(app)}" in run(["git", "status", "--porcelain"], app)


def test_an_update_from_a_version_that_did_not_ask_names_graphql_as_it_is_installed(
    app_of: AppOf, tmp_path: Path
) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    edit(app / ANSWERS, "plugin: bundled\n", "")
    package = app / "api/package.json"
    expected = package.read_text().replace('"graphql": "16.9.0"', '"graphql": "16.8.1"')
    package.write_text(re.sub(r' *"graphql": .*\n', "", package.read_text()))
    write(app / ".gitignore", "node_modules\n")
    commit(app, "As an earlier version made it")
    write(app / "node_modules/graphql/package.json", '{"version": "16.8.1"}')
    assert update(app, "--data", "event_prefix=other").returncode == 0
    assert package.read_text() == expected


def test_an_update_names_no_package_again_that_the_team_took_out(
    app_of: AppOf, tmp_path: Path
) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    assert update(app, "--data", "plugin=package").returncode == 0
    package = app / "api/package.json"
    text = package.read_text()
    package.write_text(re.sub(r' *"(envelop-plugin-inngest|graphql)": .*\n', "", text))
    commit(app, "Taken out")
    kept = package.read_text()
    assert update(app, "--data", "event_prefix=other").returncode == 0
    assert package.read_text() == kept


def test_a_bad_answer_is_refused(app: Path) -> None:
    refused(app, "Use only letters, digits", "--data", "event_prefix=a b")
    refused(app, "Choose good or better", "--data", "mood=bad")


@both_languages
def test_what_the_team_took_out_stays_out(app: Path, language: str) -> None:
    handler = app / f"api/src/functions/graphql.{language}"
    assert "inngestPlugin" in handler.read_text()
    handler.write_text(HANDLER)
    package = app / "api/package.json"
    manifest_of_api = json.loads(package.read_text())
    for name in ("graphql", "inngest"):
        del manifest_of_api["dependencies"][name]
    package.write_text(json.dumps(manifest_of_api, indent=2) + "\n")
    write(app / ".env.defaults", "OURS=1\n")
    manifest = app / "package.json"
    edit(manifest, "npx inngest-cli@latest dev", "npx inngest-cli@1.0.0 dev --verbose")
    commit(app, "Taken out")
    own = [handler, package, app / ".env.defaults", manifest]
    before = [file.read_bytes() for file in own]
    result = update(app)
    assert result.returncode == 0, result.stderr
    assert [file.read_bytes() for file in own] == before


def test_recopy_makes_everything_anew_but_what_is_the_teams(
    app: Path, app_of: AppOf, tmp_path: Path, language: str
) -> None:
    Team(app, language).edits_everything()
    commit(app, "Ours")
    functions = tree(app / "api/src/inngest/functions")
    handler = app / f"api/src/functions/graphql.{language}"
    ours = handler.read_bytes()
    assert copier("recopy", app, "--overwrite").returncode == 0
    assert tree(app / "api/src/inngest/functions") == functions
    assert handler.read_bytes() == ours
    fresh = tree(app_of(NEWEST, tmp_path / "fresh" / "shop"))
    now = tree(app)
    # The example's query, which has an event, went with the functions.
    del fresh[f"api/src/inngest/events.{language}"]
    generated = [path for path in fresh if path.startswith("api/src/inngest/") or path == ANSWERS]
    for path in generated:
        if not path.startswith("api/src/inngest/functions/"):
            assert now[path] == fresh[path], path


def refused(app: Path, reason: str, *options: str) -> None:
    """Assert that an update is refused in one sentence, and leaves the app as it was."""
    before, then = tree(app), timestamps(app)
    result = update(app, *options)
    assert result.returncode == 1, result.stdout
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stdout == ""
    unchanged(app, before, then)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("api_path: api\n", "api_path: [\n", "is not YAML"),
        ("api_path: api\n", "", "api_path is missing"),
        ("api_path: api\n", "api_path: ../../etc\n", "api_path cannot be '../../etc'"),
        ("print_width: 80\n", "print_width: -1\n", "print_width cannot be -1"),
        ("  semi: false\n", "  semi: 3\n", "code_style cannot be"),
        ("sdk_major: 3\n", "sdk_major: banana\n", "sdk_major is one of 3, 4: 'banana' is none"),
        ("event_prefix: graphql\n", "event_prefix: a b\n", "'a b' is something else"),
        ("user_fields:\n- id\n", "user_fields: 7\n", "7 is none"),
        ("_commit: v0.3.0\n", "", "does not say which version"),
        ("_commit: v0.3.0\n", "_commit: v9.9.9\n", "does not have (any more)"),
        ("_commit: v0.3.0\n", "_commit: --all\n", "does not have (any more)"),
        ("_src_path: ", "_src_path: /nowhere", "is not there (any more)"),
        ("_src_path: ", "_src_path: https://127.0.0.1:1/x.git #", "cannot be reached"),
    ],
)
def test_nonsense_in_the_answers_file_is_refused(
    app: Path, old: str, new: str, reason: str
) -> None:
    edit(app / ANSWERS, old, new)
    commit(app, "Edited by hand")
    refused(app, reason)


def test_an_answers_file_that_holds_something_else_is_refused(app: Path) -> None:
    for content in ("", "- a\n- b\n", "\x00", "42\n"):
        write(app / ANSWERS, content)
        commit(app, "Edited by hand")
        refused(app, "take it from Git as Copier wrote it")


def test_a_dirty_tree_is_refused(app: Path) -> None:
    write(app / "api/src/new.ts", "")
    refused(app, "uncommitted changes (api/src/new.ts)")
    run(["git", "add", "--all"], app)
    refused(app, "uncommitted changes (api/src/new.ts)")


def test_an_uncommitted_answers_file_is_no_way_around(app: Path) -> None:
    edit(app / ANSWERS, "event_prefix: graphql", "event_prefix: other")
    refused(app, "uncommitted changes (.copier-answers.inngest.yml)")


@pytest.mark.parametrize("verb", ["merge", "rebase", "cherry-pick"])
def test_an_operation_in_progress_is_refused(app: Path, verb: str) -> None:
    run(["git", "checkout", "--quiet", "-b", "other"], app)
    write(app / "redwood.toml", "# theirs\n")
    commit(app, "Theirs")
    run(["git", "checkout", "--quiet", "-"], app)
    write(app / "redwood.toml", "# ours\n")
    commit(app, "Ours")
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    stopped = subprocess.run(["git", *author, verb, "other"], cwd=app, check=False)
    assert stopped.returncode != 0
    refused(app, f"in the middle of a {verb}")


def test_an_app_that_is_not_set_up_is_refused(app: Path) -> None:
    (app / ANSWERS).unlink()
    commit(app, "Not set up")
    refused(app, "is not set up yet")


def test_an_app_outside_git_is_refused(app: Path) -> None:
    (app / ".git").rename(app.parent / "git")
    refused(app, "not in a Git repository")
    run(["git", "init", "--quiet"], app)
    refused(app, "has no commit yet")


def test_no_app_is_refused(tmp_path: Path) -> None:
    result = update(tmp_path)
    assert result.returncode == 1
    assert "is not in a Redwood or Cedar app" in result.stderr


def test_a_version_that_is_not_there_or_older_is_refused(app: Path) -> None:
    refused(app, "has no version v7.0.0", "--vcs-ref", "v7.0.0")
    refused(app, "newer than v0.2.0", "--vcs-ref", "v0.2.0")


def test_an_option_that_is_not_understood_has_a_code_of_its_own(app: Path) -> None:
    assert update(app, "--data", "nonsense").returncode == 2


def test_a_handler_file_that_cannot_be_read_is_refused(app: Path, language: str) -> None:
    handler = app / f"api/src/functions/graphql.{language}"
    handler.write_bytes(b"// caf\xe9\n")
    commit(app, "Latin 1")
    refused(app, "not UTF-8")


def test_a_failed_installation_leaves_the_app_as_it_was(app_of: AppOf, tmp_path: Path) -> None:
    app = app_of("v0.2.0", tmp_path / "shop")
    write(tmp_path / "bin/yarn", "#!/bin/sh\necho broken >> yarn.lock\necho no network\nexit 7\n")
    (tmp_path / "bin/yarn").chmod(0o755)
    before = tree(app)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    result = command("redwood-inngest", "update", app, environment={"PATH": path})
    assert result.returncode == 1
    assert "`yarn install` failed with exit code 7" in result.stderr
    assert not differences(tree(app), before)
    assert run(["git", "status", "--porcelain"], app) == ""


def test_a_mistyped_question_is_refused_with_the_nearest(app_of: AppOf, tmp_path: Path) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    before = tree(app)
    for name, meant in (("evnt_prefix", "event_prefix"), ("package_manger", "package_manager")):
        result = update(app, "--data", f"{name}=shop")
        assert result.returncode == 1
        assert f"there is no question {name}: did you mean {meant}?" in result.stderr
        asked = result.stderr.partition("The questions are ")[2]
        assert asked.startswith("event_prefix, operations, plugin, user_fields, ")
        assert "framework" not in asked
    assert tree(app) == before


def test_a_changed_code_style_is_read_again_on_request(app_of: AppOf, tmp_path: Path) -> None:
    app = app_of(NEWEST, tmp_path / "shop")
    config = app / "prettier.config.js"
    config.write_text(config.read_text().replace("semi: false", "semi: true"))
    commit(app, "Semicolons")
    assert update(app).returncode == 3
    result = update(app, "--code-style")
    assert result.returncode == 0, result.stderr
    assert (
        "from 'src/lib/logger';\n" in next((app / "api/src/inngest").glob("client.*")).read_text()
    )
    commit(app, "Inngest with semicolons")
    assert update(app, "--code-style").returncode == 3


def test_versions_are_named_where_there_are_some(history: Path, tmp_path: Path) -> None:
    releases = fetch_releases(str(history), tmp_path)
    names = [releases.name(releases.commit(version) or "") for version in VERSIONS]
    assert names == list(VERSIONS)
    template = tmp_path / "template"
    run(["git", "clone", "--quiet", str(history), str(template)], tmp_path)
    run(["git", "tag", "newest-and-best"], template)
    run(["git", "commit", "--allow-empty", "--quiet", "-m", "More"], template)
    again = tmp_path / "again"
    again.mkdir()
    releases = fetch_releases(str(template), again)
    assert re.fullmatch(rf"{NEWEST}-1-g[0-9a-f]+", releases.name("HEAD"))
