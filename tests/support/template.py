"""The template as a repository of its own, with everything in the work tree committed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .redwood import commit

REPOSITORY = Path(__file__).parents[2]


def committed_template(folder: Path) -> Path:
    """Copy the repository, uncommitted work included, and commit it there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
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
    return folder
