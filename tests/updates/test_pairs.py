"""From every version to every later one: a fresh copy of the later one, plus the team's edits."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest

from tests.support.apps import tree
from tests.support.command import command
from tests.support.redwood import commit, run

from .conftest import ANSWERS, AppOf, both_languages, differences
from .history import VERSIONS, Edits, Team

pytestmark = both_languages

PAIRS = tuple(combinations(VERSIONS, 2))
# Copier alone takes as long as ours: there the way to the newest version must do.
TO_THE_NEWEST = tuple(pair for pair in PAIRS if pair[1] == VERSIONS[-1])
KITS: dict[str, Edits] = {"untouched": lambda team: None, "edited": Team.edits_everything}
NO_INSTALL = ("--data", "install_dependencies=false")

Results = dict[tuple[str, str, str], Path]


def edited_app(app_of: AppOf, version: str, kit: str, folder: Path, language: str) -> Path:
    app = app_of(version, folder)
    KITS[kit](Team(app, language))
    run(["git", "add", "--all"], app)
    if run(["git", "status", "--porcelain"], app):
        commit(app, "Ours")
    return app


@pytest.fixture(scope="session")
def updated(
    app_of: AppOf, language: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Results, dict[str, subprocess.CompletedProcess[str]]]:
    """All pairs with all kits, by our command: one run for each version that is updated to."""
    folder = tmp_path_factory.mktemp("updated")
    results = {
        (old, new, kit): edited_app(
            app_of, old, kit, folder / f"{old}-{new}-{kit}" / "shop", language
        )
        for old, new in PAIRS
        for kit in KITS
    }
    runs = {}
    for target in VERSIONS[1:]:
        apps = [app for (_, new, _), app in results.items() if new == target]
        runs[target] = command(
            "redwood-inngest", "update", "--no-install", "--vcs-ref", target, *apps
        )
    return results, runs


@pytest.fixture(scope="session")
def updated_by_copier(
    app_of: AppOf, language: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Results, dict[tuple[str, str], subprocess.CompletedProcess[str]]]:
    """From every version to the newest, edited, by Copier alone."""
    folder = tmp_path_factory.mktemp("copier")
    results = {
        (old, new, "edited"): edited_app(
            app_of, old, "edited", folder / f"{old}-{new}" / "shop", language
        )
        for old, new in TO_THE_NEWEST
    }

    def update(pair: tuple[str, str]) -> subprocess.CompletedProcess[str]:
        options = ("--trust", "--defaults", *NO_INSTALL, "--vcs-ref", pair[1])
        return command("copier", "update", "-a", ANSWERS, *options, results[(*pair, "edited")])

    with ThreadPoolExecutor(2) as pool:
        return results, dict(zip(TO_THE_NEWEST, pool.map(update, TO_THE_NEWEST), strict=True))


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
    return tree(new)


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_an_update_is_a_fresh_copy_plus_the_teams_edits(
    pair: tuple[str, str],
    kit: str,
    updated: tuple[Results, object],
    app_of: AppOf,
    tmp_path: Path,
    language: str,
) -> None:
    now = tree(updated[0][(*pair, kit)])
    assert not differences(now, expected(app_of, pair, kit, tmp_path, language))


@pytest.mark.parametrize("pair", TO_THE_NEWEST, ids="-".join)
def test_so_it_is_with_copier_alone(
    pair: tuple[str, str],
    updated_by_copier: tuple[Results, dict[tuple[str, str], subprocess.CompletedProcess[str]]],
    app_of: AppOf,
    tmp_path: Path,
    language: str,
) -> None:
    results, runs = updated_by_copier
    assert runs[pair].returncode == 0, runs[pair].stderr
    now = tree(results[(*pair, "edited")])
    assert not differences(now, expected(app_of, pair, "edited", tmp_path, language))


@pytest.mark.parametrize("target", VERSIONS[1:])
def test_many_apps_end_with_a_table(
    target: str, updated: tuple[Results, dict[str, subprocess.CompletedProcess[str]]]
) -> None:
    results, runs = updated
    assert runs[target].returncode == 0, runs[target].stderr
    lines = runs[target].stdout.splitlines()
    rows = [line.split() for line in lines[:-1]]
    assert rows == [
        ["updated", str(app), old, "->", target]
        for (old, new, _), app in results.items()
        if new == target
    ]
    assert lines[-1] == f"{len(rows)} updated"
