"""Many apps in one run: what becomes of one is told from what becomes of another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import command
from tests.support.nightly import nightly
from tests.support.redwood import commit, run

from .conftest import ANSWERS, AppOf, differences
from .history import VERSIONS, edit

NEWEST = VERSIONS[-1]


def test_each_app_has_its_own_outcome(app_of: AppOf, tmp_path: Path) -> None:
    old = app_of("v0.3.0", tmp_path / "old")
    done = app_of(NEWEST, tmp_path / "done")
    conflicting = app_of("v0.3.0", tmp_path / "conflicting")
    client = next((conflicting / "api/src/inngest").glob("client.*"))
    edit(client, "The Inngest client:", "Our client:")
    commit(conflicting, "Ours")
    dirty = app_of("v0.3.0", tmp_path / "dirty")
    write(dirty / "new.ts", "")
    nonsense = app_of("v0.3.0", tmp_path / "nonsense")
    edit(nonsense / ANSWERS, "_src_path: ", "_src_path: /nowhere")
    commit(nonsense, "Nonsense")
    none = tmp_path / "none"
    refused = (dirty, nonsense)
    before = [tree(app) for app in refused]
    apps = (old, done, conflicting, dirty, nonsense, none)
    result = command("redwood-inngest", "update", "--no-install", *apps)
    assert result.returncode == 1
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[:-1] == [
        ["updated", str(old), "v0.3.0", "->", NEWEST],
        ["unchanged", str(done), NEWEST],
        ["conflict", str(conflicting), "v0.3.0", "->", NEWEST],
        ["refused", str(dirty)],
        ["refused", str(nonsense)],
        ["refused", str(none)],
    ]
    assert rows[-1] == ["1", "updated,", "1", "unchanged,", "1", "conflict,", "3", "refused"]
    assert f"{dirty} has uncommitted changes (new.ts)" in result.stderr
    assert "is not there (any more)" in result.stderr
    assert f"{none} is not a folder" in result.stderr
    assert "[6/6]" in result.stderr
    assert "Traceback" not in result.stderr
    for app, content in zip(refused, before, strict=True):
        assert not differences(tree(app), content)


@pytest.mark.nightly
@pytest.mark.parametrize("diff", [True, False])
def test_the_outcomes_as_json(app_of: AppOf, tmp_path: Path, diff: bool) -> None:
    old, dirty = (app_of("v0.3.0", tmp_path / name) for name in ("old", "dirty"))
    write(dirty / "new.ts", "")
    options = ("--diff",) if diff else ("--no-install",)
    shown = command("redwood-inngest", "update", *options, "--json", old, dirty)
    assert shown.returncode == 1
    of_old, of_dirty = json.loads(shown.stdout)
    assert [of_old[name] for name in ("status", "from", "to")] == ["updated", "v0.3.0", NEWEST]
    assert {"path": ANSWERS, "change": "edit"} in of_old["files"]
    assert (of_dirty["status"], of_dirty["files"]) == ("refused", [])
    assert "uncommitted changes (new.ts)" in of_dirty["reason"]


def test_the_gravest_outcome_counts(app_of: AppOf, tmp_path: Path) -> None:
    done = [app_of(NEWEST, tmp_path / name) for name in ("one", "two")]
    assert command("redwood-inngest", "update", *done).returncode == 3


@pytest.mark.parametrize("diff", [nightly(True), False])
def test_apps_in_one_repository(app_of: AppOf, tmp_path: Path, diff: bool) -> None:
    company = tmp_path / "company"
    apps = [app_of("v0.3.0", company / name) for name in ("one", "two")]
    for app in apps:
        shutil.rmtree(app / ".git")
        client = next((app / "api/src/inngest").glob("client.*"))
        edit(client, "The Inngest client:", f"Our client {app.name}:")
    commit(company, "Everything")
    if diff:
        shown = command("redwood-inngest", "update", "--diff", *apps)
        assert shown.returncode == 4
        assert shown.stdout.count("+<<<<<<< before updating") == 2
        assert run(["git", "status", "--porcelain"], company) == ""
        return
    result = command("redwood-inngest", "update", "--no-install", "--json", *apps)
    assert result.returncode == 4
    told = json.loads(result.stdout)
    assert [(each["status"], each["from"], each["to"]) for each in told] == [
        ("conflict", "v0.3.0", NEWEST)
    ] * 2
    assert all({"path": ANSWERS, "change": "edit"} in each["files"] for each in told)
    unmerged = run(["git", "diff", "--name-only", "--diff-filter=U"], company).split()
    assert [path.partition("/")[0] for path in unmerged] == ["one", "two"]


@pytest.mark.parametrize("count", [3, 120])
def test_many_handlers_are_wired_in_order(tmp_path: Path, count: int) -> None:
    handler = small_app(tmp_path / "app", git=False) / "api/src/functions/graphql.ts"
    text = handler.read_text()
    files = [tmp_path / f"{number}.ts" for number in range(count)]
    for number, file in enumerate(files):
        file.write_text("no handler" if number == 1 else text)
    result = command("redwood-inngest", "wire", *files)
    assert result.returncode == 1
    wired = [file for number, file in enumerate(files) if number != 1]
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["wired", str(file)] for file in wired
    ]
    assert f"{count - 1} wired, 1 refused" in result.stderr
    assert all("inngestPlugin" in file.read_text() for file in wired)
    assert files[1].read_text() == "no handler"
