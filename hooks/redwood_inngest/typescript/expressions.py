"""Expressions: the parts inside their wrappers, and the origins of their values."""

from __future__ import annotations

from typing import NamedTuple

from .bindings import Binding, Module
from .nodes import Node, Token, is_kind

# `const a = b; const b = a` and the like end somewhere.
_MAX_STEPS = 20


class Origin(NamedTuple):
    """The origin of an imported value.

    Attributes:
        module: The module specifier.
        name: The exported name; `*` for the module itself.
    """

    module: str
    name: str


def unwrap(node: Node) -> Node:
    """The expression without parentheses, `as`, `satisfies`, `!` and `<T>` around it."""
    while (place := _WRAPPED.get(node.kind)) is not None:
        node = node.parts[place]
    return node


# The place of the expression among the parts of each wrapper.
_WRAPPED = {
    "as_expression": 0,
    "non_null_expression": 0,
    "parenthesized_expression": 1,
    "satisfies_expression": 0,
    "type_assertion": -1,
}


def string_value(node: Node | None) -> str | None:
    """The text of a string; None for any other node, and for a string with escapes."""
    if node is None:
        return None
    if node.kind == "string":
        code = node.text
    elif node.kind == "template_string" and not _has_substitutions(node):
        code = node.code
    else:
        return None
    return None if "\\" in code else code[1:-1]


def _has_substitutions(template: Node) -> bool:
    return any(is_kind(part, "template_substitution") for part in template.parts)


def arguments_of(call: Node) -> list[Node]:
    """The arguments of a call."""
    arguments = call.part("arguments")
    return arguments.named() if arguments and arguments.kind == "arguments" else []


def callee(call: Node) -> Node | None:
    """The function that a call calls, without its wrappers; of `(0, f)` that is `f`."""
    function = call.part("function")
    inner = unwrap(function) if function else None
    return unwrap(inner.parts[-1]) if is_kind(inner, "sequence_expression") and inner else inner


def member(node: Node) -> tuple[Node, str] | None:
    """The object and the name of `object.name` and `object['name']`."""
    if node.kind == "member_expression":
        named = node.part("property")
        name = named.code if named else None
    elif node.kind == "subscript_expression":
        name = string_value(node.part("index"))
    else:
        return None
    target = node.part("object")
    return (unwrap(target), name) if target and name is not None else None


def branches(node: Node) -> list[Node]:
    """The two branches of a conditional."""
    found = (node.part("consequence"), node.part("alternative"))
    return [branch for branch in found if branch]


def declared_value(declaration: Node) -> Node:
    """The value of a declaration's first variable."""
    values = (node.part("value") for node in declaration.parts)
    return next(filter(None, values), declaration)


def is_call_of(module: Module, node: Node, target: str, method: str) -> bool:
    """Whether a node is a call such as `Object.freeze(...)` of a global object's method."""
    if node.kind != "call_expression":
        return False
    found = member(callee(node) or node)
    return (
        found is not None
        and found[0].code == target
        and found[1] == method
        and not (module.lookup(target, node))
    )


def origin(module: Module, node: Node, steps: int = 0) -> Origin | None:
    """The origin of an expression's value, followed through constants."""
    node = unwrap(node)
    if steps > _MAX_STEPS:
        return None
    if node.kind in _REFERENCES:
        binding = module.lookup(node.text, node)
        return binding_origin(module, binding, steps) if binding else None
    if node.kind == "await_expression":
        return origin(module, node.parts[-1], steps + 1)
    if node.kind == "call_expression":
        return _loaded(module, node)
    found = member(node)
    whole = origin(module, found[0], steps + 1) if found else None
    return Origin(whole.module, found[1]) if found and whole and whole.name in _WHOLE else None


_REFERENCES = {"identifier", "shorthand_property_identifier"}
_WHOLE = {"*", "default"}


def binding_origin(module: Module, binding: Binding, steps: int = 0) -> Origin | None:
    """The origin of a declared name's value."""
    declaration = binding.declaration
    if binding.how in {"import", "type"}:
        return _imported(binding)
    value = declaration.part("value")
    if declaration.kind != "variable_declarator" or value is None or steps > _MAX_STEPS:
        return None
    if binding.how != "const" and is_reassigned(module, binding):
        return None
    target = declaration.part("name")
    if target is binding.name:
        return origin(module, value, steps + 1)
    key = _destructured(target, binding.name)
    whole = origin(module, value, steps + 1) if key else None
    return Origin(whole.module, key) if key and whole and whole.name in _WHOLE else None


def is_reassigned(module: Module, binding: Binding) -> bool:
    """Whether a name is given another value after its declaration."""
    return any(module.is_written(token) for token in module.references(binding))


def _imported(binding: Binding) -> Origin | None:
    specifier = string_value(binding.loading.part("source")) if binding.loading else None
    if specifier is None:
        return None
    declaration = binding.declaration
    if declaration.kind == "import_specifier":
        name = declaration.part("name")
        return Origin(specifier, string_value(name) or (name.code if name else ""))
    return Origin(specifier, "default" if declaration.kind == "import_clause" else "*")


def _loaded(module: Module, call: Node) -> Origin | None:
    """The origin of the value of `require('module')` and `import('module')`."""
    function, arguments = callee(call), arguments_of(call)
    specifier = string_value(arguments[0]) if len(arguments) == 1 else None
    if function is None or specifier is None:
        return None
    loads = function.code == "import" or (
        function.code == "require" and not module.lookup("require", call)
    )
    return Origin(specifier, "*") if loads else None


def _destructured(pattern: Node | None, name: Token) -> str | None:
    """The key under which `{ key: name }` takes a value out of an object."""
    if pattern is None or pattern.kind != "object_pattern":
        return None
    for part in pattern.named():
        if part is name:
            return name.text
        if part.part("value") is name:
            key = part.part("key")
            return string_value(key) or (key.code if key else None)
    return None
