"""The check that names in an answer are in the app's schema, and the names it may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from graphql import (
    FieldNode,
    GraphQLSchema,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_input_object_type,
    is_interface_type,
    is_list_type,
    is_object_type,
    is_union_type,
    specified_scalar_types,
    type_from_ast,
    visit,
)

from ..errors import Refusal
from .operations import Operations
from .redaction import parse_path
from .touched import expand_name


def check_names(question: str, names: Iterable[str], operations: Operations) -> None:
    """Check that the names in an answer are in the schema.

    Args:
        question: `denied_types`, `denied_coordinates` or `redact_paths`.
        names: The answer.
        operations: The app's operations.

    Raises:
        Refusal: The schema lacks a name; the nearest one is told.
    """
    if operations.app_schema.mistakes:  # a missing name may be in the unreadable part
        return
    schema = operations.app_schema.schema
    for name in names:
        if question == "redact_paths":
            _check_path(name, operations)
        elif not expand_name(schema, name):
            known = _types(schema) if question == "denied_types" else _coordinates(schema)
            what = "type" if question == "denied_types" else "field"
            raise Refusal(f"The schema has no {what} {name}.{_nearest(name, known)}")


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), 1, cutoff=0.5)
    return f" Did you mean {close[0]}?" if close else ""


def _types(schema: GraphQLSchema) -> list[str]:
    return [name for name in schema.type_map if not name.startswith("__")]


def _coordinates(schema: GraphQLSchema) -> Iterator[str]:
    for name in _types(schema):
        for field_name, field in getattr(schema.type_map[name], "fields", {}).items():
            yield f"{name}.{field_name}"
            for argument in getattr(field, "args", {}):
                yield f"{name}.{field_name}({argument}:)"


# Redacted paths


def _check_path(path: str, operations: Operations) -> None:
    """Follow a path from the variables, and from the result, as far as the types are known."""
    first, *rest = parse_path(path) or ("",)
    if first == "errors":
        return
    schema = operations.app_schema.schema
    variables = _variables(operations)
    places: list[Any] = []
    known = [*variables, "data"]
    if first in {"data", "*"}:
        places += [schema.query_type, schema.mutation_type, schema.subscription_type]
    places += [
        type_ for name, types in variables.items() for type_ in types if first in {name, "*"}
    ]
    aliases = _aliases(operations)
    done = first
    for key in [None, *rest]:
        if key is not None:
            done = f"{done}.{key}"
            if any(_is_open(place) for place in places) or key in aliases:
                return
            known = [name for place in places for name in _keys(schema, place)]
            places = [inner for place in places for inner in _below(schema, place, key)]
        places = [place for place in places if place is not None]
        if not places:
            wrong = key if key is not None else first
            near = _nearest(wrong, known) if wrong != "*" else ""
            raise Refusal(f"Nothing in variables or results is called {wrong}, in {path}.{near}")


def _variables(operations: Operations) -> dict[str, list[Any]]:
    """The types that variables have, by name; variables are named after arguments."""
    schema = operations.app_schema.schema
    found: dict[str, list[Any]] = {}
    for operation in operations.operations:
        for node in operation.definition.variable_definitions or ():
            type_ = type_from_ast(schema, node.type)
            found.setdefault(node.variable.name.value, []).append(type_)
    for name in _types(schema):
        type_ = schema.type_map[name]
        for field in type_.fields.values() if is_object_type(type_) else ():
            for argument_name, argument in field.args.items():
                found.setdefault(argument_name, []).append(argument.type)
    return found


class _FindAliases(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if node.alias:
            self.found.add(node.alias.value)


def _aliases(operations: Operations) -> set[str]:
    finder = _FindAliases()
    for operation in operations.operations:
        visit(operation.document, finder)
    return finder.found


def _is_open(type_: Any) -> bool:
    """Whether there can be anything below: a scalar of no known shape."""
    named = get_named_type(type_)
    closed = is_input_object_type(named) or is_object_type(named) or is_abstract_type(named)
    return not closed and named.name not in {*specified_scalar_types}


def _keys(schema: GraphQLSchema, type_: Any) -> list[str]:
    if is_list_type(get_nullable_type(type_)):
        return ["*"]
    return [name for each in _alternatives(schema, type_) for name in each.fields]


def _below(schema: GraphQLSchema, type_: Any, key: str) -> list[Any]:
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        return [inner.of_type] if key == "*" or key.isdigit() else []
    fields = [field for each in _alternatives(schema, type_) for field in each.fields.items()]
    return [field.type for name, field in fields if key in {name, "*"}]


def _alternatives(schema: GraphQLSchema, type_: Any) -> list[Any]:
    """The types with fields that an object can have."""
    named = get_named_type(type_)
    if is_union_type(named):
        return list(named.types)
    if is_interface_type(named):
        return [named, *schema.get_possible_types(named)]
    return [named] if is_object_type(named) or is_input_object_type(named) else []
