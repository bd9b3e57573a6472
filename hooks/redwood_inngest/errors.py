"""How anything here says no."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is no error: saying no is part of the job
    """Something was not done, and nothing was changed.

    Args:
        reason: One sentence: what was found, and what to do about it.
        line: Where in the file it was found, from 1.
        column: Where in the line it was found, from 1, in characters.
        paste: The lines to add by hand instead, where there are some.
        path: The file that it is about, where the one who refuses knows it.
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

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{where}: {self.reason}" if where else self.reason
