"""The errors of this package, and how they are worded."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 3
_CODE_SHOWN = 60


class Problem(Exception):  # noqa: N818 - most are no errors: saying no is part of the job
    """Something that this package cannot do, or cannot read."""


class Refusal(Problem):
    """Something was not done, and nothing was changed. The user reads it.

    Args:
        reason: One sentence: what was found, and what to do about it.
        line: The line of the file that it is about, from 1.
        column: The column of that line, from 1, in characters.
        paste: The lines to add by hand instead, where there are some.
        path: The file that it is about, where the code that refuses knows it.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        paste: str = "",
        path: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
        self.paste = paste
        self.path = path

    def at(self, path: str) -> Refusal:
        """The same refusal, with the file that it is about."""
        return Refusal(self.reason, line=self.line, column=self.column, paste=self.paste, path=path)

    def with_note(self, note: str) -> Refusal:
        """The same refusal, with something added to its reason."""
        return Refusal(
            self.reason + note, line=self.line, column=self.column, paste=self.paste, path=self.path
        )

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{where}: {self.reason}" if where else self.reason


class HasInngest(Refusal):
    """An app has Inngest by other means than this template: `adopt` carries it over."""


class Unsure(Refusal):
    """A codemod's result has failed a check: a mistake of this tool, and nothing is written.

    Args:
        problem: The fault in the result.
        paste: The lines to add by hand instead.
    """

    def __init__(self, problem: str, paste: str = "") -> None:
        super().__init__(
            f"the edit of this file went wrong ({problem}), so nothing was changed: edit it by"
            " hand, and please report this, with the file, to the maintainers of redwood-inngest.",
            paste=paste,
        )
        self.problem = problem


class GitError(Problem):
    """Git failed. The text is the line in which it says why.

    Args:
        reason: That line.
        printed: Its standard output, which it may have written nevertheless.
    """

    def __init__(self, reason: str, printed: bytes = b"") -> None:
        super().__init__(reason)
        self.printed = printed


class UnknownGlob(Problem):
    """A glob has a form that is not supported. The caller decides what follows from that."""


class Unreadable(Problem):
    """A value is not written out in a module, so that only running it would tell.

    Args:
        code: The code that stands there; the message is its beginning.
    """

    def __init__(self, code: str) -> None:
        line = " ".join(code.split())
        super().__init__(line if len(line) <= _CODE_SHOWN else f"{line[: _CODE_SHOWN - 3]}...")


def some(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are: `a, b, c and 3 more`."""
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
