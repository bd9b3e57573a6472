"""What the tests fetch once and keep outside the repository."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
from diskcache import Cache, JSONDisk
from filelock import FileLock


def cache_folder() -> Path:
    """The folder that keeps what the tests fetch; `REDWOOD_INNGEST_TEST_CACHE` moves it."""
    moved = os.environ.get("REDWOOD_INNGEST_TEST_CACHE")
    return Path(moved) if moved else platformdirs.user_cache_path("redwood-inngest-tests")


def cached(name: str, recipe: object, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills the first time this recipe is asked for.

    Args:
        name: What the folder holds, for a person who looks into the cache.
        recipe: Everything that decides the content, as JSON data; another recipe is made anew.
        make: Fills the folder that it is given. A folder half made is thrown away.

    Returns:
        The folder in the cache. Tests read it or copy it, and leave it as it is.
    """
    digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:12]
    return made_once(cache_folder() / f"{name}-{digest}", make)


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder that the first process fills that asks for it, while the others wait.

    Args:
        folder: Where it is, or will be.
        make: Fills the folder that it is given, which is then moved to its place.

    Returns:
        The folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            unfinished = folder.with_name(f"{folder.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            start = time.monotonic()
            make(unfinished)
            unfinished.rename(folder)
            Path(f"{folder}{_SECONDS}").write_text(f"{time.monotonic() - start:.0f}")
    return folder


# What it took to fill a folder stands beside it.
_SECONDS = ".seconds"


def seconds_of_fetching(since: float) -> int:
    """How many seconds it took to fill the folders of the cache that are new.

    Args:
        since: The time from which on they are, in seconds as `time.time` has it.
    """
    files = cache_folder().glob(f"*{_SECONDS}")
    return sum(int(file.read_text()) for file in files if file.stat().st_mtime >= since)


def answered(question: object, ask: Callable[[], Any]) -> Any:
    """What a tool answers, kept for the next run of the tests.

    Args:
        question: All that the answer depends on, the tool's version included, as JSON data.
        ask: Asks the tool; what it answers is JSON data.
    """
    key = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()
    answers = _answers()
    kept = answers.get(key)
    if kept is None:
        kept = [ask()]
        answers.set(key, kept)
    return kept[0]


@cache
def _answers() -> Cache:
    return Cache(str(cache_folder() / "answers"), disk=JSONDisk)


def npm_packages(name: str, dependencies: Mapping[str, str]) -> Path:
    """A folder with these npm packages in its node_modules.

    Args:
        name: What the packages are for.
        dependencies: Exact versions by package name.

    Returns:
        The folder that holds `package.json` and `node_modules`.
    """
    manifest: dict[str, Any] = {"private": True, "dependencies": dict(dependencies)}

    def install(folder: Path) -> None:
        (folder / "package.json").write_text(json.dumps(manifest, indent=2))
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=folder,
            check=True,
        )

    return cached(name, manifest, install)
