"""SDK 3 to 4: triggers among the options, event types for schemas, options on the client.

After https://www.inngest.com/docs/reference/typescript/v4/migrations/v3-to-v4 and the declarations
of inngest 3.54.2 and 4.24.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ...typescript.bindings import Binding
from ...typescript.expressions import arguments_of, callee, member, string_value, unwrap
from ...typescript.nodes import Branch, Node, Token, is_kind, walk
from ...typescript.style import CodeStyle
from ...typescript.trivia import space_before
from . import objects
from .around import Client
from .event_types import imported_constant, replace_schemas
from .notes import TO_4
from .step import Step
from .uses import FunctionCall, ToolCall, Uses, last_token

MIDDLEWARE = f"{TO_4}#middleware-rewrite"
MODE = f"{TO_4}#default-mode-is-now-cloud"
TRIGGERS = f"{TO_4}#event-trigger-is-now-in-options"
SCHEMAS = f"{TO_4}#event-schemas-replaced-with-event-types"
SERVE = f"{TO_4}#serve-options-moved-to-client"
LOG_LEVEL = f"{TO_4}#remove-log-level-option"
INVOKE = f"{TO_4}#remove-support-for-string-function-i-ds-in-step-invoke"
PARALLEL = f"{TO_4}#optimized-parallelism-enabled-by-default"
CONNECT = f"{TO_4}#connect-rewrite-gateway-endpoint-replaced-with-gateway-url"
REALTIME = "https://www.inngest.com/docs/reference/typescript/v4/realtime"

# Exports of inngest 3.54.2 that inngest 4.24.0 does not have, with a guide for each.
GONE = {
    "AddName": SCHEMAS,
    "AssertInternalEventPayloads": SCHEMAS,
    "Combine": SCHEMAS,
    "EventSchemas": SCHEMAS,
    "EventsFromOpts": SCHEMAS,
    "GetEvents": SCHEMAS,
    "InngestMiddleware": MIDDLEWARE,
    "LiteralZodEventSchema": SCHEMAS,
    "MiddlewareOptions": MIDDLEWARE,
    "MiddlewareRegisterFn": MIDDLEWARE,
    "MiddlewareRegisterReturn": MIDDLEWARE,
    "StandardEventSchemaToPayload": SCHEMAS,
    "StandardEventSchemas": SCHEMAS,
    "WithoutInternal": SCHEMAS,
    "ZodEventSchemas": SCHEMAS,
    "isInngestMiddleware": MIDDLEWARE,
}
VARIABLES = {"INNGEST_SERVE_HOST", "INNGEST_LOG_LEVEL", "INNGEST_STREAMING"}

# Options of `serve` that are the client's in SDK 4.
MOVED = ("baseUrl", "fetch", "signingKey", "signingKeyFallback", "logLevel")
_NAMES_ON_CLIENT = {"logLevel": "logger"}
DEV_MODE = "isDev: process.env.INNGEST_DEV ? undefined : process.env.NODE_ENV === {}"
# Functions of both `@inngest/realtime` and `inngest/realtime`, with the same arguments.
_SAME_REALTIME = {"getSubscriptionToken", "subscribe"}


class ThreeToFour(Step):
    """The step from SDK 3 to SDK 4."""

    def __init__(self, uses: Uses, style: CodeStyle, suffix: str, source: str) -> None:
        super().__init__(uses, style, suffix, source)
        # The constants for the events of each client that had schemas.
        self._constants: dict[int, Mapping[str, str]] = {}
        self._given: set[tuple[int, str]] = set()

    def others(self) -> None:
        """See `Step.others`."""
        self._connections()
        for statement in self.uses.imports:
            self._realtime(statement)

    def client(self, made: Branch, options: Branch) -> None:
        """See `Step.client`."""
        self._constants[id(made)] = replace_schemas(self, made, options)
        binding = self._name_of(made)
        moved = self.around.moved.get(binding.name.text, {}) if binding else {}
        for name, code in moved.items():
            if self._is_free(options, name):
                self.append(options, self._moved(name, code))
        mode = objects.find(options, "isDev")
        if mode:
            return
        if objects.is_open(options) or self.around.on_edge or self.uses.is_on_edge:
            self.tell(
                made.parts[0],
                "SDK 4 is in cloud mode unless isDev or INNGEST_DEV says otherwise: set"
                f" INNGEST_DEV=1 where you develop. {MODE}",
            )
        else:
            self.append(options, DEV_MODE.format(self.literal("development")))

    def _name_of(self, made: Branch) -> Binding | None:
        parent = self.module.parent(made)
        while is_kind(parent, "as_expression", "satisfies_expression"):
            parent = self.module.parent(cast("Branch", parent))
        name = parent.part("name") if parent and parent.kind == "variable_declarator" else None
        return self.module.lookup(name.code, name) if name else None

    def _is_free(self, options: Branch, name: str) -> bool:
        """Whether a client still lacks an option that an endpoint gave to `serve`."""
        on_client = id(options), _NAMES_ON_CLIENT.get(name, name)
        taken = on_client in self._given or objects.find(options, on_client[1]) is not None
        self._given.add(on_client)
        return not taken

    def _moved(self, name: str, code: str) -> str:
        """An option of `serve` as a member of the client's."""
        if name != "logLevel":
            return objects.member(name, code)
        options = self.braces(objects.member("level", code))
        return f"logger: new {self.imported('ConsoleLogger')}({options})"

    def function(self, function: FunctionCall) -> None:
        """See `Step.function`."""
        known = self.uses.client_of(function.client)[1]
        if len(function.arguments) == 3:
            self.check_made_by_code(function)
            self._triggers(function)
        for handler in filter(self.is_first_look, self.uses.handlers(function)):
            self._handler(function, handler, known)

    def _triggers(self, function: FunctionCall) -> None:
        first, second = function.arguments[0], function.arguments[1]
        trigger = unwrap(second)
        if trigger.kind in {"string", "template_string"} or unwrap(first).kind == "string":
            self.tell(
                function.anchor,
                f"this function is written as for SDK 2: run upgrade-sdk --to 3 first. {TRIGGERS}",
            )
            return
        text = self._trigger(function, trigger)
        options = function.options
        if text and options:
            self.move(function.list, second, options, text)
        else:
            if text:
                self.replace_argument(first, self.braces(f"...{first.code}, {text}"))
            self.remove(function.list, second, f"{{{text}}}" if text else "")
        self.watch(function.list)

    def _trigger(self, function: FunctionCall, trigger: Node) -> str:
        """The member `triggers`; nothing for a function without any."""
        if trigger.kind == "array":
            return self._list(function, cast("Branch", trigger))
        if trigger.kind == "object":
            one = self._one(function, cast("Branch", trigger))
            return f"triggers: {one}" if "\n" in one else f"triggers: [{one}]"
        return objects.member("triggers", trigger.code)

    def _list(self, function: FunctionCall, array: Branch) -> str:
        if not array.named():
            return ""
        parts = []
        for token in array.parts:
            literal = objects.as_object(token)
            code = self._one(function, literal) if literal else token.code
            parts.append(space_before(token) * (token is not array.parts[0]) + code)
        return f"triggers: {''.join(parts)}"

    def _one(self, function: FunctionCall, trigger: Branch) -> str:
        """A trigger, with the event's type where there is one."""
        event = objects.find(trigger, "event")
        constant = self._constant(function, event)
        if event is None or constant is None:
            return trigger.code
        if len(trigger.named()) == 1:
            return constant
        value = cast("Node", objects.value_of(event))
        changed = event.code.removesuffix(value.code) + constant
        opening, *parts = trigger.parts
        codes = (space_before(part) + (changed if part is event else part.code) for part in parts)
        return opening.code + "".join(codes)

    def _constant(self, function: FunctionCall, event: Node | None) -> str | None:
        """The constant for the event that a member `event` names."""
        value = objects.value_of(event)
        written = string_value(unwrap(value)) if value else None
        if written is None:
            return None
        made, known = self.uses.client_of(function.client)
        if made:
            return self._constants.get(id(made), {}).get(written)
        return imported_constant(self, function.client, known, written)

    def _handler(self, function: FunctionCall, handler: Branch, known: Client) -> None:
        if "invoke" in self.source or "waitForEvent" in self.source:
            for call in self.uses.tool_calls(handler):
                if call.path == ("step", "invoke"):
                    self._invoke(function, call, known)
                elif call.path == ("step", "waitForEvent"):
                    self._wait(function, call)
        if "user" in self.source:
            for token in self._members_of(handler, ("event", "user")):
                self.tell(
                    token, f"events of SDK 4 have no user: send it as part of the data. {SCHEMAS}"
                )
        if "race" in self.source:
            self._races(handler)

    def _members_of(self, handler: Branch, path: tuple[str, ...]) -> list[Token]:
        found = []
        for node in walk(handler):
            what = member(node)
            if what and what[1] == path[-1] and self.uses.path(handler, node) == path:
                found.append(last_token(node))
        return found

    def _races(self, handler: Branch) -> None:
        steps = [one.call for one in self.uses.tool_calls(handler) if one.path[0] == "step"]
        for node in walk(handler):
            if node.kind != "call_expression":
                continue
            target = callee(cast("Branch", node))
            what = member(target) if target else None
            if what and what[0].code == "Promise" and what[1] == "race":
                inside = any(self.module.is_inside(step, node) for step in steps)
                grouped = any(
                    is_kind(around, "call_expression")
                    and self.uses.path(handler, callee(around) or around) == ("group", "parallel")
                    for around in self.module.ancestors(node)
                )
                if inside and not grouped:
                    self.tell(
                        last_token(cast("Node", target)),
                        "in SDK 4 a Promise.race of steps waits for all of them: put it into"
                        f" group.parallel() where the first should be enough. {PARALLEL}",
                    )

    def _invoke(self, function: FunctionCall, call: ToolCall, known: Client) -> None:
        options = objects.last_argument(call.call, 1)
        invoked = objects.find(options, "function") if options else None
        value = objects.value_of(invoked)
        if invoked is None or value is None:
            return
        value = unwrap(value)
        if value.kind not in {"string", "template_string"}:
            return
        full, app_id = string_value(value), self._app_id(function, known)
        if full is None or app_id is None or not full.startswith(f"{app_id}-"):
            self.tell(
                call.anchor,
                "step.invoke takes no string in SDK 4: write the function itself or"
                f" referenceFunction({{ appId, functionId }}). {INVOKE}",
            )
            return
        rest = self.literal(full[len(app_id) + 1 :])
        ids = self.braces(f"appId: {self.literal(app_id)}, functionId: {rest}")
        reference = f"{self.imported('referenceFunction')}({ids})"
        self.set_value(cast("Branch", options), invoked, reference)

    def _app_id(self, function: FunctionCall, known: Client) -> str | None:
        made, _ = self.uses.client_of(function.client)
        options = objects.last_argument(made, 0) if made else None
        return string_value(objects.value(options, "id")) if options else known.app_id

    def _wait(self, function: FunctionCall, call: ToolCall) -> None:
        options = objects.last_argument(call.call, 1)
        event = objects.find(options, "event") if options else None
        constant = self._constant(function, event)
        if event and constant:
            self.set_value(cast("Branch", options), event, constant)

    def serve(self, call: Branch) -> None:
        """See `Step.serve`."""
        options = objects.last_argument(call, 0)
        if options is None:
            return
        members = objects.members(options)
        if host := members.get("serveHost"):
            self.rename(host, "serveOrigin")
        if streaming := members.get("streaming"):
            self._streaming(call, options, streaming)
        if "id" in members:
            self.tell(
                call_anchor(call),
                f"serve has no id in SDK 4: the app's id is the client's. {SERVE}",
            )
        self._move_options(call, options, members)

    def _streaming(self, call: Branch, options: Branch, streaming: Node) -> None:
        value = unwrap(objects.value_of(streaming) or call)
        if string_value(value) in {"allow", "force"}:
            self.set_value(options, streaming, "true")
        elif value.kind not in {"true", "false"}:
            self.tell(
                call_anchor(call),
                f"streaming is true or false in SDK 4. {TO_4}#simplify-streaming-option",
            )

    def _move_options(self, call: Branch, options: Branch, members: Mapping[str, Node]) -> None:
        names = [name for name in MOVED if name in members]
        spread = _names_in_spreads(options)
        client = objects.value_of(members.get("client"))
        if spread or client is None:
            names += spread
            client = None
        if not names:
            return
        made, known = self.uses.client_of(client) if client else (None, Client())
        target = objects.last_argument(made, 0) if made else None
        moving = moved_options(self.uses, members)
        if not moving or not (target or known.takes_options):
            self.tell(
                call_anchor(call),
                f"move {_listed(names)} from serve to the client: SDK 4 reads them there. {SERVE}",
            )
            return
        for name in names:
            option = members[name]
            if target and self._is_free(target, name):
                self.move(options, option, target, self._moved(name, moving[name]))
            else:
                self.remove(options, option, moving[name])
        self.touch(options)

    def _connections(self) -> None:
        pairs = self.module.of_kind("pair") if "rewriteGatewayEndpoint" in self.source else []
        for pair in pairs:
            if objects.key_of(pair) == "rewriteGatewayEndpoint" and self.uses.imports:
                self.tell(
                    pair.parts[0],
                    "connect has no rewriteGatewayEndpoint in SDK 4: give the address as"
                    f" gatewayUrl. {CONNECT}",
                )

    def _realtime(self, statement: Branch) -> None:
        source = statement.part("source")
        module = string_value(source)
        if source is None or module is None or not module.startswith("@inngest/"):
            return
        if module.startswith("@inngest/middleware"):
            self.tell(source, f"take the release of {module} for SDK 4. {MIDDLEWARE}")
        if not module.startswith("@inngest/realtime"):
            return
        names = [
            cast("Branch", node).parts[0].code if is_kind(node, "import_specifier") else "*"
            for node in walk(statement)
            if is_kind(node, "import_specifier", "namespace_import")
        ]
        calls_back = any(
            len(arguments_of(call)) > 1 and (callee(call) or call).code == "subscribe"
            for call in self.module.of_kind("call_expression")
        )
        if module == "@inngest/realtime" and _SAME_REALTIME.issuperset(names) and not calls_back:
            quote = source.code[0]
            self.replace(source, f"{quote}inngest/realtime{quote}")
            return
        self.tell(
            source,
            f"SDK 4 has realtime of its own, with other channels, topics and hooks than {module}."
            f" {REALTIME}",
        )


def moved_options(uses: Uses, members: Mapping[str, Node]) -> dict[str, str]:
    """Those of the options of `serve` that belong to the client in SDK 4, as they are written.

    Empty where one of them reads a name of its module, which other modules do not have.
    """
    given = {name: members[name] for name in MOVED if name in members}
    if base := members.get("inngestBaseUrl"):  # its name in SDK 2
        given["baseUrl"] = base
    found = {name: value for name in given if (value := objects.value_of(given[name]))}
    movable = all(_reads_no_names(uses, value) for value in found.values())
    return {name: value.code for name, value in found.items()} if movable else {}


def _names_in_spreads(options: Branch) -> list[str]:
    """The options for the client that an object gets from others that are spread in it."""
    inside = {
        objects.key_of(node)
        for member in options.named()
        if member.kind == "spread_element"
        for node in walk(member)
        if is_kind(node, "pair", "shorthand_property_identifier")
    }
    return [name for name in MOVED if name in inside]


def _reads_no_names(uses: Uses, value: Node) -> bool:
    return not any(
        is_kind(token, "identifier", "shorthand_property_identifier")
        and uses.module.lookup(token.text, token)
        for token in value.tokens()
    )


def call_anchor(call: Branch) -> Node:
    """The token by which a call is found again."""
    return last_token(callee(call) or call)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
