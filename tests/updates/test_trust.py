"""Nobody else's code is run, nothing outside the app is written, and Git is asked in one way."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.nightly import nightly
from tests.support.redwood import commit, run
from tests.support.tracing import needs_strace, traced

from .conftest import ANSWERS, AppOf, differences
from .history import VERSIONS, edit

NEWEST = VERSIONS[-1]
HANDLER = "api/src/functions/graphql.ts"


@pytest.fixture
def app(app_of: AppOf, tmp_path: Path) -> Path:
    """An app of the version before the newest."""
    return app_of("v0.3.0", tmp_path / "shop")


def refused(result: subprocess.CompletedProcess[str], reason: str) -> None:
    assert result.returncode == 1, result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


# The template


@pytest.mark.parametrize("options", [(), nightly(("--diff",))])
def test_a_template_that_a_stranger_names_is_not_run(
    app: Path, history: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    before = tree(app)
    nobody = {"COPIER_SETTINGS_PATH": str(tmp_path / "none.yml")}
    write(tmp_path / "none.yml", "{}\n")
    result = command("redwood-inngest", "update", app, *options, environment=nobody)
    refused(result, f"name the template {history}, which is not the one of this installation")
    assert not differences(tree(app), before)
    options = ("--template", str(history), "--no-install", *options)
    assert command("redwood-inngest", "update", app, *options, environment=nobody).returncode == 0


@pytest.mark.parametrize(
    ("source", "trusted"),
    [
        ("https://example.com/us/tool.git", True),
        ("git+https://example.com/us/tool", True),
        ("https://example.com/us/tool/", True),
        ("https://example.com/us/../them/tool", False),
        ("https://example.com/us/%2e%2e/them/tool", False),
        ("https://example.com/using", False),
        ("gh:us/one", True),
        ("https://github.com/us/one.git", True),
        ("gh:us/two", False),
    ],
)
def test_which_places_are_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, trusted: bool
) -> None:
    from redwood_inngest.flows.template_source import is_trusted

    settings = tmp_path / "settings.yml"
    settings.write_text(
        "trust:\n  - https://example.com/us/\n  - git+https://example.com/us/\n  - gh:us/one\n"
    )
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))
    assert is_trusted(source) == trusted


TOKEN = "ghp_0123456789"  # noqa: S105 - it opens nothing


@pytest.mark.parametrize(
    "url", [f"https://user:{TOKEN}@127.0.0.1:1/x.git", f"git+https://{TOKEN}@127.0.0.1:1/x"]
)
def test_a_token_in_the_url_of_a_template_is_refused_and_never_printed(
    app: Path, tmp_path: Path, url: str
) -> None:
    fresh = small_app(tmp_path / "fresh")
    for verb, folder in (("setup", fresh), ("update", app)):
        result = command("redwood-inngest", verb, folder, "--template", url)
        refused(result, "credential helper")
        assert TOKEN not in result.stderr + result.stdout
    answers = app / ANSWERS
    answers.write_text(re.sub(r"_src_path: .*", f"_src_path: {url}", answers.read_text()))
    commit(app, "A token")
    result = command("redwood-inngest", "update", app)
    refused(result, "credential helper")
    assert TOKEN not in result.stderr + result.stdout


# What leads out


@pytest.mark.parametrize("path", [ANSWERS, "api/src/inngest/client.ts", HANDLER, "package.json"])
def test_a_link_out_of_the_app_is_refused_by_name(app: Path, tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    shutil.move(app / path, outside)
    (app / path).symlink_to(outside)
    commit(app, "A link")
    content, before = outside.read_bytes(), tree(app)
    for options in ((), ("--diff",)):
        result = command("redwood-inngest", "update", app, "--no-install", *options)
        refused(result, f"{path}: this leads out of the app")
        assert outside.read_bytes() == content
        assert not differences(tree(app), before)


def test_wire_edits_no_handler_out_of_the_app(tmp_path: Path) -> None:
    app, outside = small_app(tmp_path / "shop"), tmp_path / "graphql.ts"
    shutil.move(app / HANDLER, outside)
    (app / HANDLER).symlink_to(outside)
    content = outside.read_bytes()
    for path in (app, app / HANDLER):
        refused(command("redwood-inngest", "wire", path), "leads out of the app")
    assert outside.read_bytes() == content


@pytest.mark.nightly
@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_inside_the_app_is_followed(app: Path, absolute: bool) -> None:
    client, real = app / "api/src/inngest/client.ts", app / "shared" / "client.ts"
    real.parent.mkdir()
    shutil.move(client, real)
    client.symlink_to(real if absolute else "../../../shared/client.ts")
    commit(app, "A link")
    assert command("redwood-inngest", "update", app, "--no-install", "--diff").returncode == 0
    assert run(["git", "status", "--porcelain"], app) == ""


# Git


def hostile(app: Path, marker: Path) -> None:
    """Have the configuration of an app's repository name programs that leave a mark."""
    mark = f"touch '{marker}'; cat"
    for key in ("clean", "smudge"):
        run(["git", "config", f"filter.mark.{key}", mark], app)
    run(["git", "config", "core.fsmonitor", f"touch '{marker}'; false"], app)
    run(["git", "config", "core.sshCommand", f"touch '{marker}'; false"], app)
    hooks = app / run(["git", "rev-parse", "--git-path", "hooks"], app).strip()
    for name in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction"):
        write(hooks / name, f"#!/bin/sh\ntouch '{marker}'\n")
        (hooks / name).chmod(0o755)
    write(app / ".git/info/attributes", "* filter=mark\n") if (app / ".git").is_dir() else None
    for file in app.rglob("*"):
        if file.is_file() and ".git" not in file.relative_to(app).parts:
            os.utime(file)


def test_the_programs_that_a_repository_names_are_not_run(
    app: Path, template: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "mark"
    library = tmp_path / "library"
    write(library / "file", "a")
    commit(library, "A library")
    fresh = small_app(tmp_path / "fresh")
    adding = ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add"]
    run([*adding, str(library), "library"], fresh)
    commit(fresh, "A submodule")
    hostile(fresh, marker)
    write(fresh / ".git/modules/library/info/attributes", "* filter=mark\n")
    hostile(fresh / "library", marker)
    hostile(app, marker)
    marker.unlink(missing_ok=True)
    setup = ("setup", fresh, "--template", template, "--no-install", "--force")
    for arguments in (
        (*setup, "--diff"),
        setup,
        ("update", app, "--diff"),
        ("wire", app, "--diff"),
        ("remove", app, "--diff"),
        ("doctor", app),
    ):
        result = command("redwood-inngest", *arguments, cwd=app)
        assert result.returncode == 0 or arguments[0] == "doctor", result.stderr  # it finds things
        assert not marker.exists(), arguments


def test_uncommitted_work_in_a_submodule_counts(tmp_path: Path, template: Path) -> None:
    library, app = tmp_path / "library", small_app(tmp_path / "shop")
    write(library / "file", "a")
    commit(library, "A library")
    adding = ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add"]
    run([*adding, str(library), "library"], app)
    commit(app, "A submodule")
    write(app / "library/file", "mine")
    result = command("redwood-inngest", "setup", app, "--template", template, "--no-install")
    refused(result, "has uncommitted changes (library/file)")


def test_what_the_caller_says_about_another_repository_has_no_effect(
    app: Path, tmp_path: Path
) -> None:
    other = small_app(tmp_path / "other")
    names = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_WORK_TREE": "."}
    environment = {name: str(other / path) for name, path in names.items()}
    before = tree(other / ".git")
    result = command("redwood-inngest", "update", app, "--no-install", environment=environment)
    assert result.returncode == 0, result.stderr
    assert tree(other / ".git") == before
    commit(app, "Updated")
    write(app / "package.json", "{}\n")
    result = command("redwood-inngest", "update", app, environment=environment)
    refused(result, "uncommitted changes")


def broken_configuration(folder: Path) -> dict[str, str]:
    """A user's own configuration in which much is broken, as public reports have it."""
    for name in ("post-checkout", "pre-commit", "commit-msg", "post-index-change"):
        for hooks in ("hooks", "template/hooks"):
            write(folder / hooks / name, "#!/bin/sh\necho 'the hook failed' >&2\nexit 1\n")
            (folder / hooks / name).chmod(0o755)
    write(folder / "attributes", "* filter=lfs\n")
    write(
        folder / "gitconfig",
        f"[core]\n  hooksPath = {folder}/hooks\n  attributesFile = {folder}/attributes\n"
        f"[init]\n  templateDir = {folder}/template\n"
        '[filter "lfs"]\n  required = true\n  process = git-lfs-missing filter-process\n'
        "  clean = git-lfs-missing clean\n  smudge = git-lfs-missing smudge\n"
        "[safe]\n  bareRepository = explicit\n"
        "[commit]\n  gpgSign = true\n[gpg]\n  program = false\n"
        "[apply]\n  whitespace = error-all\n",
    )
    return {"GIT_CONFIG_GLOBAL": str(folder / "gitconfig")}


@pytest.mark.nightly
def test_a_broken_configuration_of_git_does_not_matter(
    app: Path, app_of: AppOf, template: Path, tmp_path: Path
) -> None:
    environment = broken_configuration(tmp_path / "configuration")
    fresh = small_app(tmp_path / "fresh")
    setup = ("setup", fresh, "--template", template, "--no-install")
    result = command("redwood-inngest", *setup, environment=environment)
    assert result.returncode == 0, result.stderr
    result = command("redwood-inngest", "update", app, "--no-install", environment=environment)
    assert result.returncode == 0, result.stderr
    assert not differences(tree(app), tree(app_of(NEWEST, tmp_path / "newest" / "shop")))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_a_repository_that_git_refuses_is_no_missing_one(
    app: Path, template: Path, tmp_path: Path
) -> None:
    fresh = small_app(tmp_path / "fresh")
    for folder in (fresh, app):
        for file in (folder, *folder.rglob("*")):
            os.chown(file, 1234, 1234)
    before = tree(fresh)
    for arguments in (("setup", fresh, "--template", template, "--no-install"), ("update", app)):
        result = command("redwood-inngest", *arguments)
        refused(result, "dubious ownership")
        assert "safe.directory" in result.stderr
        assert "git init" not in result.stderr
    assert tree(fresh) == before


def test_git_is_looked_for_before_anything_else(app: Path, template: Path, tmp_path: Path) -> None:
    fresh = small_app(tmp_path / "fresh")
    before = tree(fresh)
    for arguments in (("setup", fresh, "--template", template), ("update", app)):
        process = subprocess.run(
            [COMMANDS / "redwood-inngest", *arguments],
            env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        refused(process, "Git was not found")
    assert tree(fresh) == before


# Line ends


@pytest.fixture
def windows(tmp_path: Path) -> dict[str, str]:
    """The environment of a user with the line ends of Git for Windows."""
    write(tmp_path / "gitconfig", "[core]\n  autocrlf = true\n")
    return {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig")}


def cloned(app: Path, to: Path, environment: dict[str, str]) -> Path:
    subprocess.run(
        ["git", "clone", "--quiet", str(app), str(to)],
        env={**os.environ, **environment},
        check=True,
    )
    return to


def test_a_clone_with_other_line_ends_is_set_up_already(
    tmp_path: Path, template: Path, windows: dict[str, str]
) -> None:
    app = small_app(tmp_path / "shop")
    options = ("--template", template, "--no-install")
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    commit(app, "Inngest")
    clone = cloned(app, tmp_path / "windows" / "shop", windows)
    assert b"\r\n" in (clone / "api/src/inngest/client.ts").read_bytes()
    result = command("redwood-inngest", "setup", clone, *options, environment=windows)
    assert result.returncode == 0, result.stderr
    assert "nothing to change" in result.stdout


@pytest.mark.nightly
def test_an_update_with_other_line_ends_marks_only_the_lines_in_conflict(
    app: Path, tmp_path: Path, windows: dict[str, str]
) -> None:
    edit(app / "api/src/inngest/client.ts", "The Inngest client:", "Our client:")
    commit(app, "Ours")
    clone = cloned(app, tmp_path / "windows" / "shop", windows)
    assert command("redwood-inngest", "update", app, "--no-install").returncode == 4
    result = command("redwood-inngest", "update", clone, "--no-install", environment=windows)
    assert result.returncode == 4, result.stderr
    expected, found = tree(app), tree(clone)
    assert found.keys() == expected.keys()
    for path, content in found.items():
        assert content.replace(b"\r\n", b"\n") == expected[path], path
        assert len(set(re.findall(rb"\r?\n", content))) <= 1, path
    client = found["api/src/inngest/client.ts"]
    assert client.count(b"<<<<<<<") == 1
    assert b"\r\n" in client


# The name of the api side


@pytest.mark.parametrize(
    "api", ["api[1]", *map(nightly, ["!api", "#api", "a\\b", "cafe\u0301", "caf\u00e9", "api "])]
)
def test_whatever_the_api_side_is_called_its_functions_are_the_teams(
    history: Path, tmp_path: Path, api: str
) -> None:
    app = small_app(tmp_path / "shop", git=False)
    (app / "api").rename(app / api)
    named = json.dumps(api, ensure_ascii=False)
    write(app / "redwood.toml", f"[web]\n  port = 8910\n[api]\n  port = 8911\n  path = {named}\n")
    write(app / "package.json", json.dumps({"private": True, "workspaces": [api, "web"]}) + "\n")
    commit(app, "The app")
    quiet = ("--trust", "--defaults", "--data", "install_dependencies=false")
    copied = command("copier", "copy", *quiet, "--vcs-ref", "v0.1.0", history, app)
    assert copied.returncode == 0, copied.stderr
    functions = app / api / "src/inngest/functions"
    index, example = functions / "index.ts", next(functions.glob("hello*"))
    write(index, "export const functions = []\n")
    example.unlink()
    commit(app, "Ours")
    result = command("redwood-inngest", "update", app, "--no-install")
    assert result.returncode == 0, result.stderr
    assert index.read_text() == "export const functions = []\n"
    assert not example.exists()


# Nothing is written


@needs_strace
def test_a_diff_and_a_check_write_nothing(app: Path, template: Path, tmp_path: Path) -> None:
    fresh = small_app(tmp_path / "fresh")
    tool = COMMANDS / "redwood-inngest"
    commands: list[list[str | Path]] = [
        [tool, "setup", fresh, "--template", f"git+file://{template}", "--diff"],
        [tool, "update", app, "--diff"],
        [tool, "wire", app, "--check"],
        [tool, "unwire", app, "--diff"],
    ]
    for number, arguments in enumerate(commands):
        trace = traced(arguments, tmp_path / str(number))
        assert trace.code in (0, 1), trace.stderr  # 1 is work to do, of a check
        assert not trace.stderr.startswith("redwood-inngest: ")
        assert trace.written == set(), arguments
