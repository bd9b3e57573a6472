"""The app that migrations work on: it is in the middle of `copier update`.

The app is in Git with nothing uncommitted, so Git's index has the team's files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .. import git
from ..app.files import read_bytes
from ..changes import Change, Changes, read
from ..errors import GitError, Refusal
from .answers import parsed_answers
from .pristine import files_in, render


def former_answers(root: Path, answers_file: str) -> dict[str, Any]:
    """The answers before the update, as Git has them."""
    kept = git.git(root, "show", f"HEAD:./{answers_file}")
    return parsed_answers(kept)


@dataclass(frozen=True)
class UpdatedApp:
    """An app that is being updated.

    Attributes:
        root: Its folder.
        answers_file: The answers file's path in it.
        shared: A folder that the migrations of one update share; it need not exist yet.
    """

    root: Path
    answers_file: str
    shared: Path

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The answers: those of the old version before the rendering, the new ones after it."""
        return parsed_answers(read_bytes(self.root / self.answers_file))

    def edit(self, path: str, codemod: Callable[[str], str]) -> None:
        """Edit a file of the app, if it is there.

        Args:
            path: The file, relative to the app's folder.
            codemod: Gives the new text for the old one.

        Raises:
            Refusal: The file cannot be edited; it is named.
        """
        before = read(self.root, path)
        if before is None:
            return
        try:
            after = codemod(before.decode()).encode()
        except UnicodeDecodeError:
            raise Refusal("this file is not UTF-8: save it as UTF-8 first.", path=path) from None
        except Refusal as refusal:
            raise refusal.at(path) from None
        Changes.planned(self.root, {path: after}).make()

    def renamed(self, old: str, new: str) -> None:
        """Carry the team's edits of a file over to the name that it has now.

        Copier knows nothing of renames: it removes the one file and adds the other. To be called
        after the rendering.

        Args:
            old: The file's name in the earlier version, relative to the app's folder.
            new: Its name in the version that the app is updated to.
        """
        theirs, base = read(self.root, new), self._rendered_before.get(old)
        if theirs is None or base is None:
            return
        mine = self._team_has(old)
        if mine is None:  # deleted stays deleted
            Changes(self.root, (Change(new, theirs, None),)).make()
        elif mine != base:
            content, in_conflict = merged(mine, base, theirs)
            Changes.planned(self.root, {new: content}).make()
            git.git(self.root, "update-index", "--force-remove", "--", old)
            if in_conflict:
                git.mark_unmerged(self.root, new, {1: base, 2: mine, 3: theirs})

    def keep_edited_files(self) -> None:
        """Give back the files that the new version does not have, where the team edited them.

        Git is told that the two sides disagree on them, as in a merge.
        """
        for path in git.paths(self.root, "ls-files", "--deleted"):
            mine, base = self._team_has(path), self._rendered_before.get(path)
            if mine is not None and base is not None and mine != base:
                Changes.planned(self.root, {path: mine}).make()
                git.mark_unmerged(self.root, path, {1: base, 2: mine})

    def _team_has(self, path: str) -> bytes | None:
        try:
            return git.git(self.root, "show", f":./{path}")
        except GitError:
            return None

    @cached_property
    def _rendered_before(self) -> dict[str, bytes]:
        """The files that the app's former version of the template renders, by path."""
        # The folder's name decides some answers' defaults.
        folder = self.shared / "rendered-before" / self.root.name
        if not folder.exists():
            self._render_before(folder)
        return files_in(folder)

    def _render_before(self, folder: Path) -> None:
        answers = former_answers(self.root, self.answers_file)
        render(folder, answers["_src_path"], answers, self.answers_file)


def merged(mine: bytes, base: bytes, theirs: bytes) -> tuple[bytes, bool]:
    """A three-way merge, with the names that Copier gives the sides; and whether they conflict."""
    names = ("before updating", "last update", "after updating")
    labels = [part for name in names for part in ("-L", name)]
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        folder = Path(temporary)
        for name, content in (("mine", mine), ("base", base), ("theirs", theirs)):
            (folder / name).write_bytes(content)
        try:
            content = git.git(folder, "merge-file", "-p", *labels, "mine", "base", "theirs")
            return content, False
        except GitError as error:
            if not error.printed:
                raise
            return error.printed, True
