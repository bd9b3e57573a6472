"""`EventSchemas` on a client become a constant for each event, made with `eventType`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from ...typescript.edits import statement
from ...typescript.expressions import arguments_of, member, origin, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind, place_of
from ...typescript.style import is_short
from . import objects
from .notes import TO_4
from .uses import PACKAGE, FunctionCall

if TYPE_CHECKING:
    from .step import Step
    from .uses import Uses

SCHEMAS = f"{TO_4}#event-schemas-replaced-with-event-types"


class EventTypes:
    """The event types that a step makes of schemas, and their use in functions."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self._made: dict[int, Mapping[str, str]] = {}

    def of_client(self, made: Branch, options: Branch) -> None:
        """Replace a client's schemas, where their events are written out in this module."""
        schemas = objects.find(options, "schemas")
        if schemas is None:
            return
        types = data_types(self.step.uses, schemas)
        constants = constants_of(self.step.uses, types) if types else None
        declaration = self._declaration(made)
        if types is None or constants is None or declaration is None:
            self.step.tell(
                made.parts[0],
                "SDK 4 has no schemas on the client: write eventType(name, { schema }) for each"
                f" event, and name it in triggers. {SCHEMAS}",
            )
            return
        self._made[id(made)] = constants
        self.step.edits.remove(options, schemas)
        self.step.touch(options)
        self._drop_import(schemas)
        self._insert(declaration, types, constants)

    def constant(self, function: FunctionCall, event: str) -> str | None:
        """The constant that stands for an event in a function, imported where it must be."""
        made, known = self.step.uses.client_of(function.client)
        if made is not None:
            return self._made.get(id(made), {}).get(event)
        name = known.events.get(event)
        where = origin(self.step.module, function.client)
        if name is None or where is None:
            return None
        there = next(iter(self.step.imports_of(name, where.module)), None)
        if there or self.step.module.bindings(name):
            return there
        return self.step.imported(name, where.module)

    def _declaration(self, made: Branch) -> Branch | None:
        """The statement at the top of the module that declares a client."""
        around = list(self.step.module.ancestors(made))
        top = around[-2] if len(around) > 1 else None
        return top if is_kind(top, "export_statement", "lexical_declaration") else None

    def _drop_import(self, schemas: Node) -> None:
        mentions = [
            token
            for token in self.step.module.mentions("EventSchemas")
            if not is_kind(self.step.module.parent(token), "import_specifier")
        ]
        if all(self.step.module.is_inside(token, schemas) for token in mentions):
            for token in self.step.module.mentions("EventSchemas"):
                parent = self.step.module.parent(token)
                if parent and parent.kind == "import_specifier":
                    self.step.unimport(parent)

    def _insert(
        self, declaration: Branch, types: Mapping[str, str], constants: Mapping[str, str]
    ) -> None:
        style = self.step.style
        make, schema = self.step.imported("eventType"), self.step.imported("staticSchema")
        exported = "export " * is_kind(declaration, "export_statement")
        pad, newline = style.padding, style.newline
        program = self.step.module.program
        following = program.parts[place_of(program, declaration) + 1]
        for event, name in constants.items():
            option = f"{{{pad}schema: {schema}<{types[event]}>(){pad}}}"
            text = f"{exported}const {name} = {make}({self.step.literal(event)}, {option})"
            if not is_short(text + style.semicolon, style):
                comma = "," * style.last_comma
                inner = f"{{{newline}{style.indent}{option[1:-1].strip()}{comma}{newline}}}"
                text = f"{exported}const {name} = {make}({self.step.literal(event)}, {inner})"
            new = statement(text + style.semicolon, self.step.suffix)
            self.step.edits.insert_below(program, new, following, blank=True)


def data_types(uses: Uses, schemas: Node) -> dict[str, str] | None:
    """The types of the events' data by event name, as TypeScript; None where they are not sure.

    That is for `new EventSchemas().fromRecord<T>()`, with a type of this module.
    """
    value = objects.value_of(schemas)
    call = unwrap(value) if value else None
    if not isinstance(call, Branch) or call.kind != "call_expression" or arguments_of(call):
        return None
    target = call.part("function")
    what = member(target) if target else None
    if what is None or what[1] != "fromRecord" or not _makes_schemas(uses, what[0]):
        return None
    given = call.part("type_arguments")
    types = cast("Branch", given).named() if given else []
    if len(types) != 1:
        return None
    record, name = _record(uses, types[0])
    return _events(uses, record, name) if record else None


def _makes_schemas(uses: Uses, node: Node) -> bool:
    if not isinstance(node, Branch) or node.kind != "new_expression":
        return False
    where = origin(uses.module, node.part("constructor") or node)
    return where is not None and (where.module, where.name) == (PACKAGE, "EventSchemas")


def _record(uses: Uses, node: Node) -> tuple[Branch | None, str]:
    """An object type, and its name where it has one."""
    if is_kind(node, "object_type"):
        return cast("Branch", node), ""
    value = _declared(uses, node)
    return (cast("Branch", value), node.code) if is_kind(value, "object_type") else (None, "")


def _declared(uses: Uses, node: Node) -> Node | None:
    """A type, or the declaration in this module that its name stands for."""
    if not is_kind(node, "type_identifier"):
        return node
    declared = [
        alias
        for alias in uses.module.of_kind("type_alias_declaration")
        if (alias.part("name") or alias).code == node.code
    ]
    if len(declared) != 1 or declared[0].part("type_parameters"):
        return None
    return declared[0].part("value")


def _events(uses: Uses, record: Branch, name: str) -> dict[str, str] | None:
    types: dict[str, str] = {}
    for signature in record.named():
        if not is_kind(signature, "property_signature"):
            return None
        key = cast("Branch", signature).part("name")
        event = string_value(key)
        written = _type_of(signature)
        shape = _declared(uses, written) if written else None
        if event is None or "*" in event or not is_kind(shape, "object_type"):
            return None
        members = {_name_of(one): one for one in cast("Branch", shape).named()}
        required = set(members) == {"data"} and members["data"].parts[1].kind != "?"
        data = _type_of(members["data"]) if required else None
        if data is None or not _is_record(uses, data):
            return None
        quoted = cast("Node", key).code
        types[event] = f"{name}[{quoted}][{quoted[0]}data{quoted[0]}]" if name else data.code
    return types or None


def _type_of(signature: Node) -> Node | None:
    annotation = signature.part("type") if isinstance(signature, Branch) else None
    return annotation.parts[-1] if annotation else None


def _name_of(signature: Node) -> str:
    name = signature.part("name") if isinstance(signature, Branch) else None
    return (string_value(name) or name.code) if name else ""


def _is_record(uses: Uses, data: Node) -> bool:
    """Whether a type takes the place of `Record<string, unknown>`; an interface does not."""
    if is_kind(data, "generic_type"):
        return data.code.startswith("Record<string,")
    return is_kind(_declared(uses, data), "object_type")


_WORDS = re.compile(r"[A-Za-z0-9]+")


def constants_of(uses: Uses, types: Mapping[str, str]) -> dict[str, str] | None:
    """A free name for the constant of each event: `shop/order.placed` is `shopOrderPlacedEvent`."""
    names: dict[str, str] = {}
    for event in types:
        words = _WORDS.findall(event)
        name = "".join(word[0].upper() + word[1:] for word in words) + "Event"
        name = name[0].lower() + name[1:]
        if not words or name[0].isdigit() or name in names.values() or uses.module.bindings(name):
            return None
        names[event] = name
    return names
