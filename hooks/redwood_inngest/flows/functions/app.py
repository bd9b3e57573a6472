"""The functions of an app: where they are, and the index that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ...app.code_style import style_in
from ...app.handler import SOURCE_SUFFIXES
from ...changes import read
from ...codemods.graphql_handler import decode
from ...errors import Refusal
from ...typescript.style import CodeStyle
from ..events import Events, find_events
from .subjects import Triggers

IndexEdit = Callable[[str, str, str, CodeStyle], str]


@dataclass(frozen=True)
class FunctionsApp:
    """An app that is set up, as far as its functions are concerned."""

    found: Events

    @property
    def root(self) -> Path:
        """The app's folder."""
        return self.found.root

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers to the questionnaire."""
        return self.found.answers

    @property
    def triggers(self) -> Triggers:
        """The triggers that functions can run on."""
        return Triggers(self.found.operations, self.answers)

    @property
    def folder(self) -> str:
        """The folder of the functions, relative to the root."""
        return f"{self.answers['api_path']}/src/inngest/functions"

    @property
    def suffix(self) -> str:
        """The suffix of the app's modules."""
        return f".{self.answers['language']}"

    @property
    def names(self) -> list[str]:
        """The names of the modules among the functions, tests and the index aside."""
        folder = self.root / self.folder
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        stems = [file.name.split(".")[0] for file in files if file.suffix in SOURCE_SUFFIXES]
        return [name for name in dict.fromkeys(stems) if name != "index"]

    def index(self) -> str:
        """The module that lists the functions, relative to the root.

        Raises:
            Refusal: There is none.
        """
        for stem in (f"{self.folder}/index", self.folder):
            for suffix in SOURCE_SUFFIXES:
                if (self.root / f"{stem}{suffix}").is_file():
                    return f"{stem}{suffix}"
        raise Refusal(
            f"{self.folder}/index{self.suffix}, which lists the functions, is not there: take it"
            " back from Git, or make it with `export const functions = []`."
        )


def open_app(start: Path, choose: Callable[[str], str] | None = None) -> FunctionsApp:
    """Find an app that is set up, and the triggers that its functions can run on.

    Args:
        start: The app's folder, or one in it.
        choose: See `find_events`.

    Raises:
        Refusal: There is no app, or it is not set up.
    """
    return FunctionsApp(find_events(start, choose))


def modules(app: FunctionsApp) -> Iterator[tuple[str, str]]:
    """The modules of the functions, with their texts."""
    for file in sorted((app.root / app.folder).rglob("*")):
        if file.suffix in SOURCE_SUFFIXES and file.is_file():
            path = file.relative_to(app.root).as_posix()
            yield path, (read(app.root, path) or b"").decode(errors="replace")


def edited_index(app: FunctionsApp, names: Iterable[str], edit: IndexEdit) -> dict[str, bytes]:
    """The index with functions added, or taken out."""
    path = app.index()
    suffix, style = PurePosixPath(path).suffix, style_in(app.answers)
    try:
        text = decode(read(app.root, path) or b"")
        for name in names:
            text = edit(text, name, suffix, style)
    except Refusal as refusal:
        raise refusal.at(path) from None
    return {path: text.encode()}
