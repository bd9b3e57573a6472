"""The template as a repository of its own, with everything in the work tree committed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .redwood import commit, run

REPOSITORY = Path(__file__).parents[2]


def committed_template(folder: Path, *paths: str) -> Path:
    """Copy the repository, uncommitted work included, and commit it there.

    Args:
        folder: Where to; it is made.
        paths: What to copy of it; nothing for all.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *paths],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for path in listed:
        if path and (REPOSITORY / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / path, folder / path)
    commit(folder, "The template")
    pack(folder)
    return folder


def pack(repository: Path) -> None:
    """Have Git keep a repository in one file instead of hundreds, as it is after a clone."""
    run(["git", "gc", "--quiet"], repository)
