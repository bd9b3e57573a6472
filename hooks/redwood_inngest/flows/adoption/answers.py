"""The answers that an app's own options give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...app.find import App
from ...codemods.adoption.options import plugin_answers
from ...codemods.adoption.parts import CLIENT, ENDPOINT, PLUGIN, Part
from ...errors import Refusal
from ...typescript.expressions import arguments_of, origin, string_value, unwrap
from ...typescript.nodes import position
from ..answers import CHECKS
from ..events import check_given_names
from .found import Found
from .told import Told

# What envelop-plugin-inngest does without these options.
_PLUGIN_DEFAULTS = {
    "event_prefix": "graphql",
    "operations": ["query", "mutation"],
    "user_fields": [],
}


@dataclass(frozen=True)
class Answers:
    """The answers that an app's own options give.

    Attributes:
        answers: The answers by question.
        answered: The options of each part that are answers now, by what the part is.
        app_id: The app's id at Inngest, as it stays.
        told: What could not become an answer.
    """

    answers: dict[str, Any]
    answered: Mapping[str, frozenset[str]]
    app_id: str
    told: tuple[Told, ...] = field(default=())


def read_options(found: Found, app: App, given: Mapping[str, Any]) -> Answers:
    """Read the answers that the options of an app's parts give.

    Args:
        found: The parts.
        app: The app.
        given: The answers that the user gives, which count before these.

    Raises:
        Refusal: The app's id is not written out.
    """
    answers: dict[str, Any] = {"endpoint": found.endpoint}
    answered: dict[str, frozenset[str]] = {}
    plugin = found.parts.get(PLUGIN)
    if plugin:
        answers |= _PLUGIN_DEFAULTS
        candidates = {
            option: said
            for option, said in plugin_answers(plugin).items()
            if set(said) <= set(given) or _fits(app, said)
        }
        for said in candidates.values():
            answers |= said
        answered[PLUGIN] = frozenset(candidates)
    path = found.parts[ENDPOINT].text(found.parts[ENDPOINT].value("servePath"))
    if path is not None and _fits(app, {"serve_path": path}):
        answers["serve_path"] = path
        answered[ENDPOINT] = frozenset({"servePath"})
    app_id = str(given.get("app_id") or _app_id(found))
    if _fits(app, {"app_id": app_id}):
        answers["app_id"] = app_id
    answers = {question: answer for question, answer in answers.items() if question not in given}
    return Answers(answers, answered, app_id)


def _fits(app: App, said: Mapping[str, Any]) -> bool:
    """Whether the questionnaire takes these answers."""
    try:
        for question, answer in said.items():
            if question in CHECKS:
                CHECKS[question](answer)
        check_given_names(app.root, app.facts(), said)
    except Refusal:
        return False
    return True


def _app_id(found: Found) -> str:
    """The id of the app at Inngest: what its endpoint says, and else its client."""
    client, endpoint = found.parts[CLIENT], found.parts[ENDPOINT]
    arguments = arguments_of(endpoint.call)
    first = arguments[0] if len(arguments) > 1 else None
    named = endpoint.text(first)
    where = origin(endpoint.module, first) if first is not None and named is None else None
    if where and where.name not in {"default", client.name}:
        named = _exported_text(client, where.name)
    own = endpoint.value("id") or endpoint.value("name")
    in_client = client.value("id") or client.value("name")
    texts = (endpoint.text(own), named, client.text(in_client))
    app_id = next((text for text in texts if text), None)
    if app_id is None:
        line, column = position(client.module.program, client.call)
        raise Refusal(
            "the id of this client is not written out here, and the app at Inngest goes by it: "
            "write it as a text, as in new Inngest({ id: 'my-app' }), and run adopt again.",
            line=line,
            column=column,
            path=found.paths[CLIENT],
        )
    return app_id


def _exported_text(part: Part, name: str) -> str | None:
    """The text of a constant at the top of a part's module."""
    bound = next(iter(part.module.bindings(name)), None)
    value = bound.declaration.part("value") if bound else None
    return string_value(unwrap(value)) if value else None
