"""What the checks find, and the app that they look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ...app.find import App, find_app
from ...changes import read
from ...errors import Refusal
from ..functions.app import FunctionsApp
from ..imports import source_texts

# The levels: something that has to be mended, something to look at, and something to know.
WRONG = "wrong"
WARNING = "warning"
NOTE = "note"

# The command that makes the safe repairs.
FIX = "redwood-inngest doctor --fix"

Repair = Callable[[bytes | None], bytes]


@dataclass(frozen=True)
class Finding:
    """Something that a check has found.

    Attributes:
        level: `WRONG`, `WARNING` or `NOTE`.
        message: One sentence.
        fix: A command that mends it, or what to do; empty where there is nothing to do.
        file: The file that it is about, relative to the app's folder.
        line: The line, from 1.
        repairs: The safe edits that mend it, by path: the new content for the present one.
    """

    level: str
    message: str
    fix: str = ""
    file: str = ""
    line: int | None = None
    repairs: Mapping[str, Repair] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """`api/src/functions/graphql.ts:8`; empty where it is about no file."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file


@dataclass(frozen=True)
class TemplateFiles:
    """The template's files for an app, as nobody has edited them.

    Attributes:
        version: The version of the template that the app has.
        newest: The newest one.
        now: The files of the app's version, by path.
        then: Those of the newest one; the same where the app has it.
    """

    version: str
    newest: str
    now: Mapping[str, bytes]
    then: Mapping[str, bytes]


@dataclass(frozen=True)
class Patient:
    """The app that the checks look at. Each fact is found when a check asks for it, and once.

    Attributes:
        functions: The app, with its events and its functions.
        template: Gets the template's files.
        offline: Whether to leave the network and this machine's ports alone.
    """

    functions: FunctionsApp
    template: Callable[[], TemplateFiles]
    offline: bool = False

    @property
    def root(self) -> Path:
        """The app's folder."""
        return self.functions.root

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers to the questionnaire."""
        return self.functions.answers

    @property
    def api(self) -> str:
        """The folder of the api side, relative to the app's."""
        return str(self.answers["api_path"])

    @cached_property
    def app(self) -> App:
        """The app as it is found now.

        Raises:
            Refusal: Something in it cannot be told.
        """
        return find_app(self.root)

    @cached_property
    def template_files(self) -> TemplateFiles:
        """The template's files.

        Raises:
            Refusal: The template cannot be reached, or is not trusted.
        """
        return self.template()

    @cached_property
    def texts(self) -> dict[str, str]:
        """The app's modules that have to do with Inngest, by path."""
        folder = f"{self.api}/src/inngest/"
        return source_texts(
            self.root, lambda path, text: path.startswith(folder) or "inngest" in text
        )

    def text(self, path: str) -> str | None:
        """The text of a file; None where there is none."""
        content = read(self.root, path)
        return None if content is None else content.decode("utf-8-sig", errors="replace")

    def add(self, package: str, *, dev: bool = False) -> str:
        """The command that adds a package to the api side."""
        manager = str(self.answers["package_manager"])
        verb = "install" if manager == "npm" else "add"
        return f"cd {self.api} && {manager} {verb}{' -D' if dev else ''} {package}"

    @property
    def install(self) -> str:
        """The command that installs the app's packages."""
        where = "" if self.answers.get("workspaces", True) else f"cd {self.api} && "
        return f"{where}{self.answers['package_manager']} install"


def cannot_tell(refusal: Refusal) -> Finding:
    """A refusal as a finding."""
    return Finding(WRONG, refusal.reason, file=refusal.path, line=refusal.line)


def always(content: bytes) -> Repair:
    """The repair that gives a file this content."""
    return lambda _: content
