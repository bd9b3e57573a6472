"""The list in a module of the functions that Inngest may run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import Refusal
from ...typescript.bindings import Binding, Module
from ...typescript.expressions import (
    arguments_of,
    callee,
    is_call_of,
    is_reassigned,
    member,
    string_value,
    unwrap,
)
from ...typescript.nodes import Branch, Node, Token, is_kind, position

# The name of the list in our template, which the endpoint imports.
LIST = "functions"

# Methods of an array that keep a function which is added to it.
_KEEPING = {"concat", "flat"}
_MAX_STEPS = 20


@dataclass(frozen=True)
class Index:
    """The module, and the lines that a refusal gives a person to paste."""

    module: Module
    paste: str

    def refusal(self, node: Node, reason: str) -> Refusal:
        """A refusal that says where in the module."""
        line, column = position(self.module.program, node)
        return Refusal(reason, line=line, column=column, paste=self.paste)


def find_list(index: Index) -> Branch | None:
    """The brackets that hold the functions: an array, an object, or the names of an `export`.

    Args:
        index: The module.

    Returns:
        The brackets; None where the module exports the functions of other modules, and each
        export is an entry.

    Raises:
        Refusal: There is no list, or none that can be read for certain.
    """
    lists = [found for name, found in _exports(index.module) if name == LIST]
    if not lists:
        lists = [found for name, found in _exports(index.module) if name == "default"]
    if len(lists) > 1:
        raise index.refusal(lists[1], f"{LIST} is exported more than once in this file.")
    if lists:
        return _brackets(index, lists[0], 0)
    exports = [part for part in index.module.program.parts if is_kind(part, "export_statement")]
    clauses = [found for part in exports if (found := own_clause(part)) and found.named()]
    if clauses:
        return clauses[-1]
    if not exports or any(not _is_reexport(part) for part in exports):
        raise Refusal(
            f"there is no list of functions in this file: it exports neither `{LIST}` nor a"
            " default.",
            line=1,
            column=1,
            paste=index.paste,
        )
    return None


def own_clause(statement: Node) -> Branch | None:
    """The braces of `export { name }`, where that exports this module's own names."""
    if not isinstance(statement, Branch) or statement.part("source"):
        return None
    clause = next((part for part in statement.parts if is_kind(part, "export_clause")), None)
    return clause if isinstance(clause, Branch) else None


def _is_reexport(statement: Node) -> bool:
    if not isinstance(statement, Branch):
        return False
    is_type = any(part.kind in {"type", "interface_declaration"} for part in statement.parts)
    return statement.part("source") is not None or own_clause(statement) is not None or is_type


def _exports(module: Module) -> Iterator[tuple[str, Node]]:
    """The exports of a module, as pairs of a name and the expression or name with the value."""
    for statement in module.program.parts:
        if is_kind(statement, "export_statement") and isinstance(statement, Branch):
            yield from _exports_of(statement)
        if is_kind(statement, "expression_statement") and isinstance(statement, Branch):
            yield from _assigned(statement.parts[0])


def _exports_of(statement: Branch) -> Iterator[tuple[str, Node]]:
    if value := statement.part("value"):
        yield "default", value
    declaration = statement.part("declaration")
    if is_kind(declaration, "lexical_declaration", "variable_declaration"):
        for declarator in declaration.parts if declaration else ():
            name = declarator.part("name") if isinstance(declarator, Branch) else None
            if isinstance(name, Token):
                yield name.text, name
    clause = own_clause(statement)
    for specifier in clause.named() if clause else ():
        if isinstance(specifier, Branch) and (name := specifier.part("name")):
            yield (specifier.part("alias") or name).code, name


def _assigned(node: Node) -> Iterator[tuple[str, Node]]:
    """The exports of `module.exports = ...`, `module.exports.name = ...`, `exports.name = ...`."""
    if not isinstance(node, Branch) or node.kind != "assignment_expression":
        return
    left, value = node.part("left"), node.part("right")
    if left is None or value is None:
        return
    target, _, name = left.code.rpartition(".")
    if left.code == "module.exports":
        listed = _property(value, LIST)
        yield (LIST, listed) if listed else ("default", value)
    elif target in {"module.exports", "exports"}:
        yield name, value


def _property(node: Node, name: str) -> Node | None:
    """The value of a property of an object literal."""
    inner = unwrap(node)
    for part in inner.named() if isinstance(inner, Branch) and inner.kind == "object" else ():
        if is_kind(part, "shorthand_property_identifier") and part.code == name:
            return part
        key = part.part("key") if isinstance(part, Branch) else None
        if isinstance(part, Branch) and key and (string_value(key) or key.code) == name:
            return part.part("value")
    return None


def _brackets(index: Index, node: Node, steps: int) -> Branch:
    """The array or object that an expression's value comes from."""
    module, inner = index.module, unwrap(node)
    if isinstance(inner, Token) and steps < _MAX_STEPS:
        return _brackets(index, _value(index, inner), steps + 1)
    if is_kind(inner, "array", "object") and isinstance(inner, Branch):
        return _checked(index, inner)
    if isinstance(inner, Branch) and inner.kind == "call_expression":
        arguments = arguments_of(inner)
        for method in ("freeze", "values"):
            if is_call_of(module, inner, "Object", method) and len(arguments) == 1:
                return _brackets(index, arguments[0], steps + 1)
        method_of = member(callee(inner) or inner)
        if method_of and (method_of[1] in _KEEPING or _keeps_all(method_of[1], arguments)):
            return _brackets(index, method_of[0], steps + 1)
    raise index.refusal(
        inner, "the list of functions is no array or object that is written out here."
    )


def _keeps_all(method: str, arguments: list[Node]) -> bool:
    """Whether this is `.filter(Boolean)`, which a function passes."""
    return method == "filter" and [each.code for each in arguments] == ["Boolean"]


def _value(index: Index, name: Token) -> Node:
    """The value that a name stands for in this module."""
    module = index.module
    binding = module.lookup(name.text, name)
    declaration = binding.declaration if binding else None
    if binding is None or declaration is None:
        raise index.refusal(name, f"{name.text} is not declared in this file.")
    if binding.how in {"import", "type"}:
        raise index.refusal(
            name,
            f"the functions come from another file here ({_source(module, binding)}): register it"
            " there.",
        )
    if declaration.kind != "variable_declarator" or declaration.part("name") is not binding.name:
        raise index.refusal(name, f"{name.text} is no list that is written out here.")
    if is_reassigned(module, binding):
        raise index.refusal(name, f"{name.text} gets another value later in this file.")
    if is_kind(_inside(declaration.part("type")), "tuple_type"):
        raise index.refusal(declaration, f"the type of {name.text} names each function by place.")
    value = declaration.part("value")
    if value is None:
        raise index.refusal(name, f"{name.text} has no value here.")
    return value


def _inside(annotation: Node | None) -> Node | None:
    """The type in `: type`."""
    return annotation.parts[-1] if annotation and annotation.parts else None


def _source(module: Module, binding: Binding) -> str:
    around = [binding.declaration, *module.ancestors(binding.declaration)]
    sources = (string_value(node.part("source")) for node in around)
    return next(filter(None, sources), "a module")


def _checked(index: Index, brackets: Branch) -> Branch:
    """Refuse an object that is no list of functions by name."""
    if brackets.kind == "object":
        for part in brackets.named():
            if not is_kind(part, "shorthand_property_identifier", "pair", "spread_element"):
                raise index.refusal(part, "this object is more than a list of functions by name.")
    return brackets


def entry_reference(entry: Node) -> Token | None:
    """The name in an entry of a list: `name`, `key: name`, or `name as other` in an export."""
    value: Node | None = entry
    if isinstance(entry, Branch) and entry.kind == "pair":
        value = entry.part("value")
    elif isinstance(entry, Branch) and entry.kind == "export_specifier":
        value = entry.part("name")
    inner = unwrap(value) if value else None
    return inner if isinstance(inner, Token) else None
