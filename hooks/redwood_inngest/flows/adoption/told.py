"""What an adoption leaves to the user, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from ...app.handler import SOURCE_SUFFIXES
from ...codemods.adoption.sends import computed_sends
from ...codemods.sdk.step import slugify
from ...graphql.event_texts import event_texts
from ..upgrade_sdk import UpgradedFile

# Said of options that go to modules of the template, which have their own.
_CALLS = ("new Inngest(", "= serve(", "useInngest({", "extraPlugins:")
_USER = "events of SDK 4 have no user"
_MOVED = re.compile(r"move [\w, ]+ from serve to the client")
_DONE = ("the app keeps its id", "serve takes a client since SDK 2", "SDK 4 is in cloud mode")


@dataclass(frozen=True)
class Told:
    """Something that is left to the user.

    Attributes:
        path: The file, relative to the app's folder.
        text: What was found there, and what to do.
        line: The line, from 1; 0 where it is about the whole file.
    """

    path: str
    text: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.text}"

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints for it."""
        return {"path": self.path, "line": self.line or None, "text": self.text}


def placed(
    one: UpgradedFile,
    places: Sequence[str],
    contents: Mapping[str, bytes | None],
    *,
    sends_users: bool,
) -> Iterator[Told]:
    """The notes of an upgrade, at their places in the files as they are after the adoption.

    Args:
        one: Its upgrade.
        places: The files that have its code after the adoption, the one with most of it first.
        contents: The new contents of the app's files.
        sends_users: Whether a plugin sent users with events, which `event_differences` tells.
    """
    lines = one.after.split("\n")
    after = {places[0]: one.after.encode(), **contents}
    for note in one.notes:
        if (
            _MOVED.match(note.text)
            or note.text.startswith(_DONE)
            or (sends_users and note.text.startswith(_USER))
        ):
            continue
        line = lines[note.line - 1].strip()
        found = ((path, _line_of(line, note.line, after.get(path))) for path in places)
        path, number = next((at for at in found if at[1]), (places[0], 0))
        yield Told(path, note.text, number)


def _line_of(line: str, usual: int, content: bytes | None) -> int:
    """Where a line is now: where it was, or the first of that text; 0 if it is not there."""
    lines = [each.strip() for each in (content or b"").decode().split("\n")]
    if lines[usual - 1 : usual] == [line]:
        return usual
    return lines.index(line) + 1 if line in lines else 0


def about_id(client: str, app_id: str) -> Iterator[Told]:
    """The note on an id that SDK 2 has written otherwise in the ids of functions."""
    if slugify(app_id) != app_id:
        yield Told(
            client,
            f"the app keeps its id, {app_id!r}. SDK 2 made the ids of its functions begin with "
            f"{slugify(app_id)!r}, and SDK 3 with {app_id!r}: Inngest takes them for new "
            "functions, so let running ones end first.",
        )


def with_line(told: Told, contents: Mapping[str, bytes | None]) -> Told:
    """The same with the line of the call that it is about, where it has no line yet."""
    lines = (contents.get(told.path) or b"").decode().split("\n")
    about = (at for at, line in enumerate(lines, 1) if any(call in line for call in _CALLS))
    return told if told.line else replace(told, line=next(about, 0))


def events_named(texts: Mapping[str, str]) -> list[str]:
    """The events that modules which use Inngest name by texts."""
    return [
        name
        for path, text in texts.items()
        if "inngest" in text and path.endswith(SOURCE_SUFFIXES)
        for _, name in event_texts(text, PurePosixPath(path).suffix)
    ]


def sends_without_types(contents: Mapping[str, bytes | None]) -> Iterator[Told]:
    """The places that tsc objects to, since the client of SDK 3 knows the types of events."""
    for path, content in contents.items():
        text = (content or b"").decode() if path.endswith(SOURCE_SUFFIXES) else ""
        if "inngest" in text:
            for line in computed_sends(text, PurePosixPath(path).suffix):
                yield Told(
                    path,
                    "the client knows its events by their types now, and tsc wants the name of one "
                    "here: write it out, or give the name a type of src/inngest/ownEvents.",
                    line,
                )


def event_differences(
    plugin: str, answers: Mapping[str, Any], contents: Mapping[str, bytes | None]
) -> Iterator[Told]:
    """The differences between the events of envelop-plugin-inngest and those of our plugin."""
    if answers.get("send_anonymous_operations"):
        yield Told(
            plugin,
            "operations without a name get other event names: envelop-plugin-inngest gave all of "
            "them that have no variables the same one, and ours tells them apart by their text. "
            "Functions on anonymous-... events need the new names.",
        )
    elif answers.get("send_introspection"):
        yield Told(
            plugin,
            "introspection without a name is not sent any more: envelop-plugin-inngest sent it "
            "with sendIntrospection alone, and ours needs sendAnonymousOperations, too.",
        )
    for path, content in contents.items():
        text = (content or b"").decode() if path.endswith(SOURCE_SUFFIXES) else ""
        for number, line in enumerate(text.split("\n"), 1):
            if "event.user" in line and "inngest" in text:
                yield Told(
                    path,
                    "the user of an operation is in event.data.user now, and not in event.user.",
                    number,
                )
