"""The template with a history, and apps of each of its versions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redwood_inngest.changes import Change

from tests.support.apps import small_app
from tests.support.command import command
from tests.support.redwood import commit

from .history import VERSIONS, make_history

both_languages = pytest.mark.parametrize("language", ["ts", "js"], indirect=True)

AppOf = Callable[[str, Path], Path]
ANSWERS = ".copier-answers.inngest.yml"


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Copier keeps clones of what it gets from URLs; ours are gone after the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPIER_CACHE_DIR", str(tmp_path_factory.mktemp("copier")))
        yield


@pytest.fixture(scope="session", params=["ts"])
def language(request: pytest.FixtureRequest) -> str:
    """What the apps are written in; tests marked with `both_languages` run with JavaScript too."""
    return str(request.param)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with a history."""
    return make_history(tmp_path_factory.mktemp("history") / "redwood-inngest")


@pytest.fixture(scope="session")
def apps(history: Path, language: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A fresh app for each version, set up by Copier alone, and committed."""
    made = {}
    for version in VERSIONS:
        app = small_app(tmp_path_factory.mktemp("fresh") / version / "shop", language=language)
        made[version] = set_up(app, str(history), version)
    return made


@pytest.fixture(scope="session")
def app_of(apps: dict[str, Path]) -> AppOf:
    """Gives a copy of the fresh app of a version."""

    def copy(version: str, folder: Path) -> Path:
        shutil.copytree(apps[version], folder, symlinks=True)
        return folder

    return copy


def set_up(app: Path, template: str, version: str) -> Path:
    """Set a fresh app up with one version of a template."""
    options = ("--trust", "--defaults", "--quiet", "--data", "install_dependencies=false")
    result = command("copier", "copy", *options, "--vcs-ref", version, template, app)
    assert result.returncode == 0, result.stderr
    commit(app, f"Inngest, {version}")
    return app


def differences(actual: dict[str, bytes], expected: dict[str, bytes]) -> str:
    """How two trees differ, as one diff; empty where they do not."""
    paths = sorted(actual.keys() | expected.keys())
    changes = (Change(path, expected.get(path), actual.get(path)) for path in paths)
    return "".join(change.diff() for change in changes if change.before != change.after)


def timestamps(folder: Path) -> dict[str, int]:
    """When each file of a folder was last written."""
    return {
        str(file.relative_to(folder)): os.stat(file).st_mtime_ns  # noqa: PTH116 - links, too
        for file in folder.rglob("*")
        if not file.is_dir() and ".git" not in file.relative_to(folder).parts
    }
