"""The parts that an app with Inngest has: a client, an endpoint, and perhaps a GraphQL plugin."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.expressions import arguments_of, callee, origin, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind, position
from ...typescript.parser import parse
from ..sdk.around import ALONE
from ..sdk.objects import as_object, find, value_of
from ..sdk.uses import Uses

CLIENT = "client"
ENDPOINT = "endpoint"
PLUGIN = "plugin"

PLUGIN_PACKAGE = "envelop-plugin-inngest"
BUNDLED_PLUGIN = "src/inngest/useInngest"
SERVE_MODULE = "inngest/redwood"

_WRITE = {
    CLIENT: "export const inngest = new Inngest({ ... })",
    ENDPOINT: "export const handler = serve({ ... })",
    PLUGIN: "export const inngestPlugin = useInngest({ ... })",
}


@dataclass(frozen=True, eq=False)
class Part:
    """A part, as a module makes it.

    Attributes:
        what: `client`, `endpoint` or `plugin`.
        module: The module.
        suffix: The suffix of its file.
        call: The call that makes it.
        statement: The statement at the top of the module with that call.
        name: Its name there; empty for a default export.
    """

    what: str
    module: Module
    suffix: str
    call: Branch
    statement: Branch
    name: str

    @property
    def options(self) -> Branch | None:
        """Its options, where they are written out as an object."""
        arguments = arguments_of(self.call)
        is_old = self.what == ENDPOINT and len(arguments) > 1
        given = arguments[2:] if is_old else arguments
        return as_object(unwrap(given[0])) if given else None

    @property
    def members(self) -> list[Node]:
        """The members of its options."""
        return self.options.named() if self.options else []

    def value(self, name: str) -> Node | None:
        """The value of an option."""
        found = value_of(find(self.options, name)) if self.options else None
        return unwrap(found) if found else None

    def constant(self, node: Node | None) -> Node | None:
        """An expression, or the value of the constant of this module that it names."""
        if node is None or not is_kind(node, "identifier", "shorthand_property_identifier"):
            return unwrap(node) if node else None
        binding = self.module.lookup(node.code, node)
        if binding and binding.declaration.kind == "function_declaration":
            return binding.declaration
        value = binding.declaration.part("value") if binding and binding.how == "const" else None
        return unwrap(value) if value else node

    def text(self, node: Node | None) -> str | None:
        """The text that an expression stands for, where this module tells."""
        return string_value(self.constant(node))

    def refusal(self, node: Node, reason: str) -> Refusal:
        """A refusal that says where in the module."""
        return refusal(self.module, node, reason)


def refusal(module: Module, node: Node, reason: str) -> Refusal:
    """A refusal that says where in a module."""
    line, column = position(module.program, node)
    return Refusal(reason, line=line, column=column)


def calls_in(module: Module) -> dict[str, list[Branch]]:
    """The calls in a module that make a client, an endpoint or a plugin."""
    uses = Uses(module, ALONE)
    plugins = [
        call
        for call in module.of_kind("call_expression")
        if (function := callee(call))
        and (made := origin(module, function))
        and made.name == "useInngest"
        and made.module in {PLUGIN_PACKAGE, BUNDLED_PLUGIN}
    ]
    return {CLIENT: uses.clients, ENDPOINT: uses.serves, PLUGIN: plugins}


def find_part(source: str, suffix: str, what: str) -> Part:
    """The only part of a kind in a module; see `part_in`."""
    return part_in(Module(parse(source, suffix)), suffix, what)


def part_in(module: Module, suffix: str, what: str) -> Part:
    """The only part of a kind in a module.

    Args:
        module: The module.
        suffix: The suffix of its file.
        what: `client`, `endpoint` or `plugin`.

    Raises:
        Refusal: It is made in another way than as a constant at the top of the module.
    """
    (call,) = calls_in(module)[what]
    around = list(module.ancestors(call))
    statement, name = (call, *around)[-2], ""
    declarator = next((one for one in around if one.kind == "variable_declarator"), None)
    if declarator:
        named, value = declarator.part("name"), declarator.part("value")
        if named and is_kind(named, "identifier") and value and unwrap(value) is call:
            name = named.code
    value = statement.part("value") if statement.kind == "export_statement" else None
    is_default = what == CLIENT and value is not None and unwrap(value) is call
    at_top = is_kind(statement, "lexical_declaration", "variable_declaration") or (
        is_kind(statement, "export_statement") and statement.part("declaration")
    )
    if not is_default and not (name and at_top):
        raise refusal(
            module,
            call,
            f"adopt does not understand how this {what} is made: write `{_WRITE[what]}`, and run "
            "it again.",
        )
    return Part(what, module, suffix, call, statement, name)
