"""A field of an operation's variables that a function can show its work with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    type_from_ast,
)

from .operations import Operation

# Examples of a scalar's values in an event, which is JSON.
_SAMPLES: dict[str, Any] = {
    "ID": "1",
    "Int": 1,
    "Float": 1.5,
    "String": "text",
    "Boolean": True,
    "BigInt": "1",
    "Date": "2026-01-31",
    "DateTime": "2026-01-31T12:00:00.000Z",
    "Time": "12:00:00.000Z",
}
_ID = re.compile(r"id|.*(Id|_id)")
# Secrets, which no event has as they were sent.
_SECRET = re.compile(r"pass|secret|token|api_?key|card|cvv|cvc|ssn|pin$|credential", re.IGNORECASE)
_MAX_DEPTH = 4


@dataclass(frozen=True)
class Field:
    """A field with one value, somewhere in an operation's variables.

    Attributes:
        path: The names that lead to it, the variable's first.
        is_optional: Whether it, or something on the way, may be missing or null.
        optional_from: The number of names of the path to read before something may be missing.
        sample: A value that it may have.
    """

    path: tuple[str, ...]
    optional_from: int
    is_optional: bool
    sample: Any

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path[-1]


def fields_of(operation: Operation, schema: GraphQLSchema) -> list[Field]:
    """The fields of an operation's variables, the best ones to tell runs apart first.

    Args:
        operation: An operation that fits the schema.
        schema: The app's schema.

    Returns:
        Fields with one value of a known type. Required fields come before optional ones,
        and ids before all else; secrets are left out.
    """
    found = [
        field
        for node in operation.definition.variable_definitions or ()
        for field in _fields((node.variable.name.value,), type_from_ast(schema, node.type), 0)
    ]
    return sorted(found, key=lambda field: (field.is_optional, not _ID.fullmatch(field.name)))


def _fields(path: tuple[str, ...], kind: Any, optional_from: int) -> Iterator[Field]:
    if not isinstance(kind, GraphQLNonNull):
        optional_from = optional_from or len(path)
    kind = getattr(kind, "of_type", kind) if isinstance(kind, GraphQLNonNull) else kind
    if _SECRET.search(path[-1]):
        return
    if isinstance(kind, GraphQLInputObjectType) and len(path) < _MAX_DEPTH:
        for name, field in kind.fields.items():
            yield from _fields((*path, name), field.type, optional_from)
    elif isinstance(kind, GraphQLEnumType):
        yield Field(path, optional_from, bool(optional_from), next(iter(kind.values)))
    elif isinstance(kind, GraphQLScalarType) and kind.name in _SAMPLES:
        yield Field(path, optional_from, bool(optional_from), _SAMPLES[kind.name])
