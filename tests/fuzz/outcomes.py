"""What comes of one input: a kind of outcome, in words."""

from __future__ import annotations

from collections.abc import Callable

from redwood_inngest.codemods.checked import Edited
from redwood_inngest.codemods.graphql_handler import unwire, wire
from redwood_inngest.codemods.graphql_handler.calls import OWN_NAMES, PLUGIN_FILE
from redwood_inngest.errors import Refusal, Unsure
from redwood_inngest.typescript.parser import parse

from ..support.programs import same_program

# What a kind of outcome begins with that breaks a promise.
BROKEN = "broken: "
# What a kind of outcome begins with that a check at run time has refused.
UNSURE = "unsure: "


def outcome(text: str, suffix: str) -> str:
    """Wire and unwire a text, wire what came out again, and unwire it.

    Returns:
        What came of it; one that begins with `BROKEN` is a mistake.
    """
    try:
        kind = _wired(text, suffix)
    except Exception as error:
        return f"{BROKEN}wire raises {type(error).__name__}"
    if kind.startswith(BROKEN):
        return kind
    try:
        problem = _unwired(text, suffix)
    except Exception as error:
        return f"{BROKEN}unwire raises {type(error).__name__}"
    return problem or kind


def _wired(text: str, suffix: str) -> str:
    try:
        edited = wire(text, suffix)
    except Unsure as unsure:
        return f"{UNSURE}wire: {unsure.problem}"
    except Refusal as refusal:
        return "refused: syntax" if "cannot be read" in refusal.reason else "refused"
    if not edited.changed:
        return "wired already"
    problem = _problem(wire, edited.source, suffix)
    if problem:
        return f"{BROKEN}wire's result {problem}"
    if edited.notes or _names_plugin(text, suffix):
        return "wired, plugin named before"
    try:
        back = unwire(edited.source, suffix).source
    except Unsure as unsure:
        return f"{UNSURE}unwire, of what wire wrote: {unsure.problem}"
    except Refusal as refusal:
        return f"{BROKEN}unwire refuses what wire wrote: {refusal.reason}"
    if back == text:
        return "wired, and comes back"
    if same_program(text, back, suffix):
        return "wired, and the same program comes back"
    return f"{BROKEN}another program comes back"


def _unwired(text: str, suffix: str) -> str:
    try:
        edited = unwire(text, suffix)
    except Unsure as unsure:
        return f"{UNSURE}unwire: {unsure.problem}"
    except Refusal:
        return ""
    problem = _problem(unwire, edited.source, suffix) if edited.changed else ""
    return f"{BROKEN}unwire's result {problem}" if problem else ""


def _problem(edit: Callable[[str, str], Edited], source: str, suffix: str) -> str:
    """What is wrong with a result, by reading it from nothing."""
    try:
        return "changes again" if edit(source, suffix).changed else ""
    except Refusal as refusal:
        return f"is refused: {refusal.reason}"


def _names_plugin(text: str, suffix: str) -> bool:
    if not any(word in text for word in _PLUGIN_WORDS):
        return False
    tokens = parse(text, suffix).tokens()
    return any(token.text in OWN_NAMES or PLUGIN_FILE in token.text for token in tokens)


_PLUGIN_WORDS = (*OWN_NAMES, PLUGIN_FILE)
