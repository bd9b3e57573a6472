"""The app before it was set up, as far as its Git history has that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ... import git
from ...app.handler import ANSWERS_FILE
from ...errors import GitError


@dataclass(frozen=True)
class BeforeSetup:
    """The commit before the setup.

    Attributes:
        root: The app's folder.
        commit: The commit; empty where the history does not have it.
    """

    root: Path
    commit: str

    def content(self, path: str) -> bytes | None:
        """A file as Git had it then; None where there was none, or none is known."""
        if not self.commit:
            return None
        try:
            return git.git(self.root, "cat-file", "blob", f"{self.commit}:./{path}")
        except GitError:
            return None


def before_setup(root: Path) -> BeforeSetup:
    """Find the commit before the one that added the answers file.

    It is the newest commit where the answers file is in none yet. A shallow clone may not have it.

    Args:
        root: The app's folder.
    """
    head = git.answer(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if head and not git.answer(root, "ls-tree", "--name-only", "HEAD", "--", ANSWERS_FILE):
        return BeforeSetup(root, head)
    only_added = ("--diff-filter=A", "--no-renames", "--no-show-signature", "--format=%H")
    added = git.answer(root, "log", "-1", *only_added, "--", f":(literal){ANSWERS_FILE}")
    parent = git.answer(root, "rev-parse", "--verify", "--quiet", f"{added}^") if added else ""
    return BeforeSetup(root, parent)
