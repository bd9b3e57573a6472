"""The import of the plugin in a module: found, added, or taken out."""

from __future__ import annotations

from typing import cast

from ...typescript.bindings import Binding, Module
from ...typescript.edits import Edits, statement
from ...typescript.expressions import binding_origin
from ...typescript.imports import add_import, is_esm, module_of, remove_import
from ...typescript.nodes import Branch, Node, Token, is_kind, walk
from ...typescript.style import CodeStyle
from .calls import (
    OTHER_NAMES,
    OWN_NAMES,
    PLUGIN,
    PLUGIN_FILE,
    PLUGIN_MODULE,
    is_plugin_module,
    is_plugin_origin,
    is_unbound_plugin,
    refusal,
)
from .import_order import ORDERS
from .plan import Plan

# Wiring imports the plugin by one of these, at the top of the module.
_IMPORTING = {"import_statement", "lexical_declaration", "variable_declaration"}


class PluginImports:
    """The imports of a module from the plugin's module.

    Attributes:
        bindings: The names that mean the plugin, however it is imported.
        mentions: The tokens by which the module uses the plugin as a value.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        named = (one for one in module.strings if PLUGIN_FILE in one.text)
        self._statements = [
            statement
            for statement in map(module.statement, named)
            if is_plugin_module(module_of(statement) or "")
        ]
        names = {name for name in OWN_NAMES if module.mentions(name)}
        for part in self._statements:
            names.update(token.text for token in part.tokens() if token.kind == "identifier")
        self.bindings = [
            binding
            for name in sorted(names)
            for binding in module.bindings(name)
            if is_plugin_origin(binding_origin(module, binding))
        ]
        self.mentions = self._mentions()

    def local_name(self, calls: list[Branch]) -> tuple[str, bool]:
        """The plugin's name in the module, now or once wired, and whether it is imported so."""
        for binding in self.bindings:
            name = binding.name.text
            seen = all(self._module.lookup(name, call) is binding for call in calls)
            if binding.how != "type" and binding.scope is self._module.program and seen:
                return name, True
        return self._unbound_name() or self._free_name(), False

    def _unbound_name(self) -> str:
        """The name by which the module mentions the plugin, its import missing."""
        for name in OWN_NAMES:
            unbound = (is_unbound_plugin(self._module, one) for one in self._module.mentions(name))
            if any(unbound) and not self._module.bindings(name):
                return name
        return ""

    def _free_name(self) -> str:
        free = (name for name in OWN_NAMES if not self._module.bindings(name))
        return next(free, f"{OTHER_NAMES[0]}1")

    def _mentions(self) -> list[Token]:
        module = self._module
        found = [token for binding in self.bindings for token in module.references(binding)]
        known = {id(token) for token in found} | {id(one.name) for one in self.bindings}
        unbound = [
            token
            for name in OWN_NAMES
            for token in module.mentions(name)
            if id(token) not in known
            and module.is_value(token)
            and is_unbound_plugin(module, token)
        ]
        return found + unbound

    # Adding it.

    def add(
        self, edits: Edits, local: str, style: CodeStyle, suffix: str, needed_by: Node
    ) -> Node | None:
        """Import the plugin; in an import of its module that is there, or in a new one.

        Returns:
            The list of names that got longer, if one did.
        """
        for part in self._statements:
            names = _names_of_values(part)
            if names:
                edits.append(names, _specifier(local))
                return names
        esm = is_esm(self._module.program, suffix)
        add_import(edits, _import_text(local, esm, style), ORDERS, needed_by)
        return None

    # Taking it out.

    def remove(self, plan: Plan) -> None:
        """Take out the imports that only removed code has used."""
        for binding in self.bindings:
            references = self._module.references(binding)
            used = any(id(token) not in plan.explained for token in references)
            if not used and self._is_ours(binding):
                self._remove(plan, binding)

    def _is_ours(self, binding: Binding) -> bool:
        """Whether wiring would import the plugin by this name and from this path."""
        found = binding_origin(self._module, binding)
        ours = binding.name.text in OWN_NAMES and binding.how != "type"
        return ours and found is not None and found.module == PLUGIN_MODULE

    def _remove(self, plan: Plan, binding: Binding) -> None:
        top = self._module.statement(binding.name)
        if top.kind not in _IMPORTING:
            return
        names = _named_imports(top)
        if names and len(names.named()) > 1:
            plan.edits.remove(names, binding.declaration)
            plan.touch(names)
        elif _imports_only(top):
            remove_import(plan.edits, top)


def check_mentions(plan: Plan, imports: PluginImports, what: str) -> None:
    """Check that every use of the plugin is understood.

    Args:
        plan: The plan of the edits.
        imports: The imports of the plugin in the module.
        what: The command: `wire` or `unwire`.

    Raises:
        Refusal: One use is not.
    """
    for token in imports.mentions:
        exported = is_kind(plan.module.parent(token), "export_specifier")
        if id(token) not in plan.explained and not exported:
            raise refusal(
                plan.module,
                token,
                f"{token.text} is used here in a way that {what} does not understand:"
                " change the handler by hand.",
            )


def check_one_name(plan: Plan, imports: PluginImports) -> None:
    """Check that one import can name the plugin wherever it is mentioned without an import.

    Raises:
        Refusal: It is mentioned by several names.
    """
    for token in imports.mentions:
        if is_unbound_plugin(plan.module, token) and token.text != plan.local:
            raise refusal(
                plan.module,
                token,
                f"{token.text} is not imported, and the plugin is called {plan.local} here:"
                f" import it, or call it {plan.local} here, too.",
            )


def _import_text(local: str, esm: bool, style: CodeStyle) -> str:
    pad, specifier = style.padding, f"{style.quote}{PLUGIN_MODULE}{style.quote}"
    if esm:
        name = PLUGIN if local == PLUGIN else f"{PLUGIN} as {local}"
        return f"import {{{pad}{name}{pad}}} from {specifier}{style.semicolon}"
    name = PLUGIN if local == PLUGIN else f"{PLUGIN}: {local}"
    return f"const {{{pad}{name}{pad}}} = require({specifier}){style.semicolon}"


def _specifier(local: str) -> Node:
    name = PLUGIN if local == PLUGIN else f"{PLUGIN} as {local}"
    names = _named_imports(statement(f"import {{{name}}} from 'x'"))
    return names.parts[1] if names else Token(name)


def _named_imports(node: Node) -> Branch | None:
    """The braces of an import statement."""
    found = (part for part in walk(node) if part.kind == "named_imports")
    return cast("Branch | None", next(found, None))


def _names_of_values(node: Node) -> Branch | None:
    """The braces of an import of values, for one more name."""
    if not is_kind(node, "import_statement") or any(is_kind(one, "type") for one in node.parts):
        return None
    names = _named_imports(node)
    return names if names and names.named() else None


def _imports_only(top: Node) -> bool:
    """Whether a statement imports one name and nothing else."""
    if top.kind == "import_statement":
        clause = next((part for part in top.parts if part.kind == "import_clause"), None)
        return clause is not None and len(clause.named()) == 1
    patterns = [node for node in walk(top) if node.kind == "object_pattern"]
    return len(patterns) == 1 and len(patterns[0].named()) == 1
