"""The files of a function, made with its kind's templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jinja2

from ...app.code_style import style_in
from ...typescript.literals import string_literal
from ..rendering import app_code

TEMPLATES = Path(__file__).with_name("templates")

# By how many letters a key is longer than an indent for Prettier to break the line behind it.
_LONG_KEY = 3
# Columns of a line where the answers do not say.
_WIDTH = 80


@dataclass(frozen=True)
class Subject:
    """The subject of a function: the event that it runs on, and a value in it.

    Attributes:
        what: The event, in words: `mutation CreatePost`.
        event: The code that names the event.
        event_name: The code for its name, as a test's event has it.
        exported: Its export in the events module; empty where it is named by its text.
        name: The name of the value that the function reads.
        path: The names that lead to the value in the event's data.
        optional_from: The number of names of the path that are sure to be there; 0 where all are.
        value: An example of the value.
        can_key: Whether the value tells runs apart, in an expression.
    """

    what: str
    event: str
    event_name: str
    exported: str
    path: tuple[str, ...]
    optional_from: int = 0
    value: Any = None
    can_key: bool = False

    @property
    def name(self) -> str:
        """The function's name for the value."""
        return self.path[-1] if self.path else "data"

    @property
    def key(self) -> str:
        """The value in Inngest's expression language; empty where it tells no runs apart."""
        return ".".join(("event", "data", *self.path)) if self.can_key else ""

    @property
    def sample(self) -> dict[str, Any]:
        """The data of an event that has the value."""
        data = self.value
        for name in reversed(self.path):
            data = {name: data}
        return data if isinstance(data, dict) else {}

    def read_from(self, data: str) -> str:
        """The code that reads it from an event's data."""
        parts = [data]
        for number, name in enumerate(self.path):
            missing = self.optional_from and number >= self.optional_from
            parts.append(f"?.{name}" if missing else f".{name}")
        return "".join(parts)


@dataclass(frozen=True)
class Recipe:
    """A function to make.

    Attributes:
        kind: One of `KINDS`.
        name: The function.
        subject: The event that it runs on; None for a schedule.
        other: The event that cancels it, or that it waits for.
        match: The condition that the other is the right one, in Inngest's expression language.
        cron: The schedule.
        zone: The time zone of the schedule.
        child: The function that it runs for each object.
    """

    kind: str
    name: str
    subject: Subject | None = None
    other: Subject | None = None
    match: str = ""
    cron: str = ""
    zone: str = ""
    child: str = ""

    @property
    def exports(self) -> list[str]:
        """The names that its module imports from the events module."""
        used = (each.exported for each in (self.subject, self.other) if each)
        return [] if self.kind == "invoked" else [name for name in used if name]


def function_id(name: str) -> str:
    """The id of a function at Inngest: `on-create-post` for `onCreatePost`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").strip("-").lower()


def function_code(recipe: Recipe, answers: Mapping[str, Any]) -> str:
    """The function's module as it lands in the app."""
    return _rendered(f"{recipe.kind}.jinja", recipe, answers)


def test_code(recipe: Recipe, answers: Mapping[str, Any]) -> str:
    """The module of the function's test as it lands in the app."""
    return _rendered(f"{recipe.kind}.test.jinja", recipe, answers)


def _rendered(template: str, recipe: Recipe, answers: Mapping[str, Any]) -> str:
    layout = _Layout(answers)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - it is code, and what is put in is a literal
    )
    environment.filters |= {
        "quoted": string_literal,
        "property": layout.property,
        "literal": partial(_literal, layout),
    }
    exports = recipe.exports[:1] if template.endswith(".test.jinja") else recipe.exports
    parameters = _parameters(recipe.subject)
    rendered = environment.get_template(template).render(
        vars(recipe)
        | {
            "id": function_id(recipe.name),
            "sdk": answers["sdk_major"],
            "language": answers["language"],
            "event_imports": layout.imports(exports),
            "module": answers.get("module", "cjs"),
            "reading": layout.reading(recipe.subject) if recipe.subject else "",
            "trigger": layout.trigger(recipe),
            "triggers": layout.triggers(recipe),
            "parameters": parameters,
            "example": {each.name: each.example for each in parameters},
        }
    )
    module, style = answers.get("module", "cjs"), answers.get("code_style", {})
    # Without types it is the same in both languages.
    return app_code(rendered, "ts", module, style)


@dataclass(frozen=True)
class Parameter:
    """A value that a function is invoked with.

    Attributes:
        name: Its name.
        type: Its type in TypeScript.
        example: A value that it may have.
        argument: The code that gives it, in a function on an event.
    """

    name: str
    type: str
    example: Any
    argument: str


def _parameters(subject: Subject | None) -> list[Parameter]:
    """The parameters of a function that is invoked by one that runs on this subject."""
    if subject is None or not subject.path:
        return [Parameter("id", "string", "1", "id: event.data.id")]
    if isinstance(subject.value, list):
        types = {"id": "string | number"}
        return [
            Parameter(name, types.get(name, "string"), example, name)
            for name, example in subject.value[0].items()
        ]
    kind = {bool: "boolean", int: "number", float: "number"}.get(type(subject.value), "string")
    argument = f"{subject.name}: {subject.read_from('event.data')}"
    return [Parameter(subject.name, kind, subject.value, argument)]


class _Layout:
    """Prettier's breaks of lines whose length depends on names, in the app's own width."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        style = style_in(answers)
        self._level = len(style.indent.expandtabs(style.tab_width))
        self._semicolon = int(style.semi)
        self._padding = 0 if style.bracket_spacing else 2
        self._suffix = len(".js") if answers.get("module") == "esm" else 0
        self.width = style.print_width

    def _fits(self, line: str, depth: int, end: int = 0) -> bool:
        return self._level * depth + len(line) + end <= self.width

    def property(self, key: str, value: str, depth: int) -> str:
        """A property and its value, which goes on the next line where it is too long."""
        line = f"{key}: {value}"
        # Only a text and a chain of names go on a line of their own, and not behind a key that
        # is hardly longer than an indent.
        is_breakable = re.match(r"'|[\w$]+\.", value) and len(key) - self._level >= _LONG_KEY
        if self._fits(line, depth, 1) or not is_breakable:
            return line
        return f"{key}:\n{'  ' * (depth + 1)}{value}"

    def trigger(self, recipe: Recipe) -> str:
        """The property that says when a function runs; empty where others invoke it."""
        if recipe.cron:
            return self.property("cron", string_literal(recipe.cron), 3)
        return self.property("event", recipe.subject.event, 3) if recipe.subject else ""

    def triggers(self, recipe: Recipe) -> str:
        """The option of SDK 4 that says when a function runs.

        An export of the events module stands in a list. In `{ event: ... }`, a misspelt one has
        data that is `unknown`, and each field that is read would be an error of its own.
        """
        if recipe.subject and recipe.subject.exported:
            listed = recipe.subject.event
            line = f"triggers: [{listed}]"
            return line if self._fits(line, 2, 1) else f"triggers: [\n      {listed},\n    ]"
        return f"triggers: {{\n      {self.trigger(recipe)},\n    }}"

    def imports(self, names: list[str]) -> str:
        """The import of these names from the events module; empty without names."""
        names = sorted(set(names), key=str.lower)
        line = f"import {{ {', '.join(names)} }} from 'src/inngest/events'"
        if len(names) < 2 or self._fits(line, 0, self._semicolon + self._suffix - self._padding):
            return line if names else ""
        listed = "".join(f"  {name},\n" for name in names)
        return f"import {{\n{listed}}} from 'src/inngest/events'"

    def reading(self, subject: Subject) -> str:
        """The statement that reads the subject from `event.data`, in a function's body."""
        name = subject.name
        *above, _ = ("data", *subject.path)
        if subject.optional_from and subject.optional_from < len(subject.path):
            return self._statement(f"const {name}", subject.read_from("event.data"))
        source = ".".join(("event", *above))
        return self._statement(f"const {{ {name} }}", source, self._padding)

    def _statement(self, left: str, right: str, spare: int = 0) -> str:
        line = f"{left} = {right}"
        if self._fits(line, 2, self._semicolon - spare):
            return f"    {line}"
        return f"    {left} =\n      {right}"


def _literal(layout: _Layout, value: Any, depth: int) -> str:
    """A value as code, each property of an object on a line of its own."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and value:
        lines = (
            f"{inner}{layout.property(name, _literal(layout, each, depth + 1), depth + 1)},\n"
            for name, each in value.items()
        )
        return f"{{\n{''.join(lines)}{outer}}}"
    if isinstance(value, list) and value:
        lines = (f"{inner}{_literal(layout, each, depth + 1)},\n" for each in value)
        return f"[\n{''.join(lines)}{outer}]"
    return string_literal(value) if isinstance(value, str) else json.dumps(value)
