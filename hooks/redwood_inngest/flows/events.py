"""The events of an app: what its operations send."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..app.find import SCOPES, SOURCE_SUFFIXES
from ..app.packages import named_packages, repository_of
from ..errors import Refusal

if TYPE_CHECKING:
    from ..graphql.operations import Operations, Sources

_SUFFIXES = (*SOURCE_SUFFIXES, ".graphql", ".gql")
_NOT_SOURCES = {"node_modules", "dist", "__tests__", "__mocks__", "__fixtures__"}
# What Redwood and Cedar leave out of a build, and what runs only in Storybook.
_NOT_SENT = (".test", ".spec", ".scenarios", ".fixtures", ".mock", ".stories", ".d")


def app_operations(root: Path, answers: Mapping[str, Any]) -> Operations:
    """The operations in the sources of an app.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.

    Raises:
        Refusal: A folder that an answer names is not there.
    """
    # graphql-core takes a while to import, and most commands have no use for it.
    from ..graphql.operations import find_operations

    return find_operations(read_sources(root, answers), answers)


def read_sources(root: Path, answers: Mapping[str, Any]) -> Sources:
    """Read the files of an app in which GraphQL may be.

    Raises:
        Refusal: A folder that an answer names is not there.
    """
    from ..graphql.framework_schema import framework_schema
    from ..graphql.operations import Sources

    framework, api = str(answers["framework"]), str(answers["api_path"])
    files = {
        path: text
        for folder in (f"{api}/src", "web/src", *answers.get("operation_folders", ()))
        for path, text in _read_folder(root, folder)
    }
    realtime = f"{SCOPES[framework]}/realtime" in named_packages(root / api / "package.json")
    version = str(answers.get("framework_version", ""))
    return Sources(
        files,
        frozenset(path for path in files if _is_schema_file(path, api, answers)),
        framework_schema(framework, version, realtime=realtime),
    )


def _is_schema_file(path: str, api: str, answers: Mapping[str, Any]) -> bool:
    """Whether the framework, or the handler, takes the types in a file into the schema."""
    if not path.startswith(f"{api}/src/"):
        return False
    if path.endswith((".graphql", ".gql")) or path == answers.get("graphql_handler"):
        return True
    inside = path[len(f"{api}/src/") :]
    is_sdl = inside.startswith("graphql/") and Path(path).stem.endswith(".sdl")
    return is_sdl or inside.startswith(("directives/", "subscriptions/"))


def _read_folder(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    start = (root / folder).resolve()
    if not start.is_relative_to(repository_of(root)):
        raise Refusal(f"operation_folders has {folder}, which leads out of the repository.")
    if not start.is_dir():
        if folder == "web/src":
            return
        raise Refusal(f"operation_folders has {folder}, which is no folder of the app: correct it.")
    for above, folders, names in os.walk(start):
        folders[:] = sorted(
            name for name in folders if name not in _NOT_SOURCES and not name.startswith(".")
        )
        for name in sorted(names):
            file = Path(above, name)
            if file.suffix not in _SUFFIXES or file.stem.endswith(_NOT_SENT):
                continue
            if text := _read_text(file):
                yield Path(os.path.relpath(file, root)).as_posix(), text


def _read_text(file: Path) -> str:
    """The text of a file; nothing where it mentions no GraphQL, or is no text."""
    content = file.read_bytes()
    if file.suffix in SOURCE_SUFFIXES and b"`" not in content:
        return ""
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
