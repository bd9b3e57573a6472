"""The fields that an operation selects of an object of one type, as an executor collects them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    get_location,
    is_abstract_type,
    is_union_type,
)

from ..errors import Refusal

# Fragments that use each other twice double at each level.
MAX_FIELDS = 50_000

_META = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": TypeNameMetaFieldDef,
}


def field_type(schema: GraphQLSchema, parent: Any, name: str) -> Any:
    """The type of a field of an object, an interface or a union; None where it has no such."""
    if name in _META:
        return _META[name].type
    fields = {} if is_union_type(parent) else parent.fields
    return fields[name].type if name in fields else None


@dataclass
class Selected:
    """One key of an object in the result.

    Attributes:
        key: The alias, or the name of the field.
        nodes: The fields of the document that ask for it.
        always: Whether it is there whatever `@skip`, `@include` and `@defer` say.
    """

    key: str
    nodes: list[FieldNode]
    always: bool

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.nodes[0].name.value


class Selections:
    """Collects fields over the fragments of a document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._operation = document.definitions[0]
        self._left = MAX_FIELDS
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    def collect(self, type_: Any, selection_sets: Iterable[Any]) -> list[Selected]:
        """The fields that an object of a type has, in the order of the result.

        Raises:
            Refusal: The operation selects more than `MAX_FIELDS` fields.
        """
        found: dict[str, Selected] = {}
        spread: set[tuple[str, bool]] = set()
        for selection_set in selection_sets:
            for node, always in self._fields(type_, selection_set, True, spread):
                key = node.alias.value if node.alias else node.name.value
                selected = found.setdefault(key, Selected(key, [], False))
                if not any(node is each for each in selected.nodes):
                    selected.nodes.append(node)
                selected.always |= always
                self._count()
        return list(found.values())

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0 and (place := self._operation.loc):
            line = get_location(place.source, place.start).line
            raise Refusal(
                f"this operation selects more than {MAX_FIELDS:,} fields, since its fragments "
                "multiply: make it smaller.",
                path=place.source.name,
                line=line,
            )

    def _fields(
        self, type_: Any, selection_set: Any, always: bool, spread: set[tuple[str, bool]]
    ) -> Iterator[tuple[FieldNode, bool]]:
        for selection in selection_set.selections:
            names = {directive.name.value for directive in selection.directives or ()}
            sure = always and not names & {"skip", "include", "defer"}
            if isinstance(selection, FieldNode):
                yield selection, sure
                continue
            fragment: Any = selection
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments.get(name)
                if fragment is None or spread & {(name, sure), (name, True)}:
                    continue
                spread.add((name, sure))
            if self._applies(fragment.type_condition, type_):
                yield from self._fields(type_, fragment.selection_set, sure, spread)

    def _applies(self, condition: Any, type_: Any) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        named: Any = self._schema.get_type(condition.name.value)
        possible = self._schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
        return is_abstract_type(named) and all(
            self._schema.is_sub_type(named, each) for each in possible
        )


def root_selections(schema: GraphQLSchema, document: DocumentNode) -> list[Selected]:
    """The fields at the top of an operation."""
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - the caller's promise
    root = schema.get_root_type(operation.operation)
    if root is None:
        return []
    return Selections(schema, document).collect(root, [operation.selection_set])


def root_fields(schema: GraphQLSchema, document: DocumentNode) -> Iterable[str]:
    """The names of the fields at the top of an operation, without aliases, each once."""
    names = (selected.name for selected in root_selections(schema, document))
    return dict.fromkeys(name for name in names if name != "__typename")
