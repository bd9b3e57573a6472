"""Which files of a setup go, and which stay.

Files that are as they were generated go. Files that somebody has edited or written stay, and so
does what they import: nothing that the app uses is broken. Only an edited file of the setup itself,
which nothing imports any more, stays alone: it is of no use without the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ...app.code_style import style_in
from ...app.handler import ANSWERS_FILE, SOURCE_SUFFIXES
from ...changes import read
from ...codemods.functions_index import unregister
from ...codemods.graphql_handler import decode
from ...errors import Refusal
from ...graphql.event_types import own_events_module
from ..events import module_path
from ..functions.app import FunctionsApp, modules
from ..functions.destroy import belongs_to, is_edited
from ..imports import imported_file, imports_in

# The reasons why a file stays.
EDITED = "it was edited"
OUTDATED = "it was edited, or is out of date: `redwood-inngest events --write` makes it anew"
ALONE = "; nothing imports it any more"
OWN = "it was not generated"


@dataclass
class Files:
    """The files of a setup.

    Attributes:
        app: The app.
        rendered: The files that the template renders, by path.
        texts: The texts of the app's modules that may have to do with Inngest, as they will be.
        goes: The files that go.
        stays: The files that stay, each with the reason.
        alone: Those of them that nothing imports any more, and that keep nothing.
        index: The new content of the index of the functions, by path, where it stays and changes.
    """

    app: FunctionsApp
    rendered: Mapping[str, bytes]
    texts: dict[str, str]
    goes: set[str] = field(default_factory=set)
    stays: dict[str, str] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    index: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def decided(
        cls, app: FunctionsApp, rendered: Mapping[str, bytes], texts: Mapping[str, str]
    ) -> Files:
        """Decide on every file."""
        files = cls(app, rendered, dict(texts))
        files._decide_on_generated()
        files._decide_on_functions()
        files._decide_on_the_rest()
        files._keep_what_is_imported()
        files._decide_on_index()
        files._keep_what_is_imported()
        for path in files.alone:
            files.stays[path] += ALONE
        return files

    def modules(self) -> dict[str, str]:
        """The texts of the modules that stay and are of use, by path."""
        return {
            path: text
            for path, text in self.texts.items()
            if path not in self.goes and path not in self.alone
        }

    def _decide_on_generated(self) -> None:
        """The files of the template, and those that are made of the app's operations."""
        for path, content in self._generated().items():
            present = read(self.app.root, path)
            if present is None or path == self._index:
                continue
            if path == ANSWERS_FILE or _same(present, content):
                self.goes.add(path)
                continue
            self.stays[path] = OUTDATED if path == self.app.found.path else EDITED
            if path.startswith(f"{self._folder}/") and not path.startswith(f"{self.app.folder}/"):
                self.alone.add(path)

    @property
    def _folder(self) -> str:
        return f"{self.app.answers['api_path']}/src/inngest"

    def _generated(self) -> dict[str, bytes]:
        answers, events = self.app.answers, self.app.found.path
        own = own_events_module(answers, style_in(answers))
        present = read(self.app.root, events) or b""
        made = {change.path: change.after or b"" for change in self.app.found.changes.changes}
        return {
            **self.rendered,
            module_path(answers, "ownEvents"): own.encode(),
            events: made.get(events, present),
        }

    def _decide_on_functions(self) -> None:
        """The functions that were generated: each goes with its test, or stays with it."""
        for name in self.app.names:
            paths = [path for path, _ in modules(self.app) if belongs_to(path, name, self.app)]
            left = [path for path in paths if path not in {*self.goes, *self.stays}]
            if left and not any(is_edited(self.app, path, name) for path in left):
                self.goes.update(left)

    def _decide_on_the_rest(self) -> None:
        """The files that the team has added to the folder."""
        for file in sorted((self.app.root / self._folder).rglob("*")):
            path = file.relative_to(self.app.root).as_posix()
            if file.is_file() and path not in self.goes and path != self._index:
                self.stays.setdefault(path, OWN)

    def _keep_what_is_imported(self) -> None:
        undecided = {self._index} - self.stays.keys()
        importers = [path for path in self.modules() if path not in undecided]
        while importers:
            importer = importers.pop()
            for each in imports_in(self.texts[importer]):
                api = str(self.app.answers["api_path"])
                found = imported_file(importer, each.specifier, self.texts, api)
                if found not in self.goes | self.alone | (undecided - self.stays.keys()):
                    continue
                self.goes.discard(found)
                self.alone.discard(found)
                self.stays.setdefault(found, f"{importer}:{each.line} imports it")
                importers.append(found)

    @property
    def _index(self) -> str:
        """The index of the functions; empty where there is none."""
        try:
            return self.app.index()
        except Refusal:
            return ""

    def _decide_on_index(self) -> None:
        """The index goes where it is as at first, apart from the functions that go."""
        path = self._index
        if not path or path in self.stays:
            return
        present = read(self.app.root, path) or b""
        gone = [name for name in self.app.names if self._is_gone(name)]
        left, first = (
            self._unregistered(content, gone) for content in (present, self.rendered.get(path, b""))
        )
        if _same(left, first):
            self.goes.add(path)
            return
        self.stays[path] = EDITED
        self.texts[path] = left.decode(errors="replace")
        if left != present:
            self.index[path] = left

    def _is_gone(self, name: str) -> bool:
        stem = f"{self.app.folder}/{name}"
        return any(f"{stem}{suffix}" in self.goes for suffix in SOURCE_SUFFIXES)

    def _unregistered(self, content: bytes, names: list[str]) -> bytes:
        """The index without functions; as it is where it cannot be edited for certain."""
        suffix, style = PurePosixPath(self._index).suffix, style_in(self.app.answers)
        try:
            text = decode(content)
            for name in names:
                text = unregister(text, name, suffix, style)
        except Refusal:
            return content
        return text.encode()


def _same(one: bytes, other: bytes) -> bool:
    """Whether contents are the same, line ends aside: Git may change these on the way."""
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")
