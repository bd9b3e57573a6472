"""The facts of a module that the modules around it need, before anything is edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...typescript.bindings import Module
from ...typescript.expressions import arguments_of, origin, string_value, unwrap
from ...typescript.nodes import Branch, is_kind
from . import objects
from .around import ALONE, Client
from .event_types import constants_of, data_types
from .three_to_four import moved_options
from .uses import PACKAGE, Uses


@dataclass(frozen=True)
class HandedOver:
    """Options that a call of `serve` gives to a client of another module.

    Attributes:
        module: The module specifier by which the client is imported.
        name: The name by which it is exported there.
        options: The options as they are written, by name.
    """

    module: str
    name: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Survey:
    """The facts of a module that the modules around it need.

    Attributes:
        clients: The clients that it exports, by their exported names.
        locals: Its own names for them.
        passed_on: Its exports of other modules: name here (`*` for all), specifier, name there.
        handed_over: The options that its endpoints give to clients of other modules.
        on_edge: Whether it serves where there is no `process.env`.
    """

    clients: Mapping[str, Client] = field(default_factory=dict)
    locals: Mapping[str, str] = field(default_factory=dict)
    passed_on: tuple[tuple[str, str, str], ...] = ()
    handed_over: tuple[HandedOver, ...] = ()
    on_edge: bool = False


def survey(module: Module) -> Survey:
    """Read the facts of a module that others need.

    Args:
        module: The module.
    """
    uses = Uses(module, ALONE)
    existing = _event_types(uses)
    clients, names = {}, {}
    for made in uses.clients:
        client = _client(uses, made, existing)
        for local, exported in _exported(uses.module, made):
            clients[exported], names[exported] = client, local
    return Survey(
        clients,
        names,
        tuple(_passed_on(uses.module)),
        tuple(_handed_over(uses)),
        uses.is_on_edge,
    )


def _client(uses: Uses, made: Branch, existing: Mapping[str, str]) -> Client:
    options = objects.last_argument(made, 0)
    if options is None:
        return Client(events=existing, has_events=True)
    app_id = objects.value(options, "id") or objects.value(options, "name")
    schemas = objects.find(options, "schemas")
    types = data_types(uses, schemas) if schemas else None
    made_of = constants_of(uses, types) if types else None
    written = string_value(app_id)
    return Client(written, made_of or existing, has_events=not made_of, takes_options=True)


def _exported(module: Module, made: Branch) -> list[tuple[str, str]]:
    """The names of a client here, with those by which it is exported."""
    around = list(module.ancestors(made))
    declarator = next((one for one in around if one.kind == "variable_declarator"), None)
    name = declarator.part("name") if declarator else None
    if name is None:
        direct = is_kind(around[0], "export_statement") if around else False
        return [("", "default")] if direct else []
    found = [(name.code, name.code)] if is_kind(around[-2], "export_statement") else []
    for statement in module.of_kind("export_statement"):
        if statement.part("source"):
            continue
        value = statement.part("value")
        if value and value.code == name.code:
            found.append((name.code, "default"))
        for specifier in _specifiers(statement):
            local, alias = specifier.part("name"), specifier.part("alias")
            if local and local.code == name.code:
                found.append((name.code, (alias or local).code))
    return found


def _passed_on(module: Module) -> list[tuple[str, str, str]]:
    found = []
    for statement in module.of_kind("export_statement"):
        source = string_value(statement.part("source"))
        specifiers = _specifiers(statement)
        if source and not specifiers:
            found.append(("*", source, "*"))
        for specifier in specifiers:
            name = specifier.part("name")
            alias = specifier.part("alias") or name
            where = origin(module, name) if name and not source else None
            if alias and name and source:
                found.append((alias.code, source, name.code))
            elif alias and where:
                found.append((alias.code, where.module, where.name))
    return found


def _specifiers(statement: Branch) -> list[Branch]:
    """The names that `export { ... }` lists."""
    clause = next((part for part in statement.parts if is_kind(part, "export_clause")), None)
    return [part for part in clause.parts if isinstance(part, Branch)] if clause else []


def _handed_over(uses: Uses) -> list[HandedOver]:
    found = []
    for call in uses.serves:
        arguments = arguments_of(call)
        options = objects.as_object(unwrap(arguments[-1])) if arguments else None
        members = objects.members(options) if options else {}
        named = objects.value_of(members.get("client"))
        client = named or (arguments[0] if len(arguments) == 3 else None)
        where = origin(uses.module, client) if client else None
        moving = moved_options(uses, members)
        if where and moving:
            found.append(HandedOver(where.module, where.name, moving))
    return found


def _event_types(uses: Uses) -> dict[str, str]:
    """The constants that a module exports for events already, by event name."""
    found = {}
    for call in uses.calls:
        event = next(map(string_value, arguments_of(call.node)), None)
        if event is None or origin(uses.module, call.target) != (PACKAGE, "eventType"):
            continue
        around = list(uses.module.ancestors(call.node))
        name = around[0].part("name") if is_kind(around[0], "variable_declarator") else None
        if name and is_kind(around[-2], "export_statement"):
            found[event] = name.code
    return found
