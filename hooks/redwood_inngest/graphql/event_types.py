"""The module `src/inngest/events` of the app: its events, by names and with types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..typescript.house_style import restyle
from ..typescript.literals import string_literal
from ..typescript.style import CodeStyle
from ..typescript.type_text import STRING, Atom, Object, Property, Room, Type, render
from .data_types import DataTypes
from .operations import Operation, Operations

ANY_OPERATION = "anyOperation"
_DATA_OF_ANY = "AnyOperation"


def export_names(operations: Iterable[Operation]) -> dict[str, str]:
    """The export of the events module for each event.

    Args:
        operations: Those that are sent.

    Returns:
        By the name of the event, the name of the export: `findPostQuery` for the query `FindPost`
        and for the query `FindPostQuery`. Where an app has both, the second is
        `findPostQueryQuery`; where words alone do not tell two apart, one ends in `_`.
    """
    events = {each.event: each for each in operations}
    short = {event: _export_name(each, short=True) for event, each in events.items()}
    clashing = {name for name, count in Counter(short.values()).items() if count > 1}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for event, each in events.items():
        name = _export_name(each, short=short[event] not in clashing)
        while name in taken:
            name += "_"
        taken.add(name)
        names[event] = name
    return names


def _export_name(operation: Operation, *, short: bool) -> str:
    words = [word for word in re.split(r"[-_]+", operation.event_id) if word]
    if not (short and words[1:] and words[-1] == operation.kind):
        words.append(operation.kind)
    name = words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])
    return f"_{name}" if name[0].isdigit() else name


def type_name(export: str) -> str:
    """The name of the type of an event's data: `FindPostQuery` for the export `findPostQuery`."""
    return export[0].upper() + export[1:]


def events_module(operations: Operations, answers: Mapping[str, Any], style: CodeStyle) -> str:
    """The module with the app's events, as it lands in the app.

    Args:
        operations: The app's operations.
        answers: The answers to the questionnaire.
        style: The style of the app's code.

    Returns:
        The text. The events are those of the operations that are sent and fit the schema.
    """
    language, sdk = answers.get("language", "ts"), answers.get("sdk_major", 4)
    writer = (_JavaScript if language == "js" else _TypeScript)(answers, style)
    by_event: dict[str, list[Operation]] = {}
    for operation in operations.operations:
        group = by_event.setdefault(operation.event, []) if operation.is_sent else []
        if not any(each.text == operation.text for each in group):
            group.append(operation)
    exports = export_names(each for group in by_event.values() for each in group)
    types = {event: type_name(export) for event, export in exports.items()}
    made = DataTypes(operations.app_schema.schema, answers, types.values())
    user = made.user()
    data = {
        event: made.one_of([made.data(each, types[event]) for each in group], types[event])
        for event, group in by_event.items()
    }
    any_data = made.any_operation()
    parts = [writer.header(sdk), *(writer.type(*each) for each in made.declared.items())]
    for event, group in by_event.items():
        parts.append(writer.type(types[event], data[event], _signature(group[0])))
        parts.append(writer.event(exports[event], event, types[event], sdk))
    prefix = str(answers.get("event_prefix", "graphql")).lower()
    any_comment = "An operation of any name, also of clients that are not in these sources."
    parts.append(writer.type(_DATA_OF_ANY, any_data, any_comment))
    parts.append(writer.event(ANY_OPERATION, f"{prefix}/*", _DATA_OF_ANY, sdk))
    if sdk == 3:
        has_user = answers.get("plugin") == "package"
        entries = [
            Property(string_literal(event), _entry(types[event], user if has_user else None))
            for event in by_event
        ]
        any_entry = _entry(_DATA_OF_ANY, user if has_user else None, STRING)
        entries.append(Property(string_literal(f"{prefix}/*"), any_entry))
        comment = "All events of operations, by their names."
        parts.append(writer.type("Events", Object(tuple(entries)), comment))
        parts.append(writer.schemas())
    text = "\n\n".join(parts) + "\n"
    return restyle(text, style, f".{language}")


def own_events_module(
    answers: Mapping[str, Any], style: CodeStyle, names: Iterable[str] = ()
) -> str:
    """The module for the events that the team sends itself, as it is on its first day.

    Args:
        answers: The answers to the questionnaire.
        style: The style of the app's code.
        names: The events that functions name already, and that no operation sends. SDK 3 lets
            functions name only the events that the client knows.
    """
    language, sdk = answers.get("language", "ts"), answers.get("sdk_major", 4)
    example = string_literal(f"{answers.get('event_prefix', 'graphql')}-jobs/order.shipped")
    text = _OWN[language, sdk].replace("EVENT", example)
    entries = "".join(_UNTYPED.replace("EVENT", string_literal(name)) for name in names)
    if entries and sdk == 3:
        entries = entries if language == "ts" else re.sub("^ *//.*\n", "", entries, flags=re.M)
        known = f"{{\n{entries}}}"
        if language == "js":
            known = "{" + known.replace("\n", "\n * ") + "}"
        # The last one: the comment above it has the same words.
        before, after = text.rsplit(_NO_EVENTS[language], 1)
        text = before + known + after
    return restyle(text, style, f".{language}")


_NO_EVENTS = {"ts": "Record<never, never>", "js": "{Record<never, never>}"}
_UNTYPED = """\
  EVENT: {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    data: Record<string, any>
  }
"""
_OWN = {
    ("ts", 4): """\
// The events that you send yourself: this file is yours.
//
// import { eventType, staticSchema } from 'inngest'
//
// export const orderShipped = eventType(EVENT, {
//   schema: staticSchema<{ orderId: number }>(),
// })
//
// await inngest.send(orderShipped.create({ orderId: 1 }))

export {}
""",
    ("ts", 3): """\
/**
 * The events that you send yourself: this file is yours.
 *
 * export type OwnEvents = {
 *   EVENT: { data: { orderId: number } }
 * }
 */
export type OwnEvents = Record<never, never>
""",
    ("js", 4): """\
// The events that you send yourself: this file is yours.
//
// import { eventType, staticSchema } from 'inngest'
//
// /** @typedef {typeof staticSchema<{ orderId: number }>} OrderSchema */
// /** @type {import('inngest').EventType<EVENT, ReturnType<OrderSchema>>} */
// export const orderShipped = eventType(EVENT, { schema: staticSchema() })
//
// await inngest.send(orderShipped.create({ orderId: 1 }))

export {}
""",
    ("js", 3): """\
/**
 * The events that you send yourself: this file is yours.
 *
 * Put them in place of the type below, as in
 * {{ EVENT: { data: { orderId: number } } }}
 *
 * @typedef {Record<never, never>} OwnEvents
 */

export {}
""",
}


def _signature(operation: Operation) -> str:
    """`query FindPost($id: Int!)`."""
    variables = ", ".join(f"${each.name}: {each.type}" for each in operation.variables)
    return f"{operation.kind} {operation.name}{f'({variables})' if variables else ''}"


def _entry(data: str, user: Type | None, name: Type | None = None) -> Object:
    properties = [Property("name", name)] if name else []
    properties.append(Property("data", Atom(data)))
    return Object((*properties, *([Property("user", user)] if user else [])))


_HEADER = """\
// Generated by `redwood-inngest events --write` from the GraphQL operations of
// this app: it overwrites your edits. Your own events belong in ownEvents.
"""


class _TypeScript:
    """The code of the parts of the module in TypeScript."""

    def __init__(self, answers: Mapping[str, Any], style: CodeStyle) -> None:
        indent_width = len(style.indent.expandtabs(style.tab_width))
        width = style.print_width - len(style.semicolon)
        self._room = Room(width, indent_width)
        self._own = "src/inngest/ownEvents" + (".js" if answers.get("module") == "esm" else "")

    def header(self, sdk: int) -> str:
        """The comment at the top, and the imports."""
        if sdk == 4:
            return f"{_HEADER}\nimport {{ eventType, staticSchema }} from 'inngest'"
        imported = "import { EventSchemas } from 'inngest'"
        return f"{_HEADER}\n{imported}\n\nimport type {{ OwnEvents }} from '{self._own}'"

    def type(self, name: str, type_: Type, comment: str = "") -> str:
        """A type with a name."""
        above = f"/** {comment} */\n" if comment else ""
        return above + render(type_, f"export type {name} = ", self._room)

    def event(self, export: str, event: str, data: str, sdk: int) -> str:
        """The code by which functions name an event."""
        literal = string_literal(event)
        if sdk == 3:
            return self._constant(export, literal)
        return self._call(export, literal, f"schema: staticSchema<{data}>(),")

    def schemas(self) -> str:
        """The types of all events, for the client."""
        made = "new EventSchemas().fromRecord<"
        line = f"export const schemas = {made}Events & OwnEvents>()"
        if not self._room.fits(0, line):
            line = f"export const schemas = {made}\n  Events & OwnEvents\n>()"
        return f"/** What the client knows of events. */\n{line}"

    def _constant(self, export: str, literal: str) -> str:
        line = f"export const {export} = {literal}"
        if self._room.fits(0, line):
            return line
        return f"export const {export} =\n  {literal}"

    def _call(self, export: str, literal: str, schema: str) -> str:
        head = f"export const {export} = eventType("
        # An open brace stands for itself here: what follows it is on the next lines.
        if len(f"{head}{literal}, {{") <= self._room.print_width:
            return f"{head}{literal}, {{\n  {schema}\n}})"
        return f"{head}\n  {literal},\n  {{\n    {schema}\n  }}\n)"


class _JavaScript(_TypeScript):
    """The code of the parts of the module in JavaScript, with types in comments."""

    def header(self, sdk: int) -> str:
        if sdk == 4:
            return f"{_HEADER}\nimport {{ eventType, staticSchema }} from 'inngest'"
        return f"{_HEADER}\nimport {{ EventSchemas }} from 'inngest'"

    def type(self, name: str, type_: Type, comment: str = "") -> str:
        text = render(_without_comments(type_), "", Room(78, 2))
        lines = [f"@typedef {{{text}}} {name}"]
        return _comment([comment, "", *lines] if comment else lines)

    def event(self, export: str, event: str, data: str, sdk: int) -> str:
        literal = string_literal(event)
        if sdk == 3:
            return self._constant(export, literal)
        schema = f"ReturnType<typeof staticSchema<{data}>>"
        type_ = f"@type {{import('inngest').EventType<{literal}, {schema}>}}"
        return f"/** {type_} */\n{self._call(export, literal, 'schema: staticSchema(),')}"

    def schemas(self) -> str:
        own = f"import('{self._own}').OwnEvents"
        return (
            "const withoutTypes = new EventSchemas()\n\n"
            + _comment(
                [
                    "What the client knows of events.",
                    "",
                    f"@type {{ReturnType<typeof withoutTypes.fromRecord<Events & {own}>>}}",
                ]
            )
            + "\nexport const schemas = withoutTypes"
        )


def _comment(lines: Sequence[str]) -> str:
    def starred() -> Iterator[str]:
        for line in "\n".join(lines).split("\n"):
            yield f" * {line}".rstrip()

    return "/**\n" + "\n".join(starred()) + "\n */"


def _without_comments(type_: Type) -> Type:
    """The type without texts that would end the comment around it."""
    if not isinstance(type_, Object):
        return type_
    properties = (Property(each.key, each.type, each.optional) for each in type_.properties)
    return Object(tuple(properties))
