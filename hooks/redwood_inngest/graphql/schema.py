"""The app's schema, put together from its SDL as the framework does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NameNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    Source,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
    parse,
)
from graphql.validation import KnownTypeNamesRule
from graphql.validation.validate import validate_sdl

from .documents import Document, Mistake

# Attributes of nodes that are merged where one type has several definitions.
_MERGED = ("interfaces", "directives", "fields", "values", "types")


@dataclass(frozen=True)
class AppSchema:
    """The schema, as far as it can be read, and the mistakes in the rest."""

    schema: GraphQLSchema
    mistakes: tuple[Mistake, ...]


def parse_documents(documents: Iterable[Document]) -> tuple[list[DocumentNode], list[Mistake]]:
    """Parse GraphQL.

    Returns:
        The documents that can be parsed, and the syntax errors of the others.
    """
    parsed: list[DocumentNode] = []
    mistakes: list[Mistake] = []
    for document in documents:
        try:
            parsed.append(parse(Source(document.text, document.path)))
        except GraphQLSyntaxError as error:
            if _has_definitions(document.text):
                mistakes.append(mistake_of(error))
    return parsed, mistakes


def _has_definitions(text: str) -> bool:
    """Whether there is more than comments: a file or a template may be empty."""
    return any(line.split("#")[0].strip() for line in text.splitlines())


def mistake_of(error: GraphQLError) -> Mistake:
    """An error of graphql-core as a mistake, with the place in the app's sources."""
    node = next((node for node in error.nodes or () if node.loc), None)
    source = node.loc.source if node and node.loc else error.source
    line, column = error.locations[0] if error.locations else (0, 0)
    return Mistake(source.name if source else "", line, column, error.message)


def is_type_system(definition: DefinitionNode) -> bool:
    """Whether a definition belongs to a schema, and not to an operation."""
    kinds = (TypeDefinitionNode, TypeExtensionNode, DirectiveDefinitionNode, SchemaDefinitionNode)
    return isinstance(definition, kinds)


def build_schema(framework: str, documents: Iterable[DocumentNode]) -> AppSchema:
    """Put the app's schema together.

    Types that are defined several times are one type with the fields of all, as in the framework.

    Args:
        framework: The framework's part, as SDL.
        documents: The parsed SDL of the app.

    Returns:
        The schema. A type that is not there is a scalar in it, and a mistake.
    """
    definitions = [
        definition
        for document in (parse(framework, no_location=True), *documents)
        for definition in document.definitions
        if is_type_system(definition)
    ]
    merged = DocumentNode(definitions=tuple(_merge(definitions)))
    errors = validate_sdl(merged, rules=[KnownTypeNamesRule])
    stubs = tuple(
        ScalarTypeDefinitionNode(name=NameNode(value=name), directives=(), description=None)
        for name in sorted({_name(error.nodes[0]) for error in errors if error.nodes})
    )
    whole = DocumentNode(definitions=(*merged.definitions, *stubs))
    schema = build_ast_schema(whole, assume_valid=True, assume_valid_sdl=True)
    return AppSchema(schema, tuple(mistake_of(error) for error in errors))


def _name(node: Any) -> str:
    name: str = node.name.value
    return name


def _merge(definitions: Iterable[DefinitionNode]) -> Iterator[DefinitionNode]:
    groups: dict[tuple[str, str], list[Any]] = {}
    for definition in definitions:
        if isinstance(definition, SchemaDefinitionNode):
            yield definition
        else:
            kind = "directive" if isinstance(definition, DirectiveDefinitionNode) else "type"
            groups.setdefault((kind, _name(definition)), []).append(definition)
    for group in groups.values():
        first = next((each for each in group if not isinstance(each, TypeExtensionNode)), None)
        if first is None:
            first = _definition(group[0])
        yield _with_all(first, group) if len(group) > 1 else first


def _definition(extension: Any) -> Any:
    """The definition for an extension of a type that has none: `extend type Query` alone."""
    import graphql

    made = getattr(graphql, type(extension).__name__.replace("Extension", "Definition"))
    fields = {name: getattr(extension, name) for name in extension.keys if name != "loc"}
    return made(**fields, loc=extension.loc)


def _with_all(first: Any, group: list[Any]) -> Any:
    fields = {name: getattr(first, name) for name in first.keys if name != "loc"}
    for attribute in _MERGED:
        if hasattr(first, attribute):
            nodes = (node for each in group for node in getattr(each, attribute, None) or ())
            fields[attribute] = tuple({_name(node): node for node in nodes}.values())
    return type(first)(**fields, loc=first.loc)
