"""SDK 2 to 3: ids for clients, functions and steps, and `serve` with one object.

After https://www.inngest.com/docs/reference/typescript/v3/migrations/v2-to-v3 and the declarations
of inngest 2.7.1 and 3.54.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from ...typescript.expressions import arguments_of, callee, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind
from . import objects
from .notes import TO_3
from .step import Step, slugify
from .uses import FunctionCall, ToolCall, last_token

IDS = f"{TO_3}#clients-and-functions-require-ids"
STEPS = f"{TO_3}#all-steps-require-ids"
SHORTHAND = f"{TO_3}#shorthand-function-creation-removed"
SERVE = f"{TO_3}#serve-handlers-refactored"
ENVIRONMENT = f"{TO_3}#environment-variables-and-configuration"
FNS = f"{TO_3}#function-fns-option-removed"
CUSTOM = f"{TO_3}#advanced-updating-custom-framework-serve-handlers"

# Exports of inngest 2.7.1 that inngest 3.54.2 does not have, with a guide for each.
GONE = {"FunctionOptions": IDS, "ServeHandler": CUSTOM, "TriggerOptions": SHORTHAND}
VARIABLES = {"INNGEST_API_BASE_URL", "INNGEST_DEVSERVER_URL"}


class TwoToThree(Step):
    """The step from SDK 2 to SDK 3."""

    def others(self) -> None:
        """See `Step.others`."""
        for name, token in self.uses.calls_of_old_sdks:
            self.tell(
                token,
                f"{name} is from before SDK 1: write createFunction, as the end of this guide says,"
                f" and run upgrade-sdk again. {TO_3}",
            )

    def client(self, made: Branch, options: Branch) -> None:
        """See `Step.client`."""
        members = objects.members(options)
        if base := members.get("inngestBaseUrl"):
            self.rename(base, "baseUrl")
        name = members.get("name")
        if name is None or "id" in members or objects.is_open(options):
            return
        self.rename(name, "id")
        written = string_value(objects.value_of(name))
        if written is not None and slugify(written) != written:
            self.tell(
                made.parts[0],
                f"the app keeps its id, {written!r}. SDK 2 made the ids of its functions begin with"
                f" {slugify(written)!r}, SDK 3 with {written!r}: Inngest takes them for new"
                f" functions, so let running ones end first. {IDS}",
            )

    def function(self, function: FunctionCall) -> None:
        """See `Step.function`."""
        if len(function.arguments) != 3:
            return
        first, trigger = unwrap(function.arguments[0]), unwrap(function.arguments[1])
        is_old = self._name(function, first)
        if trigger.kind in {"string", "template_string"}:
            self.replace_argument(function.arguments[1], self.braces(f"event: {trigger.code}"))
        elif is_old and not isinstance(trigger, Branch):
            self.tell(
                function.anchor,
                f"if {trigger.code} is a string, write {{ event: {trigger.code} }}: SDK 3 takes"
                f" objects only. {SHORTHAND}",
            )
        self.watch(function.list)
        for handler in filter(self.is_first_look, self.uses.handlers(function)):
            self._steps(handler, is_old)

    def _name(self, function: FunctionCall, first: Node) -> bool:
        """Give a function its id; return whether it is certain to be one of SDK 2."""
        options = self.uses.options_of(function)
        if options is None:
            return self._shorthand(function, first)
        members = objects.members(options)
        name = members.get("name")
        if "fns" in members:
            self.tell(
                function.anchor,
                f"the option fns is gone: call the functions in step.run, or write a middleware."
                f" {FNS}",
            )
        if "id" in members:
            if self.around.since == 2:
                self.tell(
                    function.anchor,
                    "under SDK 3 the id of a function begins with the app's, so that Inngest takes"
                    f" this one for a new function: let running ones end first. {IDS}",
                )
            return "fns" in members or self.around.since == 2
        if name is None or objects.is_open(options):
            if not name:
                self.tell(function.anchor, f"give this function an id. {IDS}")
            return name is not None
        self.check_made_by_code(function)
        if self.is_first_look(options):
            value = cast("Node", objects.value_of(name))
            self.prepend(options, [f"id: {self._slug(value)}"])
        return True

    def _shorthand(self, function: FunctionCall, first: Node) -> bool:
        self.check_made_by_code(function)
        if first.kind in {"string", "template_string"}:
            written = string_value(first)
            named = "" if written == slugify(written or "") else f", name: {first.code}"
            text = self.braces(f"id: {self._slug(first)}{named}")
            self.replace_argument(function.arguments[0], text)
            return True
        if self.around.since in {None, 2}:
            self.tell(
                function.anchor,
                "the options of this function are not written out here: see that they have an id."
                f" {IDS}",
            )
        return False

    def _slug(self, name: Node) -> str:
        """An id from a name: the slug itself, or a call of the SDK's own `slugify`."""
        written = string_value(name)
        if written is not None:
            return self.literal(slugify(written))
        self.check_no_comments(name)
        return f"{self.imported('slugify')}({name.code})"

    def _steps(self, handler: Branch, is_old: bool) -> None:
        calls = [call for call in self.uses.tool_calls(handler) if call.path[0] == "step"]
        taken = {
            written
            for call in calls
            if call.path == ("step", "run")
            for argument in arguments_of(call.call)[:1]
            if (written := string_value(argument)) is not None
        }
        for call in calls:
            self._step(call, handler, taken)
        if is_old:
            self._tell_handed_over(handler)

    def _step(self, call: ToolCall, handler: Branch, taken: set[str]) -> None:
        name, arguments = call.path[-1], arguments_of(call.call)
        given = self._given_id(name, arguments)
        if not _is_without_id(name, arguments) and given is None:
            return
        if given is None and name != "run" and self.uses.runs_again(call.call, handler):
            self.tell(
                call.anchor,
                f"step.{name} needs an id in SDK 3, and runs in a loop or a helper here: give it"
                f" one that is another each time, or one for all. {STEPS}",
            )
            return
        id_ = given or self.literal(_unique(_id_of(name, arguments), taken))
        if given:
            self.tell(
                call.anchor,
                "runs that SDK 2 began do not find this step again, since it has an id of its own:"
                f" let them end first. {STEPS}",
            )
        if name == "run":
            self._named_run(call, arguments, id_)
        elif name == "waitForEvent":
            self._wait(call, arguments, id_)
        else:
            self.insert_argument(call.list, id_)
            if given:
                self.remove(call.list, arguments[1], id_)

    def _given_id(self, name: str, arguments: list[Node]) -> str | None:
        """The id that a step of SDK 2 has among its options, as it is written."""
        place = 2 if name == "run" else 1
        options = objects.as_object(arguments[place]) if len(arguments) == place + 1 else None
        if name == "waitForEvent" and options and objects.find(options, "event"):
            return None
        if name not in _STEPS or options is None:
            return None
        found = objects.value(options, "id")
        only = len(options.named()) == 1 or name == "waitForEvent"
        return found.code if found and only else None

    def _named_run(self, call: ToolCall, arguments: list[Node], id_: str) -> None:
        self.remove(call.list, arguments[2], id_)
        self.replace_argument(arguments[0], self.braces(f"id: {id_}, name: {arguments[0].code}"))

    def _wait(self, call: ToolCall, arguments: list[Node], id_: str) -> None:
        event, options = arguments[0], unwrap(arguments[1])
        literal = objects.as_object(options)
        said = f"event: {event.code}"
        if literal is None:
            self.replace_argument(arguments[1], self.braces(f"{said}, timeout: {options.code}"))
        else:
            self.prepend(literal, [said])
            own_id = objects.find(literal, "id")
            if own_id:
                self.remove(literal, own_id, id_)
        self.edits.replace(event, self.expression(id_))

    def _tell_handed_over(self, handler: Branch) -> None:
        for token in self.uses.tokens_of(handler, ("step",)):
            parent = self.module.parent(token)
            if is_kind(parent, "arguments") or is_kind(token, "shorthand_property_identifier"):
                self.tell(
                    token,
                    "step goes to other code from here: see that every step there has an id."
                    f" {STEPS}",
                )

    def serve(self, call: Branch) -> None:
        """See `Step.serve`."""
        arguments = arguments_of(call)
        if not 2 <= len(arguments) <= 3 or arguments[0].kind == "spread_element":
            return
        if unwrap(arguments[0]).kind in {"string", "template_string"}:
            self.tell(
                last_token(callee(call) or call),
                f"serve takes a client since SDK 2, and no name: give it yours. {SERVE}",
            )
            return
        client, functions = arguments[0], arguments[1]
        if self.edits.is_in(client) or self.edits.is_in(functions):
            raise self.refuse(
                client,
                "serve gets clients or functions that are made in its call: give them names of"
                " their own first, then run this again.",
            )
        members = [
            objects.member("client", client.code),
            objects.member("functions", functions.code),
        ]
        brackets = cast("Branch", call.part("arguments"))
        options = objects.as_object(arguments[2]) if len(arguments) == 3 else None
        if options:
            self.prepend(options, members, at=client)
            self._serve_options(options)
            self.remove(brackets, client, client.code)
            self.remove(brackets, functions, functions.code)
            self.touch(brackets)
            return
        members += [f"...{arguments[2].code}"] if len(arguments) == 3 else []
        self.replace_argument(client, self.object(members, client))
        for argument in arguments[1:]:
            self.remove(brackets, argument, argument.code)

    def _serve_options(self, options: Branch) -> None:
        renamed = {"inngestBaseUrl": "baseUrl", "name": "id"}
        for old, new in renamed.items():
            member = objects.find(options, old)
            if member:
                self.rename(member, new)
        landing_page = objects.find(options, "landingPage")
        if landing_page:
            self.edits.remove(options, landing_page)
        register = objects.find(options, "inngestRegisterUrl")
        if register:
            self.tell(
                cast("Branch", register).parts[0],
                "SDK 3 has no inngestRegisterUrl: give the API's address as baseUrl."
                f" {ENVIRONMENT}",
            )


_STEPS = {"run", "sendEvent", "sleep", "sleepUntil", "waitForEvent"}


def _is_without_id(name: str, arguments: list[Node]) -> bool:
    """Whether a step call is one of SDK 2, by its arguments."""
    if name in {"sleep", "sleepUntil"}:
        return len(arguments) == 1
    if name == "sendEvent":
        return len(arguments) == 1
    if name == "waitForEvent" and len(arguments) == 2:
        options = unwrap(arguments[1])
        literal = objects.as_object(options)
        if literal:
            return not (objects.find(literal, "event") or objects.is_open(literal))
        return options.kind in {"number", "string", "template_string"}
    return False


def _id_of(name: str, arguments: list[Node]) -> str:
    first = unwrap(arguments[0])
    written = string_value(first) if first.kind != "number" else f"{first.code}ms"
    if name == "sleep":
        return _joined("sleep", written)
    if name == "waitForEvent":
        return _joined("wait-for", written) if written else "wait-for-event"
    if name == "sendEvent":
        literal = objects.as_object(first)
        sent = string_value(objects.value(literal, "name")) if literal else None
        return _joined("send", sent or ("events" if is_kind(first, "array") else "event"))
    return "sleep-until"


def _joined(verb: str, what: str | None) -> str:
    return "-".join(filter(None, (verb, slugify(what or ""))))


def _unique(wanted: str, taken: set[str]) -> str:
    """An id that no other step of the function has."""
    names: Iterable[str] = (wanted, *(f"{wanted}-{number}" for number in range(2, 1000)))
    found = next(name for name in names if name not in taken)
    taken.add(found)
    return found
