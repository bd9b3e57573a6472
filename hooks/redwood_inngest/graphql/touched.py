"""What an operation can touch in the schema: what the denylists of the plugin go by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_introspection_type,
)

from .selections import field_type


@dataclass
class Touched:
    """The names of types, and the schema coordinates of fields."""

    types: set[str] = field(default_factory=set)
    coordinates: set[str] = field(default_factory=set)
    introspects: bool = False


def touched_by(
    schema: GraphQLSchema, document: DocumentNode, *, through_interfaces: bool = True
) -> Touched:
    """What an operation can touch, as `useInngest/operation` in the app tells it.

    Args:
        schema: The app's schema.
        document: The operation, and then its fragments.
        through_interfaces: Whether an interface or a union counts as all types that it can be.
    """
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - the caller's promise
    notes = _Notes(schema, document, through_interfaces)
    root = schema.get_root_type(operation.operation)
    if root:
        notes.note_fields(root, operation.selection_set)
    return notes.touched


class _Notes:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, through: bool) -> None:
        self.touched = Touched()
        self._schema = schema
        self._through = through
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._visited: set[str] = set()

    def note_fields(self, parent: Any, selection_set: Any) -> None:
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                self._note_field(parent, selection)
                continue
            fragment: Any = selection
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments.get(name)
                if fragment is None or name in self._visited:
                    continue
                self._visited.add(name)
            condition = fragment.type_condition
            type_ = self._schema.get_type(condition.name.value) if condition else parent
            if type_ is not None and is_composite_type(type_):
                self._note_type(type_)
                self.note_fields(type_, fragment.selection_set)

    def _note_field(self, parent: Any, node: FieldNode) -> None:
        name = node.name.value
        self.touched.coordinates.add(f"{parent.name}.{name}")
        for possible in self._possible(parent):
            self.touched.coordinates.add(f"{possible.name}.{name}")
        type_ = field_type(self._schema, parent, name)
        if type_ is None:
            return
        named = get_named_type(type_)
        self._note_type(named)
        if is_composite_type(named) and node.selection_set:
            self.note_fields(named, node.selection_set)

    def _note_type(self, type_: Any) -> None:
        self.touched.types.add(type_.name)
        self.touched.types.update(possible.name for possible in self._possible(type_))
        self.touched.introspects |= is_introspection_type(type_)

    def _possible(self, type_: Any) -> Iterator[Any]:
        if self._through and is_abstract_type(type_):
            yield from self._schema.get_possible_types(type_)
