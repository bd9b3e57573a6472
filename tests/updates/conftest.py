"""The template with a history, and apps of each of its versions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from redwood_inngest.changes import Change

from tests.support.apps import small_app
from tests.support.cache import made_once
from tests.support.command import command
from tests.support.nightly import nightly
from tests.support.redwood import commit

from .history import make_history

both_languages = pytest.mark.parametrize("language", ["ts", nightly("js")], indirect=True)

FreshApp = Callable[[str, str, Path], Path]
AppOf = Callable[[str, Path], Path]
NAME = "redwood-inngest"
ANSWERS = ".copier-answers.inngest.yml"


@pytest.fixture(scope="package", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Copier keeps clones of what it gets from URLs; ours are gone after the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPIER_CACHE_DIR", str(tmp_path_factory.mktemp("copier")))
        yield


@pytest.fixture(scope="package", autouse=True)
def trusted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Copier's settings name the templates of the tests as trusted places."""
    settings = tmp_path_factory.mktemp("settings") / "settings.yml"
    base = shared.parent  # what a test makes itself is beside what all share
    places = (f"{base}/", f"git+file://{base}/", "/nowhere/", "https://127.0.0.1:1/x.git")
    settings.write_text("trust:\n" + "".join(f"  - {place}\n" for place in places))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPIER_SETTINGS_PATH", str(settings))
        yield


@pytest.fixture(scope="session", params=["ts"])
def language(request: pytest.FixtureRequest) -> str:
    """What the apps are written in; tests marked with `both_languages` run with JavaScript too."""
    return str(request.param)


@pytest.fixture(scope="session")
def history(shared: Path) -> Path:
    """The template with a history."""
    return made_once(shared / "history", lambda folder: make_history(folder / NAME)) / NAME


@pytest.fixture(scope="session")
def fresh_app(history: Path, shared: Path) -> FreshApp:
    """Gives a copy of the fresh app of a version: set up by Copier alone, and committed."""

    def copy(language: str, version: str, folder: Path) -> Path:
        fresh = made_once(
            shared / f"fresh-{language}-{version}",
            lambda made: set_up(small_app(made / "shop", language=language), str(history), version),
        )
        shutil.copytree(fresh / "shop", folder, symlinks=True)
        return folder

    return copy


@pytest.fixture
def app_of(fresh_app: FreshApp, language: str) -> AppOf:
    """The same, for the language of the test."""
    return partial(fresh_app, language)


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
