"""From every version to every later one: a fresh copy of the later one, plus the team's edits."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache, partial
from itertools import combinations
from pathlib import Path

import pytest

from tests.support.apps import tree
from tests.support.command import command
from tests.support.nightly import nightly
from tests.support.redwood import commit, run

from .conftest import ANSWERS, AppOf, FreshApp, differences
from .history import VERSIONS, Edits, Team

PAIRS = tuple(combinations(VERSIONS, 2))
# Copier alone takes as long as ours: there the way to the newest version must do.
TO_THE_NEWEST = tuple(pair for pair in PAIRS if pair[1] == VERSIONS[-1])
KITS: dict[str, Edits] = {"untouched": lambda team: None, "edited": Team.edits_everything}
# An edited app has nearly everything that an untouched one has: of those, the longest way will do.
LONGEST = (VERSIONS[0], VERSIONS[-1])
# The tests of test_update.py are on TypeScript.
EACH_RUN = [("js", LONGEST)]
CASES = [
    (language, "edited", pair)
    if (language, pair) in EACH_RUN
    else nightly(language, "edited", pair)
    for language in ("ts", "js")
    for pair in PAIRS
]
CASES += [nightly("ts", "untouched", LONGEST)]
CASES_ALONE = [
    ("ts", LONGEST),
    *(nightly("ts", pair) for pair in TO_THE_NEWEST[1:]),
    nightly("js", LONGEST),
]
NO_INSTALL = ("--data", "install_dependencies=false")

Outcomes = tuple[dict[tuple[str, str, str], Path], dict[str, subprocess.CompletedProcess[str]]]


def edited_app(app_of: AppOf, version: str, kit: str, folder: Path, language: str) -> Path:
    app = app_of(version, folder)
    KITS[kit](Team(app, language))
    run(["git", "add", "--all"], app)
    if run(["git", "status", "--porcelain"], app):
        commit(app, "Ours")
    return app


@pytest.fixture(scope="session")
def updated(
    request: pytest.FixtureRequest, fresh_app: FreshApp, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Outcomes]:
    """Gives the apps of a language, updated by our command in one run for each target.

    They are those of the cases that this run has selected. What the runs printed comes by target.
    """
    parameters = [
        item.callspec.params for item in request.session.items if hasattr(item, "callspec")
    ]
    selected = [(p["language"], p["kit"], p["pair"]) for p in parameters if "kit" in p]

    @cache
    def update(language: str) -> Outcomes:
        folder = tmp_path_factory.mktemp("updated")
        apps = {
            (old, new, kit): edited_app(
                partial(fresh_app, language), old, kit, folder / old / new / kit / "shop", language
            )
            for written_in, kit, (old, new) in selected
            if written_in == language
        }
        runs = {}
        for target in VERSIONS[1:]:
            options = ("--no-install", "--vcs-ref", target)
            chosen = [app for (_, new, _), app in apps.items() if new == target]
            runs[target] = command("redwood-inngest", "update", *options, *chosen)
        return apps, runs

    return update


def expected(
    app_of: AppOf, pair: tuple[str, str], kit: str, folder: Path, language: str
) -> dict[str, bytes]:
    """A fresh copy of the new version with the team's edits; its functions are as they were."""
    old, new = (
        edited_app(app_of, version, kit, folder / version / "shop", language) for version in pair
    )
    functions = "api/src/inngest/functions"
    shutil.rmtree(new / functions)
    shutil.copytree(old / functions, new / functions)
    # The example's query, which has an event, goes with the functions.
    assert command("redwood-inngest", "events", new, "--write").returncode == 0
    return tree(new)


def by_name(value: object) -> str:
    return "-".join(value) if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("language", "kit", "pair"), CASES, indirect=["language"], ids=by_name)
def test_an_update_is_a_fresh_copy_plus_the_teams_edits(
    pair: tuple[str, str],
    kit: str,
    updated: Callable[[str], Outcomes],
    app_of: AppOf,
    tmp_path: Path,
    language: str,
) -> None:
    apps, _ = updated(language)
    now = tree(apps[(*pair, kit)])
    assert not differences(now, expected(app_of, pair, kit, tmp_path, language))


@pytest.mark.parametrize(("language", "pair"), CASES_ALONE, indirect=["language"], ids=by_name)
def test_so_it_is_with_copier_alone(
    pair: tuple[str, str], app_of: AppOf, tmp_path: Path, language: str
) -> None:
    old, new = pair
    app = edited_app(app_of, old, "edited", tmp_path / "shop", language)
    options = ("--trust", "--defaults", *NO_INSTALL, "--vcs-ref", new)
    result = command("copier", "update", "-a", ANSWERS, *options, app)
    assert result.returncode == 0, result.stderr
    assert not differences(tree(app), expected(app_of, pair, "edited", tmp_path, language))


@pytest.mark.nightly  # in each run, test_many_apps shows such a table
@pytest.mark.parametrize("target", VERSIONS[2:])  # those that several apps are updated to
def test_many_apps_end_with_a_table(target: str, updated: Callable[[str], Outcomes]) -> None:
    apps, runs = updated("ts")
    assert runs[target].returncode == 0, runs[target].stderr
    lines = runs[target].stdout.splitlines()
    rows = [line.split() for line in lines[:-1]]
    assert rows == [
        ["updated", str(app), old, "->", target]
        for (old, new, _), app in apps.items()
        if new == target
    ]
    assert lines[-1] == f"{len(rows)} updated"
