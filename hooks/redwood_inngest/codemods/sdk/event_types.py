"""`EventSchemas` on a client become a constant for each event, made with `eventType`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from ...typescript.expressions import arguments_of, member, origin, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind, place_of
from ...typescript.parser import parse
from ...typescript.style import is_short
from ...typescript.trivia import with_space
from . import objects
from .notes import TO_4
from .uses import PACKAGE

if TYPE_CHECKING:
    from .around import Client
    from .step import Step
    from .uses import Uses

SCHEMAS = f"{TO_4}#event-schemas-replaced-with-event-types"


def replace_schemas(step: Step, made: Branch, options: Branch) -> Mapping[str, str]:
    """Replace a client's schemas, where their events are written out in this module.

    Returns:
        The constants that stand for the events, by event name.
    """
    schemas = objects.find(options, "schemas")
    if schemas is None:
        return {}
    types = data_types(step.uses, schemas)
    constants = constants_of(step.uses, types) if types else None
    declaration = _declaration(step, made)
    if types is None or constants is None or declaration is None:
        step.tell(
            made.parts[0],
            "SDK 4 has no schemas on the client: write eventType(name, { schema }) for each"
            f" event, and name it in triggers. {SCHEMAS}",
        )
        return {}
    step.edits.remove(options, schemas)
    step.touch(options)
    _drop_import(step, schemas)
    _insert(step, declaration, types, constants)
    return constants


def imported_constant(step: Step, client: Node, known: Client, event: str) -> str | None:
    """The constant of another module that stands for an event, imported where it must be."""
    name, where = known.events.get(event), origin(step.module, client)
    if name is None or where is None:
        return None
    there = next(iter(step.imports_of(name, where.module)), None)
    if there or step.module.bindings(name):
        return there
    return step.imported(name, where.module)


def _declaration(step: Step, made: Branch) -> Branch | None:
    """The statement at the top of the module that declares a client."""
    around = list(step.module.ancestors(made))
    top = around[-2] if len(around) > 1 else None
    return top if is_kind(top, "export_statement", "lexical_declaration") else None


def _drop_import(step: Step, schemas: Node) -> None:
    """Take away the import of `EventSchemas`, where only the schemas that go need it."""
    for name in step.imports_of("EventSchemas", PACKAGE):
        mentions = step.module.mentions(name)
        specifiers = [
            parent
            for token in mentions
            if (parent := step.module.parent(token)) and parent.kind == "import_specifier"
        ]
        inside = [token for token in mentions if step.module.is_inside(token, schemas)]
        if len(specifiers) + len(inside) == len(mentions):
            for specifier in specifiers:
                step.unimport(specifier)


def _insert(
    step: Step, declaration: Branch, types: Mapping[str, str], constants: Mapping[str, str]
) -> None:
    style = step.style
    make, schema = step.imported("eventType"), step.imported("staticSchema")
    exported = "export " * is_kind(declaration, "export_statement")
    newline = style.newline
    program = step.module.program
    following = program.parts[place_of(program, declaration) + 1]
    declared = []
    for event, name in constants.items():
        option = f"schema: {schema}<{types[event]}>()"
        text = f"{exported}const {name} = {make}({step.literal(event)}, {step.braces(option)})"
        if not is_short(text + style.semicolon, style):
            comma = "," * style.last_comma
            inner = f"{{{newline}{style.indent}{option}{comma}{newline}}}"
            text = f"{exported}const {name} = {make}({step.literal(event)}, {inner})"
        declared.append(text + style.semicolon)
    for new in parse(newline.join(declared), step.suffix).parts[:-1]:
        step.edits.insert_below(program, with_space(new, ""), following, blank=True)


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
