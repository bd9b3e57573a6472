"""What a set of changes comes to: the files of the team's own apart from the generated ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..app.handler import ANSWERS_FILE
from ..changes import Change, Changes


@dataclass(frozen=True)
class Summary:
    """Changes, sorted by whose files they are.

    Attributes:
        own: The changes of files that are the team's own.
        generated: The changes of files that the template makes.
        folder: The folder of the plugin, client and functions, relative to the app.
    """

    own: tuple[Change, ...]
    generated: tuple[Change, ...]
    folder: str

    def rows(self) -> list[tuple[str, str, str]]:
        """The changes in short: a verb, a path and a note; all files of the folder in one row."""
        inside = [each for each in self.generated if each.path.startswith(self.folder)]
        outside = [each for each in self.generated if each not in inside]
        return [
            *_in_short(inside, self.folder),
            *((change.verb, change.path, "") for change in outside),
            *((change.verb, change.path, _lines_changed(change)) for change in self.own),
        ]


def summary_of(changes: Changes, api_path: str) -> Summary:
    """Sort changes by whose files they are.

    Args:
        changes: The changes of a setup, or of an update.
        api_path: The folder of the api side, relative to the app's.
    """
    folder = f"{api_path}/src/inngest/"
    generated = tuple(each for each in changes.changes if _is_generated(each, api_path, folder))
    own = tuple(each for each in changes.changes if each not in generated)
    return Summary(own, generated, folder)


def _is_generated(change: Change, api_path: str, folder: str) -> bool:
    endpoint = PurePosixPath(change.path).with_suffix("")
    return (
        change.verb == "create"
        or change.path == ANSWERS_FILE
        or str(endpoint) == f"{api_path}/src/functions/inngest"
        or (change.path.startswith(folder) and not change.path.startswith(f"{folder}functions/"))
    )


def changes_dependencies(changes: Changes) -> bool:
    """Whether the dependencies of a package.json change."""
    return any(
        _dependencies(change.before) != _dependencies(change.after)
        for change in _manifests(changes)
    )


def changed_packages(changes: Changes) -> dict[str, str]:
    """The dependencies that changes add or change, with their versions; empty for one that goes."""
    packages: dict[str, str] = {}
    for change in _manifests(changes):
        before, after = (
            {name: version for kind in _dependencies(content) for name, version in kind.items()}
            for content in (change.before, change.after)
        )
        names = sorted({*before, *after})
        packages |= {
            name: after.get(name, "") for name in names if before.get(name) != after.get(name)
        }
    return packages


def _manifests(changes: Changes) -> list[Change]:
    return [each for each in changes.changes if PurePosixPath(each.path).name == "package.json"]


def _dependencies(content: bytes | None) -> list[dict[str, str]]:
    manifest: Mapping[str, Any] = json.loads((content or b"{}").decode("utf-8-sig"))
    kinds = (manifest.get(kind) for kind in _KINDS)
    return [kind if isinstance(kind, dict) else {} for kind in kinds]


_KINDS = ("peerDependencies", "optionalDependencies", "devDependencies", "dependencies")


def line_count(content: bytes | None) -> int:
    """The number of lines of a file; a last line without a line feed counts, too."""
    text = content or b""
    return text.count(b"\n") + (not text.endswith(b"\n") and bool(text))


def _in_short(changes: list[Change], folder: str) -> Iterator[tuple[str, str, str]]:
    for verb in ("create", "edit", "remove"):
        paths = [change.path for change in changes if change.verb == verb]
        if len(paths) > 1:
            yield verb, folder, f"{len(paths)} files"
        elif paths:
            yield verb, paths[0], ""


def _lines_changed(change: Change) -> str:
    """`+2 -1`, as the diff has it."""
    signs = Counter(
        line[0]
        for line in change.diff().split("\n")
        if line[:1] in {"+", "-"} and not line.startswith(("+++ ", "--- "))
    )
    return f"+{signs['+']} -{signs['-']}"
