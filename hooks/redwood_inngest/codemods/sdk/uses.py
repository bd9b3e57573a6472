"""The uses of the Inngest SDK in a module, by bindings: clients, functions, steps, endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

from ...typescript.bindings import Binding, Module
from ...typescript.expressions import (
    Origin,
    arguments_of,
    callee,
    member,
    origin,
    string_value,
    unwrap,
)
from ...typescript.nodes import Branch, Node, Token, is_kind, walk
from .around import Around, Client
from .objects import as_object, find, value_of

PACKAGE = "inngest"
_FUNCTIONS = {"arrow_function", "function_declaration", "function_expression", "method_definition"}
_LOOPS = {"do_statement", "for_in_statement", "for_statement", "while_statement"}
_REPEATING = {
    "filter",
    "flatMap",
    "forEach",
    "from",
    "map",
    "reduce",
    "reduceRight",
    "some",
    "every",
}
_IMPORTED = {"import", "type"}
_SERVE = {"createServer", "serve"}
_OLD_CALLS = {"createScheduledFunction", "createStepFunction"}
_EDGE = {"inngest/cloudflare", "inngest/deno/fresh", "inngest/edge", "inngest/hono"}


@dataclass(frozen=True, eq=False)
class FunctionCall:
    """A call of a client's `createFunction`.

    Attributes:
        call: The call.
        client: The client, as it is written.
        arguments: The arguments.
        anchor: The token by which the call is found again after edits.
    """

    call: Branch
    client: Node
    arguments: list[Node]
    anchor: Token

    @property
    def options(self) -> Branch | None:
        """The first argument, where it is an object literal."""
        return as_object(unwrap(self.arguments[0]))

    @property
    def list(self) -> Branch:
        """The arguments with their parentheses."""
        return cast("Branch", self.call.part("arguments"))


@dataclass(frozen=True, eq=False)
class ToolCall:
    """A call of a step tool or another function of the handler's context.

    Attributes:
        call: The call.
        handler: The function whose context it is.
        path: The function that is called, as in `("step", "run")`.
        anchor: The token by which the call is found again after edits.
    """

    call: Branch
    handler: Branch
    path: tuple[str, ...]
    anchor: Token

    @property
    def list(self) -> Branch:
        """The arguments with their parentheses."""
        return cast("Branch", self.call.part("arguments"))


class Call(NamedTuple):
    """A call: the function that it calls, and the object and the name where that is a member."""

    node: Branch
    target: Node
    object: Node | None
    name: str


class Uses:
    """The uses of the SDK in a module.

    Args:
        module: The module.
        around: The rest of the app, as the module sees it.
    """

    def __init__(self, module: Module, around: Around) -> None:
        self.module = module
        self.around = around

    @cached_property
    def calls(self) -> list[Call]:
        """The calls in the module, in the order of the text."""
        return [
            Call(node, target, *(member(target) or (None, "")))
            for node in self.module.of_kind("call_expression")
            if (target := callee(node))
        ]

    @cached_property
    def clients(self) -> list[Branch]:
        """The expressions that make a client: `new Inngest(...)`."""
        return [node for node in self.module.of_kind("new_expression") if self._makes_client(node)]

    @cached_property
    def functions(self) -> list[FunctionCall]:
        """The calls of `createFunction`."""
        found = []
        for call in self.calls:
            if call.object is None or call.name != "createFunction":
                continue
            arguments = [one for one in arguments_of(call.node) if one.kind != "spread_element"]
            is_client = self.is_client(call.object)
            if is_client or (is_client is None and _looks_like_function(arguments)):
                anchor = last_token(call.target)
                found.append(FunctionCall(call.node, call.object, arguments, anchor))
        return [one for one in found if one.arguments]

    @cached_property
    def serves(self) -> list[Branch]:
        """The calls of `serve` from one of the SDK's packages for frameworks."""
        return [call.node for call in self.calls if self._serves(call)]

    @cached_property
    def imports(self) -> list[Branch]:
        """The statements that import from the SDK's packages."""
        from_sdk = (PACKAGE, "@inngest")
        found = []
        for statement in self.module.of_kind("import_statement"):
            source = statement.part("source")
            specifier = source.code[1:-1] if source else ""
            if specifier.split("/")[0] in from_sdk:
                found.append(statement)
        return found

    @property
    def is_on_edge(self) -> bool:
        """Whether the module serves where there may be no `process.env`."""
        return any(string_value(one.part("source")) in _EDGE for one in self.imports)

    @cached_property
    def calls_of_old_sdks(self) -> list[tuple[str, Token]]:
        """The calls that made functions before SDK 1."""
        return [
            (call.name, last_token(call.target))
            for call in self.calls
            if call.name in _OLD_CALLS and call.object and self.is_client(call.object)
        ]

    @property
    def any(self) -> bool:
        """Whether the module uses the SDK at all."""
        return bool(self.imports or self.functions)

    def is_client(self, node: Node) -> bool | None:
        """Whether an expression is a client; None where this module does not tell."""
        node = unwrap(node)
        if node.kind == "new_expression":
            return any(node is made for made in self.clients)
        binding = self._binding(node)
        if binding and binding.how == "parameter":
            return self._typed_as_client(binding)
        if binding and binding.how == "const":
            value = binding.declaration.part("value")
            if value is not None and binding.declaration.part("name") is binding.name:
                return self.is_client(value)
        where = origin(self.module, node)
        if where is None:
            return None
        return True if (where.module, where.name) in self.around.clients else None

    def client_of(self, node: Node) -> tuple[Branch | None, Client]:
        """The `new Inngest(...)` of a client, if it is in this module, and what is known of it."""
        node = unwrap(node)
        if node.kind == "new_expression":
            return cast("Branch", node), Client()
        binding = self._binding(node)
        value = binding.declaration.part("value") if binding else None
        if binding and value is not None and binding.declaration.part("name") is binding.name:
            return self.client_of(value)
        where = origin(self.module, node)
        known = self.around.clients.get((where.module, where.name)) if where else None
        return None, known or Client()

    def options_of(self, function: FunctionCall) -> Branch | None:
        """The options of a function, written out in its call or as a constant."""
        binding = self._binding(unwrap(function.arguments[0]))
        value = binding.declaration.part("value") if binding and binding.how == "const" else None
        return function.options or (as_object(unwrap(value)) if value else None)

    def handlers(self, function: FunctionCall) -> Iterator[Branch]:
        """The functions that get a function's context: its handler and `onFailure`."""
        if len(function.arguments) > 1:
            yield from self._function(function.arguments[-1])
        options = self.options_of(function)
        failure = value_of(find(options, "onFailure")) if options else None
        if failure:
            yield from self._function(failure)

    def tool_calls(self, handler: Branch) -> list[ToolCall]:
        """The calls of functions in a handler's context, in the order of the text."""
        return [call for call in self._tool_calls if call.handler is handler]

    @cached_property
    def _tool_calls(self) -> list[ToolCall]:
        found = []
        for call in self.calls:
            handler, path = self.context(call.target) or (None, ())
            if handler and len(path) > 1:
                found.append(ToolCall(call.node, handler, path, last_token(call.target)))
        return found

    def tokens_of(self, handler: Branch, path: tuple[str, ...]) -> list[Token]:
        """The names that stand for a part of a handler's context, where they are used."""
        return [
            cast("Token", node)
            for node in walk(handler)
            if is_kind(node, "identifier", "shorthand_property_identifier")
            and self.path(handler, node) == path
        ]

    def path(self, handler: Branch, node: Node) -> tuple[str, ...] | None:
        """The part of a handler's context that an expression is: `("step", "run")`."""
        found = self.context(node)
        return found[1] if found and found[0] is handler else None

    def context(self, node: Node, depth: int = 0) -> tuple[Branch, tuple[str, ...]] | None:
        """The function whose first parameter an expression is a part of, and which part."""
        node = unwrap(node)
        if depth > 20:
            return None
        if isinstance(node, Branch):
            what = member(node)
            whole = self.context(what[0], depth + 1) if what else None
            return (whole[0], (*whole[1], what[1])) if what and whole else None
        binding = self._binding(node)
        if binding is None or binding.name is node or binding.how not in {"parameter", "const"}:
            return None
        pattern = self._pattern_path(binding)
        if pattern is None:
            return None
        if binding.how == "parameter":
            return (binding.scope, pattern) if self._is_first_parameter(binding) else None
        value = binding.declaration.part("value")
        whole = self.context(value, depth + 1) if value else None
        return (whole[0], (*whole[1], *pattern)) if whole else None

    def runs_again(self, node: Node, handler: Branch) -> bool:
        """Whether code in a handler may run more than once in a run: in a loop, in a helper."""
        inner: Node = node
        for around in self.module.ancestors(node):
            if around is handler:
                return False
            if around.kind in _LOOPS or (around.kind in _FUNCTIONS and self._repeats(around)):
                return True
            inner = around
        return inner is not handler

    def is_made_by_code(self, node: Node) -> bool:
        """Whether a call stands in a loop or in a function, such as a factory."""
        return any(around.kind in _LOOPS | _FUNCTIONS for around in self.module.ancestors(node))

    def depends_on_code(self, node: Node) -> bool:
        """Whether an expression reads names that are not declared at the top of the module."""
        return any(
            is_kind(token, "identifier", "shorthand_property_identifier")
            and (binding := self.module.lookup(token.text, token)) is not None
            and binding.scope is not self.module.program
            for token in node.tokens()
        )

    def _repeats(self, function: Branch) -> bool:
        parent = self.module.parent(function)
        if is_kind(parent, "arguments"):
            call = cast("Branch", self.module.parent(cast("Branch", parent)))
            target = callee(call) if call.kind == "call_expression" else None
            what = member(target) if target else None
            return bool(what and what[1] in _REPEATING)
        return not is_kind(parent, "parenthesized_expression", "call_expression")

    def _function(self, node: Node) -> Iterator[Branch]:
        node = unwrap(node)
        if node.kind in _FUNCTIONS:
            yield cast("Branch", node)
            return
        binding = self._binding(node)
        if binding and binding.declaration.kind in _FUNCTIONS:
            yield binding.declaration
        elif binding and binding.how == "const":
            value = binding.declaration.part("value")
            if value and unwrap(value).kind in _FUNCTIONS:
                yield cast("Branch", unwrap(value))

    def _binding(self, node: Node) -> Binding | None:
        if not is_kind(node, "identifier", "shorthand_property_identifier"):
            return None
        return self.module.lookup(node.text, node)

    def _makes_client(self, node: Branch) -> bool:
        made = node.part("constructor")
        where = origin(self.module, made) if made else None
        return where == Origin(PACKAGE, "Inngest")

    def _typed_as_client(self, binding: Binding) -> bool | None:
        annotation = binding.declaration.part("type")
        for token in annotation.tokens() if annotation else ():
            if token.kind in {"type_identifier", "identifier"}:
                named = self.module.lookup(token.text, token)
                if named and named.how in _IMPORTED:
                    specifier = self.module.ancestors(named.name)
                    statement = next(a for a in specifier if a.kind == "import_statement")
                    if statement in self.imports and token.text == "Inngest":
                        return True
        return None

    def _serves(self, call: Call) -> bool:
        if call.object and call.name not in _SERVE:
            return False
        where = origin(self.module, call.target)
        return where is not None and (
            where.module.startswith(f"{PACKAGE}/") and where.name in _SERVE
        )

    def _pattern_path(self, binding: Binding) -> tuple[str, ...] | None:
        """The keys by which a pattern takes a name out of a value."""
        keys: list[str] = []
        node: Node = binding.name
        for around in self.module.ancestors(binding.name):
            if around.kind == "object_pattern":
                if is_kind(node, "shorthand_property_identifier_pattern"):
                    keys.append(node.code)
            elif around.kind == "pair_pattern":
                key = around.part("key")
                keys.append(key.code if key else "")
            elif around.kind == "object_assignment_pattern":
                keys.append(around.parts[0].code)
            elif around.kind == "assignment_pattern":
                pass
            elif around.kind in {"rest_pattern", "array_pattern"}:
                return None
            else:
                break
            node = around
        return tuple(reversed(keys))

    def _is_first_parameter(self, binding: Binding) -> bool:
        parameters = binding.scope.part("parameters")
        if isinstance(parameters, Branch) and parameters.kind == "formal_parameters":
            first = next(iter(parameters.named()), None)
            return first is not None and self.module.is_inside(binding.name, first)
        return binding.scope.part("parameter") is binding.name


def last_token(node: Node) -> Token:
    """The last token of an expression."""
    while node.parts:
        node = node.parts[-1]
    return cast("Token", node)


def _looks_like_function(arguments: list[Node]) -> bool:
    """Whether arguments are those of an Inngest function, and not of a cloud's `createFunction`."""
    if len(arguments) != 3:
        return False
    first = unwrap(arguments[0])
    options = as_object(first)
    if options:
        return bool(find(options, "id") or find(options, "name"))
    return first.kind in {"string", "template_string"}
