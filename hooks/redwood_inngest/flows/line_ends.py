"""Line ends where Git changes them on the way: in the work tree CRLF, in the repository LF.

That is `core.autocrlf=true`, as Git for Windows has it, or `eol=crlf` in `.gitattributes`. Rendered
files have LF then. So files are compared and merged as Git has them, and written as the work
tree has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import git
from ..errors import GitError


@dataclass(frozen=True)
class LineEnds:
    """The line ends of an app.

    Attributes:
        converted: The files that have CRLF in the work tree, and LF in the repository.
        kept: The files that are in the repository as they are in the work tree.
        crlf_by_default: Whether Git gives a new text file CRLF.
    """

    converted: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    crlf_by_default: bool = False

    @classmethod
    def of(cls, root: Path, paths: Iterable[str] = ()) -> LineEnds:
        """Ask Git about files of an app; it may be in no repository.

        Args:
            root: The app's folder.
            paths: The files; all where none is named.
        """
        literally = (f":(literal){path}" for path in paths)
        try:
            printed = git.paths(root, "ls-files", "--eol", "--", *literally)
        except GitError:
            return cls()
        # i/lf    w/crlf  attr/text=auto <TAB> path
        entries = [entry.partition("\t") for entry in printed]
        converted = [path for info, _, path in entries if re.match(r"i/lf +w/(crlf|mixed)", info)]
        every = frozenset(path for _, _, path in entries)
        crlf = git.answer(root, "config", "--type=bool", "core.autocrlf") == "true"
        return cls(frozenset(converted), every - frozenset(converted), crlf)

    def as_git_has(self, path: str, content: bytes) -> bytes:
        """The content of a file of the work tree, as it is in the repository."""
        return content.replace(b"\r\n", b"\n") if path in self.converted else content

    def as_work_tree_has(self, path: str, content: bytes) -> bytes:
        """The content that a file is to have, as it belongs into the work tree."""
        crlf = path in self.converted or (self.crlf_by_default and path not in self.kept)
        if not crlf or b"\0" in content:
            return content
        return re.sub(rb"\r?\n", b"\r\n", content)
