"""Where apps and templates can be: URLs, branches, clones, other templates, larger repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.nightly import nightly
from tests.support.redwood import commit, run
from tests.support.template import REPOSITORY

from .conftest import ANSWERS, AppOf, differences, set_up
from .history import VERSIONS, edit

NEWEST = VERSIONS[-1]
NO_INSTALL = ("--data", "install_dependencies=false")


def answers(app: Path) -> str:
    return (app / ANSWERS).read_text()


@pytest.mark.nightly
def test_a_template_from_a_git_url(history: Path, tmp_path: Path) -> None:
    url = f"git+file://{history}"
    app = set_up(small_app(tmp_path / "shop"), url, "v0.3.0")
    result = command("redwood-inngest", "update", app, "--no-install")
    assert result.returncode == 0, result.stderr
    assert f"_commit: {NEWEST}\n_src_path: {url}\n" in answers(app)
    again = command("redwood-inngest", "update", app)
    assert again.returncode == 3, again.stderr


@pytest.mark.nightly
def test_a_branch_and_a_commit_of_a_local_clone(
    history: Path, app_of: AppOf, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    run(["git", "clone", "--quiet", str(history), str(clone)], tmp_path)
    app = app_of("v0.3.0", tmp_path / "shop")
    run(["git", "checkout", "--quiet", "-b", "next"], clone)
    client = clone / "template/{{ api_path }}/src/inngest/client.{{ language }}.jinja"
    edit(client, "The client:", "The next client:")
    commit(clone, "Next")
    on_branch = ("--template", str(clone), "--vcs-ref", "next", "--no-install")
    result = command("redwood-inngest", "update", app, *on_branch)
    assert result.returncode == 0, result.stderr
    described = run(["git", "describe", "--tags"], clone).strip()
    assert described.startswith(f"{NEWEST}-1-g")
    assert f"_commit: {described}\n_src_path: {clone}\n" in answers(app)
    commit(app, "Next")
    newer_than_the_newest_release = command("redwood-inngest", "update", app)
    assert newer_than_the_newest_release.returncode == 3
    edit(client, "The next client:", "The last client:")
    commit(clone, "Last")
    head = run(["git", "rev-parse", "HEAD"], clone).strip()
    by_hash = command("redwood-inngest", "update", app, "--vcs-ref", head, "--no-install")
    assert by_hash.returncode == 0, by_hash.stderr
    assert "The last client:" in next((app / "api/src/inngest").glob("client.*")).read_text()


@pytest.mark.nightly
def test_a_template_that_moved_is_named_anew(history: Path, app_of: AppOf, tmp_path: Path) -> None:
    new = tmp_path / "new"
    shutil.copytree(history, new)
    app = app_of("v0.3.0", tmp_path / "shop")
    edit(app / ANSWERS, f"_src_path: {history}\n", f"_src_path: {tmp_path / 'old'}\n")
    commit(app, "Where the template was")
    before = tree(app)
    gone = command("redwood-inngest", "update", app)
    assert gone.returncode == 1
    assert "is not there (any more)" in gone.stderr
    assert not differences(tree(app), before)
    assert command("redwood-inngest", "update", app, "--template", str(new)).returncode == 0
    assert f"_src_path: {new}\n" in answers(app)


@pytest.mark.parametrize("alone", [nightly(True), False], ids=["copier", "redwood-inngest"])
def test_an_app_in_a_subfolder_of_a_repository_under_another_template_too(
    app_of: AppOf, tmp_path: Path, alone: bool
) -> None:
    repository = tmp_path / "company"
    app = app_of("v0.3.0", repository / "apps" / "shop")
    fresh = app_of(NEWEST, tmp_path / "fresh" / "shop")
    for folder in (app, fresh):
        shutil.rmtree(folder / ".git")
        (folder / "api/src/functions/inngest.ts").unlink()
        write(folder / ".copier-answers.yml", "_src_path: gh:other/template\n_commit: v1.0.0\n")
    write(repository / "README.md", "The company.\n")
    commit(repository, "Everything")
    write(repository / "README.md", "Not committed, and not the app's.\n")
    if alone:
        options = ("--trust", "--defaults", *NO_INSTALL, "-a", ANSWERS)
        result = command("copier", "update", *options, app)
    else:
        result = command("redwood-inngest", "update", app / "api", "--no-install")
    assert result.returncode == 0, result.stderr
    assert not differences(tree(app), tree(fresh))
    assert (repository / "README.md").read_text() == "Not committed, and not the app's.\n"


@pytest.mark.nightly
def test_what_renovate_runs(app_of: AppOf, tmp_path: Path) -> None:
    app, fresh = (app_of(version, tmp_path / version / "shop") for version in ("v0.3.0", NEWEST))
    options = ("--skip-answered", "--defaults", "--trust", "--answers-file", ANSWERS)
    result = command("copier", "update", *options, "--vcs-ref", NEWEST, cwd=app)
    assert result.returncode == 0, result.stderr
    assert not differences(tree(app), tree(fresh))


def released() -> list[str]:
    """What apps out there were made with: every release, or where there is none, where it began."""
    tags = run(["git", "tag", "--list", "v*"], REPOSITORY).split()
    first = ["git", "log", "--diff-filter=A", "--format=%H", "--", "copier.yml"]
    return tags or run(first, REPOSITORY).split()[-1:]


@pytest.mark.parametrize("version", released())
def test_from_each_release_of_this_repository_to_the_newest(version: str, tmp_path: Path) -> None:
    """The real history, with the work at hand as the version after it."""
    template = tmp_path / "redwood-inngest"
    run(["git", "clone", "--quiet", str(REPOSITORY), str(template)], tmp_path)
    run(["git", "tag", "v0.0.1", version], template)
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], REPOSITORY
    )
    run(["git", "rm", "--quiet", "-r", "."], template)
    for path in filter(None, listed.split("\0")):
        if (REPOSITORY / path).is_file():
            (template / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / path, template / path)
    write(template / "newest.txt", "This has a commit of its own, whatever is at hand.\n")
    commit(template, "The work at hand")
    run(["git", "tag", "v999.0.0"], template)
    app = set_up(small_app(tmp_path / "shop"), str(template), version)
    result = command("redwood-inngest", "update", app, "--no-install")
    assert result.returncode == 0, result.stderr
    fresh = tree(set_up(small_app(tmp_path / "fresh" / "shop"), str(template), "v999.0.0"))
    now = tree(app)
    functions = "api/src/inngest/functions/"
    # Made from what the functions are, which stay as they were.
    made = ("api/src/inngest/events.ts", "api/src/inngest/ownEvents.ts")
    for path in fresh:
        if not path.startswith(functions) and path not in (ANSWERS, *made):
            assert now[path] == fresh[path], path
    assert now.keys() == fresh.keys() - {f"{functions}helloWorld.graphql"}
    assert b"'graphql/hello-world.query': {" in now["api/src/inngest/ownEvents.ts"]
    assert "_commit: v999.0.0\n" in answers(app)


@pytest.mark.nightly
def test_the_script_for_multi_gitter_tells_the_outcomes_apart(
    app_of: AppOf, tmp_path: Path
) -> None:
    script = REPOSITORY / "docs/fleets/update.sh"
    names = ("old", "done", "conflicting", "refused", "none")
    old, done, conflicting, refused, none = (tmp_path / name for name in names)
    for app, version in ((old, "v0.3.0"), (done, NEWEST), (conflicting, "v0.3.0")):
        app_of(version, app)
    edit(next((conflicting / "api/src/inngest").glob("client.*")), "The Inngest client:", "Ours:")
    commit(conflicting, "Ours")
    edit(app_of("v0.3.0", refused) / ANSWERS, "_commit: v0.3.0", "_commit: v9.9.9")
    commit(refused, "Nonsense")
    none.mkdir()
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    codes = [
        subprocess.run(
            [script], cwd=app, env={**os.environ, "PATH": path}, capture_output=True, check=False
        ).returncode
        for app in (old, done, conflicting, refused, none)
    ]
    assert codes == [0, 0, 4, 1, 0]
    assert run(["git", "status", "--porcelain"], old) != ""
    assert run(["git", "status", "--porcelain"], done) == ""
