"""The parts of the schema in an operation, which the plugin's denylists go by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    type_from_ast,
)

from .selections import field_type

_COORDINATE = re.compile(r"(\w+)(?:\.(\w+)(?:\((\w+):\))?)?")


def expand_name(schema: GraphQLSchema, name: str) -> set[str]:
    """All names that an entry of a denylist stands for.

    Args:
        schema: The app's schema.
        name: A type, a field or an argument: `User`, `User.email`, `Mutation.login(note:)`.

    Returns:
        The same of the type itself and, for an interface or a union, of all types that it can
        be. Nothing where the schema does not have it.
    """
    match = _COORDINATE.fullmatch(name)
    type_ = schema.get_type(match[1]) if match else None
    if match is None or type_ is None:
        return set()
    field = getattr(type_, "fields", {}).get(match[2])
    if match[2] and (field is None or (match[3] and match[3] not in getattr(field, "args", {}))):
        return set()
    rest = name[len(match[1]) :]
    return {type_.name + rest, *(each + rest for each in _subtypes(schema, type_))}


def _subtypes(schema: GraphQLSchema, type_: Any) -> Iterator[str]:
    if not is_abstract_type(type_):
        return
    for name, each in schema.type_map.items():
        if (is_object_type(each) or is_interface_type(each)) and schema.is_sub_type(type_, each):
            yield name


def names_in(schema: GraphQLSchema, document: DocumentNode) -> set[str]:
    """The types, fields and arguments that can take part in an operation.

    Args:
        schema: The app's schema.
        document: The operation, and then its fragments.
    """
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - the caller's promise
    notes = _Notes(schema, document)
    for definition in operation.variable_definitions or ():
        notes.note_variable(type_from_ast(schema, definition.type))
    root = schema.get_root_type(operation.operation)
    if root:
        notes.names.add(root.name)
        notes.note_fields(root, operation.selection_set)
    return notes.names


class _Notes:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.names: set[str] = set()
        self._schema = schema
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._visited: set[str] = set()
        self._inputs: set[str] = set()

    def note_variable(self, given: Any) -> None:
        """Note all that a variable of a type can hold."""
        if given is None:
            return
        type_ = get_named_type(given)
        self.names.add(type_.name)
        if not is_input_object_type(type_) or type_.name in self._inputs:
            return
        self._inputs.add(type_.name)
        for name, field in type_.fields.items():
            self.names.add(f"{type_.name}.{name}")
            self.note_variable(field.type)

    def _note_value(self, given: Any, value: Any) -> None:
        type_ = get_named_type(given)
        self.names.add(type_.name)
        if isinstance(value, ListValueNode):
            for item in value.values:
                self._note_value(type_, item)
        if isinstance(value, ObjectValueNode) and is_input_object_type(type_):
            for node in value.fields:
                self.names.add(f"{type_.name}.{node.name.value}")
                if node.name.value in type_.fields:
                    self._note_value(type_.fields[node.name.value].type, node.value)

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
                self.names.add(type_.name)
                self.note_fields(type_, fragment.selection_set)

    def _note_field(self, parent: Any, node: FieldNode) -> None:
        name = node.name.value
        owners = [parent.name, *(each.name for each in self._possible(parent))]
        self.names.update(f"{owner}.{name}" for owner in owners)
        field = getattr(parent, "fields", {}).get(name)
        for argument in node.arguments or ():
            self.names.update(f"{owner}.{name}({argument.name.value}:)" for owner in owners)
            if field is not None and argument.name.value in field.args:
                self._note_value(field.args[argument.name.value].type, argument.value)
        type_ = field_type(self._schema, parent, name)
        if type_ is None:
            return
        named = get_named_type(type_)
        self.names.add(named.name)
        self.names.update(each.name for each in self._possible(named))
        if is_composite_type(named) and node.selection_set:
            self.note_fields(named, node.selection_set)

    def _possible(self, type_: Any) -> list[Any]:
        return list(self._schema.get_possible_types(type_)) if is_abstract_type(type_) else []
