"""The events that an app's operations send, and the module that has their types."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..app.code_style import style_in
from ..app.config import side_config
from ..app.files import read_bytes
from ..app.find import root_of
from ..app.framework import FRAMEWORKS
from ..app.handler import ANSWERS_FILE, SOURCE_SUFFIXES
from ..app.packages import named_packages, repository_of
from ..changes import Changes, read
from ..errors import Refusal
from . import interrupted
from .answers import answer_value, read_answers

if TYPE_CHECKING:
    from ..graphql.operations import Operations, Sources

_GRAPHQL_SUFFIXES = (".graphql", ".gql")
_NOT_SOURCES = {"node_modules", "dist", "__tests__", "__mocks__", "__fixtures__"}
# Files that Redwood and Cedar leave out of a build, and those that run only in Storybook.
_NOT_SENT = (".test", ".spec", ".scenarios", ".fixtures", ".mock", ".stories", ".d")


@dataclass(frozen=True)
class Events:
    """The events of an app.

    Attributes:
        root: The app's folder.
        answers: The answers to the questionnaire.
        operations: The operations in its sources.
        changes: The changes that would bring the module up to date.
    """

    root: Path
    answers: Mapping[str, Any]
    operations: Operations
    changes: Changes

    @property
    def path(self) -> str:
        """The module with the types."""
        return module_path(self.answers)

    def what_changed(self) -> list[str]:
        """The outdated parts of the module: events, and types that several of them have."""
        for change in self.changes.changes:
            if change.path == self.path and change.before is not None:
                before, after = map(_parts, (change.before, change.after or b""))
                return [
                    f"{_verb(name in before, name in after)} {name}"
                    for name in sorted({*before, *after})
                    if before.get(name) != after.get(name)
                ]
        return [f"{change.path} is missing" for change in self.changes.changes]


def _parts(module: bytes) -> dict[str, str]:
    """The text of each event and of each other type in the module."""
    text = module.decode(errors="replace").replace("\r\n", "\n")
    events = {name[0].upper() + name[1:]: event for name, event in _exported(module).items()}
    parts: dict[str, str] = {}
    for block in text.split("\n\n"):
        named = re.findall(r"^export (?:const|type) (\w+)|\} (\w+)$", block, re.MULTILINE)
        name = "".join(named[-1]) if named else ""
        event = events.get(name[:1].upper() + name[1:])
        if name not in {"", "Events", "schemas"}:
            key = event or f"type {name}"
            parts[key] = parts.get(key, "") + block
    return parts


def _exported(module: bytes) -> dict[str, str]:
    """The events that the module exports, by their names there."""
    text = module.decode(errors="replace")
    return dict(re.findall(r"""^export const (\w+) =[^'"]*['"]([^'"]+)""", text, re.MULTILINE))


def _verb(was: bool, is_: bool) -> str:
    return "changed" if was and is_ else "added" if is_ else "removed"


def find_events(folder: Path, choose: Callable[[str], str] | None = None) -> Events:
    """Find the events of an app.

    Args:
        folder: The app's folder, or one in it.
        choose: Asks a person what to do about an earlier run that was interrupted; None where
            there is nobody, or nothing is to be written.

    Returns:
        The events; nothing is written.

    Raises:
        Refusal: It is no app, or is not set up.
    """
    root = root_of(folder)
    interrupted.check(root, dry_run=choose is None, choose=choose)
    if not (root / ANSWERS_FILE).exists():
        raise Refusal(
            f"{root} is not set up yet: it has no {ANSWERS_FILE}. Run `redwood-inngest setup`."
        )
    answers = read_answers(root / ANSWERS_FILE)
    operations = app_operations(root, answers)
    return Events(root, answers, operations, _planned(root, operations, answers))


def check_schema(events: Events) -> None:
    """Check that the types can be told.

    Raises:
        Refusal: The schema cannot be read; the first reason is named.
    """
    mistakes = events.operations.app_schema.mistakes
    if mistakes:
        first = mistakes[0]
        raise Refusal(
            f"{first.message} Repair the schema: {events.path} is made from it.",
            path=first.path,
            line=first.line or None,
            column=first.column or None,
        )


def watch(folder: Path, tell: Callable[[Events], None], pause: float = 0.5) -> None:
    """Find the events again whenever a source has changed, until interrupted.

    Args:
        folder: The app's folder, or one in it.
        tell: Called with the events, at first and after each change.
        pause: Seconds between two looks at the files.
    """
    seen: dict[Path, float] | None = None
    while True:
        events = find_events(folder)
        now = {
            file: file.stat().st_mtime
            for start in _folders(events.root, events.root, events.answers)
            for file in _files(start)
            if file.exists() and file != events.root / events.path
        }
        if now != seen:
            seen = now
            tell(events)
        time.sleep(pause)


# The module


def module_path(answers: Mapping[str, Any], name: str = "events") -> str:
    """A module of `src/inngest`, relative to the app's folder."""
    return f"{answers['api_path']}/src/inngest/{name}.{answers['language']}"


def event_modules(
    root: Path,
    answers: Mapping[str, Any],
    installed: Path | None = None,
    rendered: Mapping[str, bytes] | None = None,
    named: Iterable[str] = (),
) -> dict[str, bytes]:
    """The modules of an app that are made from its operations.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.
        installed: The app's own folder, where `root` is a copy of it.
        rendered: The files of the template that are not in the app yet.
        named: Events that functions outside of `src/inngest` name.

    Returns:
        Their contents by path; the team's own only where it is not there yet.
    """
    operations = app_operations(root, answers, installed, rendered)
    changes = _planned(root, operations, answers, named)
    return {change.path: change.after or b"" for change in changes.changes}


def _planned(
    root: Path, operations: Operations, answers: Mapping[str, Any], more: Iterable[str] = ()
) -> Changes:
    from ..graphql.event_types import events_module, own_events_module

    path, own, style = module_path(answers), module_path(answers, "ownEvents"), style_in(answers)
    contents = {path: _as_checked_out(read(root, path), events_module(operations, answers, style))}
    if read(root, own) is None:
        known = {each.event for each in operations.operations if each.is_sent}
        texts = (each.name for each in named_events(root, answers))
        named = dict.fromkeys((*texts, *more))
        unknown = [name for name in named if name not in known]
        contents[own] = own_events_module(answers, style, unknown).encode()
    return Changes.planned(root, contents)


def _as_checked_out(present: bytes | None, text: str) -> bytes:
    """The text with the line ends that Git has given the file."""
    content = text.encode()
    return present if present and present.replace(b"\r\n", b"\n") == content else content


# The sources


def app_operations(
    root: Path,
    answers: Mapping[str, Any],
    installed: Path | None = None,
    rendered: Mapping[str, bytes] | None = None,
) -> Operations:
    """The operations in the sources of an app.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.
        installed: The app's own folder, where `root` is a copy of it.
        rendered: The files of the template that are not in the app yet.

    Raises:
        Refusal: A folder that an answer names is not there.
    """
    # graphql-core takes a while to import, and most commands have no use for it.
    from ..graphql.operations import find_operations

    return find_operations(read_sources(root, answers, installed, rendered), answers)


def read_sources(
    root: Path,
    answers: Mapping[str, Any],
    installed: Path | None = None,
    rendered: Mapping[str, bytes] | None = None,
) -> Sources:
    """Read the files of an app in which GraphQL may be; see `app_operations`.

    Raises:
        Refusal: A folder that an answer names is not there.
    """
    from ..graphql.framework_schema import framework_schema
    from ..graphql.operations import Sources

    framework, api = FRAMEWORKS[str(answers["framework"])], str(answers["api_path"])
    files = {path: content.decode() for path, content in (rendered or {}).items()}
    files = {path: text for path, text in files.items() if _is_source(Path(path))}
    for folder in _folders(root, installed or root, answers):
        for file in _files(folder):
            if text := _text(file):
                start = root if file.is_relative_to(root) else installed or root
                files[Path(os.path.relpath(file, start)).as_posix()] = text
    realtime = f"{framework.scope}/realtime" in named_packages(root / api / "package.json")
    version = str(answers.get("framework_version", ""))
    return Sources(
        files,
        frozenset(path for path in files if _is_schema_file(path, api, answers)),
        framework_schema(framework.name, version, realtime=realtime),
    )


def _is_schema_file(path: str, api: str, answers: Mapping[str, Any]) -> bool:
    """Whether the framework, or the handler, takes the types in a file into the schema."""
    if not path.startswith(f"{api}/src/"):
        return False
    if path.endswith(_GRAPHQL_SUFFIXES) or path == answers.get("graphql_handler"):
        return True
    inside = path[len(f"{api}/src/") :]
    is_sdl = inside.startswith("graphql/") and Path(path).stem.endswith(".sdl")
    return is_sdl or inside.startswith(("directives/", "subscriptions/"))


def _folders(root: Path, installed: Path, answers: Mapping[str, Any]) -> Iterator[Path]:
    """The folders that hold sources: those of the app, and those that an answer names."""
    config = root / FRAMEWORKS[str(answers["framework"])].config_file
    web = str(side_config(config, "web").get("path", "web"))
    sides = (root / side / "src" for side in (str(answers["api_path"]), web))
    yield from (side for side in sides if side.is_dir())
    for named in answers.get("operation_folders") or ():
        folder = (installed / named).resolve()
        if not folder.is_relative_to(repository_of(installed)):
            raise Refusal(
                f"operation_folders has {named}, which leads out of the app's repository: name "
                "folders in it."
            )
        if not folder.is_dir():
            raise Refusal(f"operation_folders has {named}, which is no folder: correct it.")
        inside = (
            root / folder.relative_to(installed) if folder.is_relative_to(installed) else folder
        )
        yield inside


def _files(start: Path) -> Iterator[Path]:
    """The sources in a folder."""
    for above, folders, names in os.walk(start):
        folders[:] = sorted(
            name for name in folders if name not in _NOT_SOURCES and not name.startswith(".")
        )
        for name in sorted(names):
            file = Path(above, name)
            if _is_source(file):
                yield file


def _is_source(file: Path) -> bool:
    is_source = file.suffix in (*SOURCE_SUFFIXES, *_GRAPHQL_SUFFIXES)
    return is_source and not file.stem.endswith(_NOT_SENT)


def _text(file: Path) -> str:
    """The text of a file; empty where it can hold no GraphQL."""
    content = read_bytes(file)
    if file.suffix in SOURCE_SUFFIXES and b"`" not in content:
        return ""
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


# The example function


def example_kept_home(answers: Mapping[str, Any]) -> str:
    """The reason why the query of the example function sends no event; empty where it does.

    Args:
        answers: The answers to the questionnaire.
    """
    from ..graphql.framework_schema import framework_schema
    from ..graphql.operations import Sources, find_operations

    framework = str(answers["framework"])
    query = f"query HelloWorld {{ {framework} {{ version }} }}"
    schema = framework_schema(framework, str(answers["framework_version"]), realtime=False)
    sources = Sources({"helloWorld.graphql": query}, frozenset(), schema)
    (operation,) = find_operations(sources, answers).operations
    return (
        f"{operation.kept_home.answer}: {operation.kept_home.reason}" if operation.kept_home else ""
    )


# Answers that name parts of the schema

_NAMING = ("denied_types", "denied_coordinates", "redact_paths")


def check_given_names(root: Path, facts: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Check that the names in answers are in the app's schema.

    Args:
        root: The app's folder.
        facts: The facts about the app: the folders of its sides, and its framework.
        given: Answers by question, checked for themselves already.

    Raises:
        Refusal: The schema lacks a name; the nearest one is told.
    """
    named = {question: given[question] for question in _NAMING if given.get(question)}
    named = {question: answer_value(question, answer) for question, answer in named.items()}
    if not any(named.values()):
        return
    from ..graphql.known_names import check_names

    operations = app_operations(root, facts)
    for question, names in named.items():
        check_names(question, names, operations)


# The functions that name events


@dataclass(frozen=True)
class NamedEvent:
    """An event that a function names by a text, and not by an export of the module."""

    path: str
    line: int
    name: str


def named_events(root: Path, answers: Mapping[str, Any]) -> list[NamedEvent]:
    """The events that the app's own code in `src/inngest` names by texts.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.

    Returns:
        The texts after `event:` and, in events that are sent, after `name:`.
    """
    from ..graphql.event_texts import event_texts

    return [
        NamedEvent(path, line, name)
        for path, text, suffix in _own_modules(root, answers)
        for line, name in event_texts(text, suffix)
    ]


def _own_modules(root: Path, answers: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The paths, texts and suffixes of the team's own modules in `src/inngest`."""
    for file in _files(root / answers["api_path"] / "src" / "inngest"):
        path = file.relative_to(root).as_posix()
        is_ours = path == module_path(answers) or "/inngest/useInngest" in path
        if file.suffix in SOURCE_SUFFIXES and not is_ours:
            yield path, read_bytes(file).decode("utf-8-sig", errors="replace"), file.suffix


def renamed_events(
    root: Path, old: Mapping[str, Any], new: Mapping[str, Any], former: Path
) -> tuple[str, ...]:
    """The places in functions that name events which have other names now, or are not sent.

    Functions that import a name which the events module still has follow by themselves.

    Args:
        root: The app's folder, as it is after a change of answers.
        old: The answers before.
        new: The answers now.
        former: The app's folder as it was before.

    Returns:
        A line for each place: the file, the line, and what became of the event.
    """
    from ..graphql.event_texts import imported_events

    was, is_ = (f"{answers.get('event_prefix', 'graphql').lower()}/" for answers in (old, new))
    before = _exported(read(former, module_path(old)) or b"")
    now = _exported(read(root, module_path(new)) or b"")
    gone = {name: event for name, event in before.items() if name not in now}
    lines = []
    for each in named_events(root, new):
        if each.name in gone.values():
            lines.append(f"{each.path}:{each.line}: {each.name} is not sent any more")
        elif each.name.startswith(was) and was != is_:
            renamed = f"{is_}{each.name[len(was) :]}"
            lines.append(f"{each.path}:{each.line}: {each.name} is {renamed} now")
    for path, text, suffix in _own_modules(root, new) if gone else ():
        for line, name in imported_events(text, suffix):
            if name in gone:
                lines.append(f"{path}:{line}: {name} ({gone[name]}) is not sent any more")
    return tuple(lines)


def note_on_texts(root: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The end of a sentence about other answers: the functions that name events by former texts.

    Args:
        root: The app's folder, as it is.
        old: The answers that it was set up with.
        new: The answers that are given now.

    Returns:
        A line for each place, after one that says what they are; empty without any.
    """
    places = renamed_events(root, old, new, root)
    if not places:
        return ""
    return (
        "\nThese functions name events by texts, and are yours to change then:\n  "
        + "\n  ".join(places)
    )
