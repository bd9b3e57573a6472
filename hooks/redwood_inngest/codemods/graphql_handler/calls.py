"""The calls of `createGraphQLHandler` in a module, and its names for `inngestPlugin`."""

from __future__ import annotations

import re

from ...errors import Refusal
from ...typescript.bindings import Binding, Module
from ...typescript.expressions import (
    Origin,
    arguments_of,
    binding_origin,
    callee,
    is_reassigned,
    member,
    origin,
    unwrap,
)
from ...typescript.nodes import Branch, Node, Token, is_kind, position

PLUGIN = "inngestPlugin"
# Names for the plugin in a module that has something else by its name.
OTHER_NAMES = ("inngestGraphQLPlugin", "inngestEnvelopPlugin")
OWN_NAMES = (PLUGIN, *OTHER_NAMES)
PLUGIN_MODULE = "src/inngest/plugin"
PLUGIN_FILE = PLUGIN_MODULE.removeprefix("src/")
PASTE = (
    f"import {{ {PLUGIN} }} from '{PLUGIN_MODULE}'\n"
    "\n"
    f"  extraPlugins: [/* the plugins that are there, */ {PLUGIN}],\n"
)

# Every handler costs a look at the whole file.
MAX_CALLS = 20

_HANDLER = "createGraphQLHandler"
# Registered by a server file of Redwood 5.2 and later, with the same options as second argument.
_FASTIFY_SERVER = "redwoodFastifyGraphQLServer"
_SERVER = re.compile(r"@(redwoodjs|cedarjs)/graphql-server(/.*)?")
# The ways to write the plugin's module: the alias, and relative to anything in api/src.
_PLUGIN_MODULE = re.compile(rf"((\.\.?/)+|src/|\$?api/src/){PLUGIN_FILE}(\.[cm]?[jt]sx?)?")


def refusal(module: Module, node: Node, reason: str, paste: str = PASTE) -> Refusal:
    """A refusal that says where, and what to paste."""
    line, column = position(module.program, node)
    return Refusal(reason, line=line, column=column, paste=paste)


def is_plugin(module: Module, node: Node) -> bool:
    """Whether an expression is `inngestPlugin`, by any name, with or without its import."""
    found = origin(module, node)
    if found:
        return is_plugin_origin(found)
    return is_unbound_plugin(module, node)


def is_unbound_plugin(module: Module, node: Node) -> bool:
    """Whether an expression is the plugin by a name that wiring gives it, its import missing."""
    named = is_kind(node, "identifier", "shorthand_property_identifier")
    return named and node.text in OWN_NAMES and module.lookup(node.text, node) is None


def is_plugin_origin(found: Origin | None) -> bool:
    """Whether something is imported from the plugin's module under the plugin's name."""
    return found is not None and found.name == PLUGIN and is_plugin_module(found.module)


def is_plugin_module(specifier: str) -> bool:
    """Whether a module specifier names the plugin's module."""
    return PLUGIN_FILE in specifier and _PLUGIN_MODULE.fullmatch(specifier) is not None


def handler_calls(module: Module) -> list[Branch]:
    """Every call of `createGraphQLHandler` from Redwood or Cedar, and of its equivalents.

    Raises:
        Refusal: There is none, or there may be others that cannot be seen.
    """
    calls: list[Branch] = []
    others: list[tuple[Branch, Origin]] = []
    for call in module.of_kind("call_expression"):
        function = callee(call)
        method = member(function) if function else None
        is_another = method is not None and method[1] != _HANDLER
        found = origin(module, function) if function and not is_another else None
        if _is_handler(found) or _registers_server(module, call):
            calls.append(call)
        elif found and found.name == _HANDLER:
            others.append((call, found))
    for call, found in others:
        _refuse_other(module, call, found)
    _refuse_hidden_calls(module, calls)
    if not calls:
        raise _no_call(module)
    if len(calls) > MAX_CALLS:
        raise refusal(
            module,
            calls[MAX_CALLS],
            f"{_HANDLER} is called more than {MAX_CALLS} times in this file: take it apart.",
        )
    return calls


def options_of(module: Module, call: Branch) -> Node:
    """The options that a call of `createGraphQLHandler`, or a registration, is given."""
    arguments = arguments_of(call)[1 if _registers_server(module, call) else 0 :]
    if not arguments or is_kind(arguments[0], "spread_element"):
        found = "no options" if not arguments else "options that are spread from a list"
        raise refusal(module, call, f"{_HANDLER} is called with {found}: write them as an object.")
    return arguments[0]


def _registers_server(module: Module, call: Branch) -> bool:
    """Whether it is `server.register(redwoodFastifyGraphQLServer, options)`."""
    given = arguments_of(call)
    found = origin(module, given[0]) if len(given) > 1 else None
    return found is not None and found.name == _FASTIFY_SERVER


def _refuse_other(module: Module, call: Branch, found: Origin) -> None:
    if found.module in {"@redwoodjs/api", "@redwoodjs/core"}:
        raise refusal(
            module,
            call,
            f"{_HANDLER} comes from {found.module} here, as in Redwood before 0.37, and has no"
            " extraPlugins: upgrade Redwood to 0.39 or later, where it comes from"
            " @redwoodjs/graphql-server.",
            paste="",  # there is no place for it
        )
    if not _is_local(found.module):
        return
    raise refusal(
        module,
        call,
        f"{_HANDLER} comes from {found.module} here: wire the file that calls the one from"
        " @redwoodjs/graphql-server or @cedarjs/graphql-server.",
    )


def _is_local(specifier: str) -> bool:
    return specifier.startswith((".", "src/"))


def _refuse_hidden_calls(module: Module, calls: list[Branch]) -> None:
    """Refuse where the function is handed on, so that others may call it."""
    called = {id(token): token.text for call in calls for token in _tokens_of_callee(call)}
    for binding in _handler_bindings(module, {_HANDLER, *called.values()}):
        for token in module.references(binding):
            if id(token) not in called and not _is_harmless(module, token):
                raise refusal(
                    module,
                    token,
                    f"{_HANDLER} is not called here but handed on, so that its options cannot be"
                    " seen: add the plugin by hand where it is called.",
                )


def _tokens_of_callee(call: Branch) -> list[Token]:
    function = callee(call)
    return [token for token in function.tokens() if type(token) is not Token] if function else []


def _handler_bindings(module: Module, names: set[str]) -> list[Binding]:
    return [
        binding
        for name in names
        for binding in module.bindings(name)
        if binding.how != "type" and _is_handler(binding_origin(module, binding))
    ]


def _is_handler(found: Origin | None) -> bool:
    if found is None or found.name != _HANDLER:
        return False
    return _SERVER.fullmatch(found.module) is not None


def _is_harmless(module: Module, token: Token) -> bool:
    """Whether a mention of the function is an export, a test of its type, or another name."""
    around = module.parent(token)
    while around is not None and unwrap(around) is token:
        around = module.parent(around)
    if around is not None and around.kind == "variable_declarator":
        name = around.part("name")
        return isinstance(name, Token) and not any(
            is_reassigned(module, binding) for binding in module.bindings(name.text)
        )
    if is_kind(around, "unary_expression"):
        return around is not None and around.parts[0].code == "typeof"
    return is_kind(around, "export_specifier", "export_statement", "expression_statement")


def _no_call(module: Module) -> Refusal:
    reason = (
        f"there is no call of {_HANDLER} from @redwoodjs/graphql-server or"
        " @cedarjs/graphql-server in this file."
    )
    mention = next(iter(module.mentions(_HANDLER)), None)
    if mention is None:
        return Refusal(reason, line=1, column=1, paste=PASTE)
    return refusal(module, mention, reason)
