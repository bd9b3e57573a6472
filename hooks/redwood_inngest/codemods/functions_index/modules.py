"""How the index imports and exports the modules of the functions, one function in each."""

from __future__ import annotations

import re

from ...typescript.bindings import Binding, Module
from ...typescript.expressions import binding_origin, string_value
from ...typescript.imports import module_of
from ...typescript.nodes import Branch, Node, is_kind

# The folder of the functions, as the app's own modules import them.
FOLDER = "src/inngest/functions"

_SUFFIX = re.compile(r"\.[cm]?[jt]sx?$")
_NAMES = {"identifier", "shorthand_property_identifier_pattern"}


def is_module_of(specifier: str | None, name: str) -> bool:
    """Whether an import names the file of a function, by the alias or relative to the index."""
    path = rf"(\.\.?/|\$?api/|src/)+(inngest/)?(functions/)?{re.escape(name)}"
    return specifier is not None and re.fullmatch(path, _SUFFIX.sub("", specifier)) is not None


def specifier_for(program: Branch, name: str, file_suffix: str) -> str:
    """The specifier of a function's module: as the index has the others, or else the alias.

    Args:
        program: The index.
        name: The function.
        file_suffix: The ending that the alias gives a file's name: `.js` in ECMAScript modules.
    """
    for other in reversed([found for part in program.parts if (found := source_of(part))]):
        folder, _, file = other.rpartition("/")
        if folder == "." or folder.endswith("/functions"):
            suffix = _SUFFIX.search(file)
            return f"{folder}/{name}{suffix[0] if suffix else ''}"
    return f"{FOLDER}/{name}{file_suffix}"


def source_of(statement: Node) -> str | None:
    """The module that a statement imports, requires or exports from."""
    if is_kind(statement, "export_statement") and isinstance(statement, Branch):
        return string_value(statement.part("source"))
    return module_of(statement)


def bindings_of(module: Module, name: str) -> list[Binding]:
    """The bindings in the index of a function that it imports from its module."""
    names = {
        token.text
        for part in module.program.parts
        if is_module_of(module_of(part), name)
        for token in part.tokens()
        if token.kind in _NAMES
    }
    found = (binding for each in sorted(names) for binding in module.bindings(each))
    return [binding for binding in found if _is_function(module, binding, name)]


def _is_function(module: Module, binding: Binding, name: str) -> bool:
    origin = binding_origin(module, binding)
    return (
        binding.how != "type"
        and origin is not None
        and origin.name in {name, "default"}
        and is_module_of(origin.module, name)
    )


def is_reexport_of(statement: Node, name: str) -> bool:
    """Whether a statement exports a function from its module: `export { name } from './name'`."""
    return is_kind(statement, "export_statement") and is_module_of(source_of(statement), name)


def is_local_export(clause: Branch, module: Module) -> bool:
    """Whether the names in the braces of an `export` are those of this module."""
    statement = module.parent(clause)
    return statement is not None and statement.part("source") is None
