"""The types of the data in an operation's event: variables, result, identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    type_from_ast,
)

from ..typescript.literals import string_literal
from ..typescript.type_text import (
    NULL,
    NUMBER,
    STRING,
    UNKNOWN,
    Array,
    Atom,
    Object,
    Property,
    Tuple,
    Type,
    Union,
    nullable,
    union,
)
from .operations import Operation
from .redaction import Redaction, redaction
from .selections import Selected, Selections, field_type, root_selections

NOTHING = Atom("Record<string, never>")
ANYTHING = Atom("Record<string, unknown>")
_REDACTED = Atom("'[REDACTED]'")
_ID = union([STRING, NUMBER])
_BOOLEAN = Atom("boolean")
_SCALARS: dict[str, Type] = {
    "Int": NUMBER,
    "Float": NUMBER,
    "String": STRING,
    "Boolean": _BOOLEAN,
    # Those of Redwood and Cedar, which are graphql-scalars'.
    "Date": STRING,
    "Time": STRING,
    "DateTime": STRING,
    "Byte": STRING,
    # A number as long as JavaScript can hold it.
    "BigInt": _ID,
    "JSONObject": ANYTHING,
}
# Names that mean something else in TypeScript, or in the module itself.
_RESERVED = """
any as async await bigint boolean break case catch class const continue debugger default delete do
else enum export extends false finally for function if implements import in infer instanceof
interface is keyof let module namespace never new null number object of package private protected
public readonly require return static string super switch symbol this throw true try type typeof
undefined unique unknown var void while with yield
AnyOperation EventSchemas Events OwnEvents Record ReturnType
"""


class DataTypes:
    """Makes types, and declares those that have a name once.

    Args:
        schema: The app's schema.
        answers: The answers to the questionnaire.
        taken: Names that the module uses for something else.
    """

    def __init__(
        self, schema: GraphQLSchema, answers: Mapping[str, Any], taken: Iterable[str]
    ) -> None:
        self.declared: dict[str, Type] = {}
        self._schema = schema
        self._answers = answers
        self._taken = {*_RESERVED.split(), *taken}
        self._names: dict[str, str] = {}
        own = answers.get("scalars") or {}
        self._scalars = _SCALARS | {
            name: union([Atom(each) for each in text.split(" | ")]) for name, text in own.items()
        }
        # The npm package redacts only what it is told to.
        self._redaction = redaction(
            answers.get("plugin", "bundled") == "bundled", answers.get("redact_paths", ())
        )

    # Types that all events share

    def user(self) -> Type:
        """The type of the user in an event, where somebody is logged in."""
        fields = self._answers.get("user_fields", ["id"])
        properties = tuple(Property(name, self._user_field(name), True) for name in fields)
        return self._declare("user", "CurrentUser", _object(properties))

    def _user_field(self, name: str) -> Type:
        if self._redaction.secrets and Redaction(True, frozenset()).hides(name):
            return nullable(_REDACTED)
        return nullable(_ID) if name == "id" else UNKNOWN

    def any_operation(self) -> Type:
        """The data of an event of any operation."""
        identifier = _object([Property("typename", STRING), Property("id", _ID)])
        kinds = union([string_atom(kind) for kind in ("query", "mutation", "subscription")])
        return self._data(
            variables=ANYTHING,
            identifiers=Array(identifier),
            types=Array(STRING),
            result=ANYTHING,
            operation=(STRING, STRING, kinds, Array(STRING)),
        )

    # One event

    def data(self, operation: Operation, name: str) -> Type:
        """The data of an operation's event.

        Args:
            operation: The operation.
            name: The name of the type, with which those of its parts begin.
        """
        occurring = self._occurring(operation)
        identifiers = [self._identifier(each, id_) for each, id_ in occurring.items() if id_]
        kind = string_atom(operation.kind)
        identity = (string_atom(operation.event_id), string_atom(operation.name), kind)
        return self._data(
            variables=self._variables(operation, name),
            identifiers=Array(union(identifiers)),
            types=Array(union([string_atom(typename) for typename in occurring])),
            result=self._result(operation, name),
            operation=(*identity, self._fields(operation)),
        )

    def _data(
        self,
        variables: Type,
        identifiers: Type,
        types: Type,
        result: Type,
        operation: Sequence[Type],
    ) -> Type:
        is_bundled = self._answers.get("plugin", "bundled") == "bundled"
        keys = ("id", "name", "type", "fields") if is_bundled else ("id", "name", "type")
        properties = [
            Property("variables", variables),
            Property("identifiers", identifiers),
            Property("types", types),
            Property("result", result),
            Property("operation", _object(list(map(Property, keys, operation)))),
        ]
        if is_bundled:
            cut = "Too large an event comes without result, then variables, then user."
            properties += [
                Property("user", self.user()),
                Property("truncated", Atom("true"), True, cut),
            ]
        return _object(properties)

    def _fields(self, operation: Operation) -> Type:
        """The root fields that run: these, or some of these where directives decide."""
        selected = root_selections(self._schema, operation.document)
        always = {each.name for each in selected if each.always}
        literals = tuple(map(string_atom, operation.fields))
        is_sure = always.issuperset(operation.fields)
        return Tuple(literals) if is_sure else Array(union(literals))

    # Variables

    def _variables(self, operation: Operation, name: str) -> Type:
        properties = []
        for node in operation.definition.variable_definitions or ():
            key = node.variable.name.value
            type_ = type_from_ast(self._schema, node.type)
            optional = not is_non_null_type(type_) or node.default_value is not None
            value = self._at(self._redaction, key, type_, self._input, _joined(name, key))
            properties.append(Property(key, value, optional))
        return _object(properties)

    def _input(self, named: Any, below: Redaction, name: str) -> Type:
        if is_enum_type(named):
            return self._enum(named)
        if not is_input_object_type(named):
            return self._scalar(named.name, _ID)
        if below.paths:
            return self._input_object(named, below, name)
        if named.name not in self._names:
            alias = self._declare(named.name, named.name, UNKNOWN)
            # Only now, since it may hold itself.
            self.declared[alias.text] = self._input_object(named, below, alias.text)
        return Atom(self._names[named.name])

    def _input_object(self, named: Any, below: Redaction, name: str) -> Type:
        return _object(
            [
                Property(
                    key,
                    self._at(below, key, field.type, self._input, _joined(name, key)),
                    not is_required_input_field(field),
                )
                for key, field in named.fields.items()
            ]
        )

    def _enum(self, named: Any) -> Type:
        return self._declare(named.name, named.name, union(list(map(string_atom, named.values))))

    # Results

    def _result(self, operation: Operation, name: str) -> Type:
        if not self._answers.get("include_raw_result"):
            return NOTHING
        selections = Selections(self._schema, operation.document)
        root = self._schema.get_root_type(operation.definition.operation)
        sets = [operation.definition.selection_set]
        data = self._object_of(root, sets, selections, self._redaction.below("data"), name)
        if self._answers.get("send_errors"):
            errors = Property("errors", Array(UNKNOWN), True)
            return _object([Property("data", nullable(data), True), errors])
        return _object([Property("data", data)])

    def _object_of(
        self, type_: Any, sets: Any, selections: Selections, below: Redaction, name: str
    ) -> Type:
        """The type of the objects that stand where a type is asked for."""
        possible = [type_]
        if is_abstract_type(type_):
            possible = list(self._schema.get_possible_types(type_))
        shapes: dict[tuple[Property | str, ...], list[str]] = {}
        for each in possible:
            shape = tuple(
                self._property(each, selected, selections, below, name)
                for selected in selections.collect(each, sets)
            )
            shapes.setdefault(shape, []).append(each.name)
        objects = [(names, _with_typenames(shape, names)) for shape, names in shapes.items()]
        if len(objects) == 1:
            return objects[0][1]
        aliases = (self._declare("", f"{name}{names[0]}", made) for names, made in objects)
        return union(list(aliases))

    def _property(
        self, type_: Any, selected: Selected, selections: Selections, below: Redaction, name: str
    ) -> Property | str:
        if selected.name == "__typename":
            return f"{selected.key}{'' if selected.always else '?'}"
        sets = [node.selection_set for node in selected.nodes if node.selection_set]

        def output(named: Any, inner: Redaction, own: str) -> Type:
            if is_enum_type(named):
                return self._enum(named)
            if is_composite_type(named):
                return self._object_of(named, sets, selections, inner, own)
            return self._scalar(named.name, STRING)

        given = field_type(self._schema, type_, selected.name)
        value = self._at(below, selected.key, given, output, _joined(name, selected.key))
        return Property(selected.key, value, not selected.always)

    def _laid_out(self, type_: Type, name: str) -> Type:
        """The type, with a name for an object that is one of several types, null aside."""
        if isinstance(type_, Array):
            return Array(self._laid_out(type_.item, name))
        if not isinstance(type_, Union):
            return type_
        first, *others = type_.members
        if isinstance(first, Object) and others == [NULL]:
            return type_
        return union([self._named_items(each, name) for each in type_.members])

    def one_of(self, types: Sequence[Type], name: str) -> Type:
        """One of several objects, each of which gets a name where there are more than one."""
        if len(types) == 1:
            return types[0]
        return union([self._declare("", f"{name}{at}", each) for at, each in enumerate(types, 1)])

    def _named_items(self, type_: Type, name: str) -> Type:
        if isinstance(type_, Array):
            return Array(self._named_items(type_.item, name))
        if isinstance(type_, Union):
            return union([self._named_items(each, name) for each in type_.members])
        return self._declare("", name, type_) if isinstance(type_, Object) else type_

    # Both

    def _at(self, below: Redaction, key: str, given: Any, make: Any, name: str) -> Type:
        """The type of the value under a key, redacted where it is; `name` is for objects in it."""
        if below.hides(key):
            return _REDACTED if is_non_null_type(given) else nullable(_REDACTED)
        value = self._wrapped(given, below.below(key), make, name)
        return self._laid_out(value, name)

    def _wrapped(self, given: Any, below: Redaction, make: Any, name: str) -> Type:
        type_ = get_nullable_type(given)
        made: Type
        if is_list_type(type_):
            made = Array(self._item(type_.of_type, below, make, name))
        else:
            made = make(type_, below, name)
        return made if is_non_null_type(given) else nullable(made)

    def _item(self, given: Any, below: Redaction, make: Any, name: str) -> Type:
        hidden = below.hides_items()
        item = self._wrapped(given, below.items(), make, name)
        if hidden == "all":
            return _REDACTED if is_non_null_type(given) else nullable(_REDACTED)
        return union([item, _REDACTED]) if hidden == "some" else item

    # Types that occur in a result

    def _identifier(self, typename: str, id_type: Type) -> Type:
        properties = [Property("typename", string_atom(typename)), Property("id", id_type)]
        return self._declare(f"{typename}.id", f"{typename}Identifier", _object(properties))

    def _occurring(self, operation: Operation) -> dict[str, Type | None]:
        """The types of the objects in a result, each with the type of its id where it has one."""
        found: dict[str, Type | None] = {}
        selections = Selections(self._schema, operation.document)
        root = self._schema.get_root_type(operation.definition.operation)
        for selected in selections.collect(root, [operation.definition.selection_set]):
            for typename, id_type in self._below(root, selected, selections):
                found[typename] = found.get(typename) or id_type
        return found

    def _below(
        self, parent: Any, selected: Selected, selections: Selections
    ) -> Iterator[tuple[str, Type | None]]:
        given = field_type(self._schema, parent, selected.name)
        named = get_named_type(given) if given else None
        if named is None or not is_composite_type(named):
            return
        sets = [node.selection_set for node in selected.nodes if node.selection_set]
        possible = [named]
        if is_abstract_type(named):
            possible = list(self._schema.get_possible_types(named))
        told = len(possible) == 1
        for type_ in possible if told else [*possible, named]:
            fields = selections.collect(type_, sets)
            if type_ is named and not told and _tells_type(fields):
                continue
            has_id = any(each.name == "id" for each in fields)
            yield type_.name, self._id_type(type_) if has_id else None
            if type_ is not named or told:
                for each in fields:
                    yield from self._below(type_, each, selections)

    def _id_type(self, type_: Any) -> Type:
        given = field_type(self._schema, type_, "id")
        if given is None or is_list_type(get_nullable_type(given)):
            return _ID
        named = get_named_type(given)
        if is_enum_type(named):
            return self._enum(named)
        return self._scalar(named.name, STRING)

    def _scalar(self, name: str, id_type: Type) -> Type:
        """A scalar; an ID is a text in results, and what the client sends in variables."""
        return id_type if name == "ID" else self._scalars.get(name, UNKNOWN)

    def _declare(self, key: str, name: str, type_: Type) -> Atom:
        """Give a type a name: the one that a key has already, or a new one."""
        if key and key in self._names:
            return Atom(self._names[key])
        while name in self._taken or name in self.declared:
            name += "_"
        self.declared[name] = type_
        if key:
            self._names[key] = name
        return Atom(name)


def string_atom(text: str) -> Atom:
    """A text as a literal type."""
    return Atom(string_literal(text))


def _object(properties: Sequence[Property]) -> Type:
    return Object(tuple(properties)) if properties else NOTHING


def _joined(name: str, key: str) -> str:
    """The name for the value under a key: `FindPostQueryAuthor`."""
    return f"{name}{key[0].upper()}{key[1:]}"


def _with_typenames(shape: Iterable[Property | str], names: Sequence[str]) -> Type:
    """The object of a shape, `__typename` being one of the names."""
    typename = union([string_atom(name) for name in names])
    properties = []
    for part in shape:
        if isinstance(part, str):
            properties.append(Property(part.rstrip("?"), typename, part.endswith("?")))
        else:
            properties.append(part)
    return _object(properties)


def _tells_type(fields: Iterable[Selected]) -> bool:
    return any(each.name == "__typename" and each.always for each in fields)
