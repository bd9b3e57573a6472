"""The options of an app's plugin, endpoint and client that are answers to our questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...typescript.expressions import member, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind
from ..sdk.objects import as_object, key_of, value_of
from .parts import Part

_OPERATIONS = {"query", "mutation", "subscription"}
_SWITCHES = {
    "sendAnonymousOperations": "send_anonymous_operations",
    "sendIntrospection": "send_introspection",
    "sendErrors": "send_errors",
    "includeRawResult": "include_raw_result",
}
# The builder of the user as inngest-setup-redwoodjs leaves it, whatever fields it takes.
_USER = re.compile(
    r"(?:async)?\((\w+)(?::\w+)?\)=>\{const(\w+)=\1\??\.params\??\.args\??\.contextValue\??\."
    r"currentUserif\(\2\)\{return\{(?P<fields>(?:\w+:\2\.\w+,?)*)\}\}return(?:\{\}|undefined)?\}"
)
_FIELD = re.compile(r"(\w+):\w+\.(\w+)")


def plugin_answers(plugin: Part) -> dict[str, dict[str, Any]]:
    """The answers that the options of a plugin stand for.

    Returns:
        Answers by question, by the option that they come from. An option that no answer can say
        is left out.
    """
    found: dict[str, dict[str, Any]] = {}
    for one in plugin.members:
        name, value = key_of(one), value_of(one)
        answers = _answers(plugin, name or "", unwrap(value)) if value else None
        if name and answers is not None:
            found[name] = answers
    return found


def _answers(plugin: Part, name: str, value: Node) -> dict[str, Any] | None:
    if name in _SWITCHES and is_kind(value, "true", "false"):
        return {_SWITCHES[name]: value.kind == "true"}
    if name == "sendOperations":
        operations = _operations(value)
        return {"operations": operations} if operations else None
    if name == "denylist":
        return _lists(value, {"types": "denied_types", "schemaCoordinates": "denied_coordinates"})
    if name == "redactRawResultOptions":
        return _lists(value, {"paths": "redact_paths"})
    if name == "buildEventNamePrefixFunction":
        prefix = _returned(plugin, plugin.constant(value))
        return {"event_prefix": prefix} if prefix else None
    if name == "buildUserContextFunction":
        fields = _user_fields(plugin.constant(value))
        return {"user_fields": fields} if fields is not None else None
    return None


def _operations(value: Node) -> list[str] | None:
    """The operations in a list of texts, or of members of the package's enumeration."""
    if not isinstance(value, Branch) or value.kind != "array":
        return None
    found = []
    for item in value.named():
        named = member(item)
        text = named[1].lower() if named else string_value(item)
        if text not in _OPERATIONS:
            return None
        found.append(text)
    return found


def _lists(value: Node, questions: Mapping[str, str]) -> dict[str, Any] | None:
    """The answers in an object of lists of texts; nothing where it has anything else."""
    literal = as_object(value)
    found: dict[str, Any] = {}
    for one in literal.named() if literal else ():
        texts = _texts(value_of(one))
        question = questions.get(key_of(one) or "")
        if question is None or texts is None:
            return None
        found[question] = texts
    return found if literal else None


def _texts(value: Node | None) -> list[str] | None:
    if not isinstance(value, Branch) or value.kind != "array":
        return None
    texts = [string_value(item) for item in value.named()]
    return [text for text in texts if text] if all(texts) else None


def _returned(plugin: Part, function: Node | None) -> str | None:
    """The text that a function of nothing returns."""
    if not isinstance(function, Branch) or function.kind != "arrow_function":
        return None
    body = function.part("body")
    if isinstance(body, Branch) and body.kind == "statement_block":
        (only, *more) = body.named() or [body]
        is_return = only.kind == "return_statement" and not more
        body = only.parts[1] if is_return else None
    return plugin.text(body)


def _user_fields(function: Node | None) -> list[str] | None:
    """The fields of the user that the old tool's own function takes."""
    if function is None:
        return None
    code = "".join(token.text for token in function.tokens() if token.text != ";")
    found = _USER.fullmatch(code.replace(",}", "}"))
    fields = _FIELD.findall(found["fields"]) if found else None
    if fields is None or any(key != field for key, field in fields):
        return None
    return [key for key, _ in fields]
