"""The operations of an app, each with the event that it sends, or why it sends none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    Visitor,
    get_location,
    print_ast,
    specified_rules,
    validate,
    visit,
)

from .documents import Document, Mistake, find_documents
from .event_names import event_id, event_name
from .schema import AppSchema, build_schema, mistake_of, parse_documents
from .selections import root_fields
from .touched import expand_name, names_in

# Rules that only a document with several definitions can break; checking takes most of the time.
_NOT_ALONE = {
    "DeferStreamDirectiveLabel",
    "ExecutableDefinitionsRule",
    "LoneAnonymousOperationRule",
    "MaxIntrospectionDepthRule",
    "NoUnusedFragmentsRule",
    "UniqueFragmentNamesRule",
    "UniqueOperationNamesRule",
}
_RULES = [rule for rule in specified_rules if rule.__name__ not in _NOT_ALONE]
# Directives that Apollo Client removes before it sends: https://www.apollographql.com/docs/react/
_CLIENT_DIRECTIVES = {"client", "connection", "nonreactive", "unmask", "export"}


@dataclass(frozen=True)
class Variable:
    """A variable of an operation.

    Attributes:
        name: Its name, without the dollar sign.
        type: Its type in GraphQL: `[Int!]!`.
        default: Its default in GraphQL; None where it has none.
    """

    name: str
    type: str
    default: str | None


@dataclass(frozen=True)
class KeptHome:
    """The reason why an operation sends no event.

    Attributes:
        answer: The question whose answer says so.
        reason: The finding, in a few words.
    """

    answer: str
    reason: str


@dataclass(frozen=True)
class Operation:
    """An operation in the app's sources.

    Attributes:
        name: Its name; empty where it has none.
        kind: `query`, `mutation` or `subscription`.
        event: The name of its event; of an anonymous operation without the hash that ends it.
        event_id: The operation's part of the event's name: `find-post`.
        variables: Its variables, in order.
        fields: The names of its root fields, without aliases, each once.
        path: The file, relative to the app's folder.
        line: The line that it begins on, from 1.
        column: The column that it begins at, from 1.
        kept_home: The reason why it is not sent; None where it is.
        mistakes: The reasons why it does not fit the schema; empty where it does.
        document: The operation and the fragments that it uses.
    """

    name: str
    kind: str
    event: str
    event_id: str
    variables: tuple[Variable, ...]
    fields: tuple[str, ...]
    path: str
    line: int
    column: int
    kept_home: KeptHome | None
    mistakes: tuple[Mistake, ...]
    document: DocumentNode

    @property
    def is_sent(self) -> bool:
        """Whether it sends an event whose name and types can be told."""
        return not self.kept_home and not self.mistakes and bool(self.name)

    @cached_property
    def text(self) -> str:
        """The operation and its fragments, printed: the same for copies."""
        return print_ast(self.document)

    @property
    def definition(self) -> OperationDefinitionNode:
        """The operation's own node."""
        first = self.document.definitions[0]
        assert isinstance(first, OperationDefinitionNode)  # noqa: S101 - it is put together so
        return first


@dataclass(frozen=True)
class Operations:
    """The operations of an app, its schema, and their mistakes.

    Attributes:
        operations: All operations, by the names of their events.
        app_schema: The schema that they are held against.
        unreadable: The parts that cannot be read: templates, and documents with syntax errors.
        clashes: Operations that are different and have one event.
    """

    operations: tuple[Operation, ...]
    app_schema: AppSchema
    unreadable: tuple[Mistake, ...]
    clashes: tuple[Mistake, ...]

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All mistakes. Where the schema has some, those that follow from them are left out."""
        wrong = self.app_schema.mistakes
        if not wrong:
            wrong = tuple(mistake for each in self.operations for mistake in each.mistakes)
        return (*wrong, *self.unreadable, *self.clashes)


@dataclass(frozen=True)
class Sources:
    """The texts of an app in which GraphQL may be.

    Attributes:
        files: The texts by path.
        schema_files: The paths of those whose type definitions are the app's schema.
        framework: The framework's part of the schema, as SDL.
    """

    files: Mapping[str, str]
    schema_files: frozenset[str]
    framework: str


def find_operations(sources: Sources, answers: Mapping[str, Any]) -> Operations:
    """Find the operations of an app.

    Args:
        sources: The app's sources.
        answers: The answers to the questionnaire; missing ones have their defaults.

    Returns:
        The operations, and their mistakes.
    """
    documents: list[Document] = []
    unreadable: list[Mistake] = []
    for path, text in sources.files.items():
        found, mistakes = find_documents(path, text)
        documents += found
        unreadable += mistakes
    sdl = [document for document in documents if document.path in sources.schema_files]
    parsed_sdl, sdl_mistakes = parse_documents(sdl)
    others = (document for document in documents if document.path not in sources.schema_files)
    parsed, mistakes = parse_documents(others)
    app_schema = build_schema(sources.framework, parsed_sdl)
    broken = (*sdl_mistakes, *(each for each in unreadable if each.path in sources.schema_files))
    app_schema = AppSchema(app_schema.schema, (*broken, *app_schema.mistakes))
    unreadable = [each for each in unreadable if each.path not in sources.schema_files]
    fragments = _Fragments([*parsed_sdl, *parsed])
    operations: list[Operation] = []
    for document in (*parsed_sdl, *parsed):
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                try:
                    operations.append(_operation(definition, fragments, app_schema, answers))
                except RecursionError:
                    unreadable.append(_too_deep(definition))
    operations.sort(key=lambda each: (each.event, each.path, each.line, each.column))
    clashes = tuple(_clashes(operations))
    return Operations(tuple(operations), app_schema, (*unreadable, *mistakes), clashes)


class _Fragments:
    """The fragments of an app: Apollo Client knows them by name, whichever file they are in."""

    def __init__(self, documents: Iterable[DocumentNode]) -> None:
        self._by_path: dict[tuple[str, str], FragmentDefinitionNode] = {}
        self._by_name: dict[str, FragmentDefinitionNode] = {}
        for document in documents:
            for definition in document.definitions:
                if isinstance(definition, FragmentDefinitionNode):
                    name = definition.name.value
                    self._by_path.setdefault((_path(definition), name), definition)
                    self._by_name.setdefault(name, definition)

    def used_by(self, operation: OperationDefinitionNode) -> list[FragmentDefinitionNode]:
        """The fragments that an operation uses, also through others, in the order of use."""
        used: dict[str, FragmentDefinitionNode | None] = {}
        pending: list[Any] = [operation]
        while pending:
            node = pending.pop(0)
            for name in _spreads(node):
                if name not in used:
                    used[name] = self._by_path.get((_path(node), name)) or self._by_name.get(name)
                    if fragment := used[name]:
                        pending.append(fragment)
        return [fragment for fragment in used.values() if fragment]


def _path(node: Any) -> str:
    return str(node.loc.source.name)


def _spreads(node: Any) -> Iterator[str]:
    pending: list[Any] = [node.selection_set]
    while pending:
        for selection in pending.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif selection.selection_set:
                pending.append(selection.selection_set)


class _AsSent(Visitor):
    """Takes out the parts that Apollo Client does not send."""

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        kept = any(directive.name.value == "client" for directive in node.directives or ())
        return REMOVE if kept else None

    def enter_directive(self, node: Any, *_: Any) -> Any:
        return REMOVE if node.name.value in _CLIENT_DIRECTIVES else None


def _operation(
    definition: OperationDefinitionNode,
    fragments: _Fragments,
    app_schema: AppSchema,
    answers: Mapping[str, Any],
) -> Operation:
    document = DocumentNode(definitions=(definition, *fragments.used_by(definition)))
    if _has_client_directive(document):
        document = visit(document, _AsSent())
    name = definition.name.value if definition.name else ""
    kind = definition.operation.value
    assert definition.loc  # noqa: S101 - it is parsed
    line, column = get_location(definition.loc.source, definition.loc.start)
    prefix = str(answers.get("event_prefix", "graphql"))
    return Operation(
        name=name,
        kind=kind,
        event=event_name(prefix, name, kind) if name else f"{prefix}/anonymous-",
        event_id=event_id(name),
        variables=tuple(map(_variable, definition.variable_definitions or ())),
        fields=tuple(root_fields(app_schema.schema, document)),
        path=_path(definition),
        line=line,
        column=column,
        kept_home=_kept_home(name, kind, document, app_schema, answers),
        mistakes=tuple(map(mistake_of, validate(app_schema.schema, document, _RULES))),
        document=document,
    )


def _too_deep(definition: OperationDefinitionNode) -> Mistake:
    message = "The fragments of this operation are nested too deeply: make it flatter."
    return mistake_of(GraphQLError(message, definition))


def _has_client_directive(document: DocumentNode) -> bool:
    sources = {node.loc.source for node in document.definitions if node.loc}
    return any(f"@{name}" in source.body for source in sources for name in _CLIENT_DIRECTIVES)


def _variable(node: Any) -> Variable:
    default = print_ast(node.default_value) if node.default_value else None
    return Variable(node.variable.name.value, print_ast(node.type), default)


def _kept_home(
    name: str,
    kind: str,
    document: DocumentNode,
    app_schema: AppSchema,
    answers: Mapping[str, Any],
) -> KeptHome | None:
    """Decide as the plugin does, in its order."""
    if kind not in answers.get("operations", ("query", "mutation")):
        return KeptHome("operations", f"a {kind}")
    if not name and not answers.get("send_anonymous_operations"):
        return KeptHome("send_anonymous_operations", "it has no name")
    names = names_in(app_schema.schema, document)
    if names & {"__Schema", "__Type"} and not answers.get("send_introspection"):
        return KeptHome("send_introspection", "introspection")
    for question in ("denied_types", "denied_coordinates"):
        for denied in answers.get(question, ()):
            if names & expand_name(app_schema.schema, denied):
                return KeptHome(question, denied)
    return None


def _clashes(operations: Sequence[Operation]) -> Iterator[Mistake]:
    by_event: dict[str, Operation] = {}
    for each in operations:
        if not each.name:
            continue
        first = by_event.setdefault(each.event, each)
        if first is not each and first.text != each.text:
            message = (
                f"{each.kind} {each.name} has the event {each.event}, as {first.kind} "
                f"{first.name} ({first.path}:{first.line}) has: rename one, so that functions "
                "can tell them apart."
            )
            yield Mistake(each.path, each.line, each.column, message)
