"""The pages of the documentation: their code blocks, and their links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .template import REPOSITORY

PAGES = (
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
)


@dataclass(frozen=True)
class Block:
    """A fenced block of code.

    Attributes:
        page: The page, relative to the repository.
        line: The line that it begins on, from 1.
        language: The word behind the fence.
        text: What is in it.
    """

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """The page and the line."""
        return f"{self.page}:{self.line}"


def blocks(*languages: str) -> Iterator[Block]:
    """The blocks of code in some languages, of all pages."""
    for page in PAGES:
        text = page.read_text()
        for match in re.finditer(r"^( *)```(\w+)\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE):
            if match[2] in languages:
                code = re.sub(rf"^{match[1]}", "", match[3], flags=re.MULTILINE)
                line = text[: match.start()].count("\n") + 1
                yield Block(page.relative_to(REPOSITORY).as_posix(), line, match[2], code)


def command_lines() -> dict[str, str]:
    """The commands in the blocks of all pages, each once, with the place of the first."""
    lines: dict[str, str] = {}
    for block in blocks("sh"):
        for line in block.text.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                command = re.sub(r"\s+#\s.*", "", line).strip()
                lines.setdefault(command, block.place)
    return lines


def inline_commands() -> Iterator[tuple[str, str]]:
    """The commands of ours that stand in a sentence or a table, with their pages."""
    for page in PAGES:
        if page.name in {"messages.md", "reference.md"}:
            continue  # these are made from the sources
        text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        for match in re.finditer(r"`[^`\n]*?(redwood-inngest [a-z][^`]*)`", text):
            yield " ".join(match[1].split()), page.name


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in found}


def links() -> Iterator[tuple[Path, str]]:
    """The links of all pages to files of this repository."""
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"[a-z]+:", target):
                yield page, target
