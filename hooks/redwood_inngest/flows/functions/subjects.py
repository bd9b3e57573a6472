"""The subjects of functions: the events of an app's operations, and others by their names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Refusal
from ...graphql.event_types import export_names
from ...graphql.fields import Field, fields_of
from ...graphql.operations import Operation, Operations
from ...typescript.literals import string_literal
from .files import Subject

# Names in a function's own code, which no value that it reads may have.
_TAKEN = frozenset(
    """
    async data error event events false found identifiers inngest later module null results
    saved step true undefined
    """.split()  # noqa: SIM905 - a list would be 17 lines
)
_RESERVED = frozenset(
    """
    arguments await break case catch class const continue debugger default delete do else enum eval
    export extends finally for function if implements import in instanceof interface let new package
    private protected public return static super switch this throw try typeof var void while with
    yield
    """.split()  # noqa: SIM905
)
# A limit so that Prettier breaks no line because of the name of a function or of its value.
MAX_NAME = 40
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
# https://www.inngest.com/docs/features/events-triggers/event-format
_EVENT_NAME = re.compile(r"[^\s'\"`\\*]{1,256}")


def is_name(text: str) -> bool:
    """Whether a text can be the name of something in the app's code."""
    return bool(_NAME.fullmatch(text)) and text not in _RESERVED | _TAKEN


def _is_readable(field: Field) -> bool:
    """Whether a function can read a field in one line."""
    return is_name(field.name) and len(".".join(field.path)) <= MAX_NAME


@dataclass(frozen=True)
class Triggers:
    """The triggers that functions of an app can run on.

    Attributes:
        found: The app's operations.
        answers: The answers to the questionnaire.
    """

    found: Operations
    answers: Mapping[str, Any]

    @property
    def operations(self) -> list[Operation]:
        """The operations that send an event, each event once."""
        return list({each.event: each for each in self.found.operations if each.is_sent}.values())

    def exports(self) -> dict[str, str]:
        """The names of the events, by their exports in the events module."""
        return {name: event for event, name in export_names(self.operations).items()}

    def operation(self, name: str) -> Operation:
        """The operation of this name, or the one with the event of this name.

        Raises:
            Refusal: There is none; the nearest is named.
        """
        known = {each.event: each for each in self.operations}
        known |= {each.name: each for each in reversed(self.operations)}
        if name in known:
            return known[name]
        if kept := next((each for each in self.found.operations if each.name == name), None):
            why = kept.kept_home.reason if kept.kept_home else "it does not fit the schema"
            raise Refusal(
                f"the {kept.kind} {name} ({kept.path}:{kept.line}) sends no event: {why}."
            )
        if not known:
            raise Refusal(
                "no operation of this app sends an event: there is none with a name in the sources"
                " of the web and api sides. Use --event or --cron."
            )
        near = difflib.get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise Refusal(
            f"there is no operation {name} that sends an event.{hint}"
            " `redwood-inngest events` lists them."
        )

    def subject(self, operation: Operation, other: Operation | None = None) -> Subject:
        """An operation's event, and a field of it.

        Args:
            operation: The operation.
            other: An operation whose event is compared with it; shared fields are preferred.

        Returns:
            With a field of the variables, or the objects that it touched where there is none.
        """
        schema = self.found.app_schema.schema
        fields = [each for each in fields_of(operation, schema) if _is_readable(each)]
        same = {each.text for each in self.found.operations if each.event == operation.event}
        if len(same) > 1:  # their variables may be different
            return self.identifiers(operation)
        if other:
            theirs = {each.name for each in fields_of(other, schema)}
            fields.sort(key=lambda each: each.name not in theirs)
        if not fields:
            return self.identifiers(operation)
        field = fields[0]
        optional = field.optional_from + 1 if field.is_optional else 0
        path = ("variables", *field.path)
        return self._subject(operation, path, field.sample, optional, can_key=True)

    def identifiers(self, operation: Operation) -> Subject:
        """An operation's event, and the list of the objects that it touched."""
        touched = [{"typename": _touched_type(operation, self.found), "id": 1}]
        return self._subject(operation, ("identifiers",), touched)

    def _subject(
        self,
        operation: Operation,
        path: tuple[str, ...],
        value: object,
        optional: int = 0,
        *,
        can_key: bool = False,
    ) -> Subject:
        exported = export_names(self.operations)[operation.event]
        name = f"{exported}.name" if self.answers["sdk_major"] == 4 else exported
        what = f"{operation.kind} {operation.name}"
        return Subject(what, exported, name, exported, path, optional, value, can_key)

    def by_name(self, event: str) -> Subject:
        """An event by its name: one of the app's operations, or any other.

        Raises:
            Refusal: It cannot be the name of an event.
        """
        if not _EVENT_NAME.fullmatch(event) or event.startswith("inngest/"):
            raise Refusal(
                f"{event!r} cannot be the name of an event: use letters, digits and / . _ -, as in"
                " shop/order.paid; names that begin with inngest/ are Inngest's own."
            )
        for operation in self.operations:
            if operation.event == event:
                return self.subject(operation)
        quoted = string_literal(event)
        return Subject(f"event {event}", quoted, quoted, "", (), value={"id": "1"})

    def items(self, event: str) -> Subject:
        """An event by its name, with a list of items to run something for."""
        subject = self.by_name(event)
        if subject.exported:
            return self.identifiers(self.operation(event))
        what, text = subject.what, subject.event
        return Subject(what, text, text, "", ("items",), value=[{"id": "1"}])

    def pair(self, first: str, second: str) -> tuple[Subject, Subject, str]:
        """Two events, and the condition that they belong together.

        Args:
            first: The name of an operation or an event.
            second: The name of another one.

        Raises:
            Refusal: One of them is not there, or they are the same.
        """
        if first == second:
            raise Refusal(f"{first} cannot be both events: name two.")
        one, two = (
            self.operation(each) if self._is_operation(each) else None for each in (first, second)
        )
        subject = self.subject(one, two) if one else self.by_name(first)
        other = self.subject(two, one) if two else self.by_name(second)
        return subject, other, self.match(subject, other)

    def _is_operation(self, name: str) -> bool:
        return "/" not in name or any(each.event == name for each in self.operations)

    def match(self, subject: Subject, other: Subject) -> str:
        """The condition that two events belong together, in Inngest's expression language."""
        one, two = subject, other
        if not (one.can_key and two.can_key and one.name == two.name):
            if "id" in self.answers.get("user_fields", ()):
                return "async.data.user.id == event.data.user.id"
            if not (one.can_key and two.can_key):
                return "async.data.id == event.data.id"
        return f"async{two.key.removeprefix('event')} == {one.key}"


def _touched_type(operation: Operation, found: Operations) -> str:
    """A type of an object that an operation touches."""
    root = found.app_schema.schema.get_root_type(operation.definition.operation)
    for name in operation.fields if root else ():
        kind: Any = root.fields[name].type if root and name in root.fields else None
        while hasattr(kind, "of_type"):
            kind = kind.of_type
        if hasattr(kind, "fields"):
            return str(kind.name)
    return "Post"


def suggested_name(operation: str, kind: str, taken: Iterable[str]) -> str:
    """A name for a function that nothing else has: `onCreatePost` for `CreatePostMutation`."""
    words = re.sub(r"(Query|Mutation|Subscription)$", "", operation) or operation
    words = words.strip("_")
    base = f"on{words[:1].upper()}{words[1:]}"[:MAX_NAME]
    used = {name.lower() for name in taken}
    kind_words = "".join(word.title() for word in kind.split("-"))
    longer = f"{base}{kind_words}"[:MAX_NAME]
    numbered = (f"{base[: MAX_NAME - 3]}{number}" for number in range(2, 1000))
    return next(name for name in (base, longer, *numbered) if name.lower() not in used)
