"""Checks: the GraphQL handler has the plugin, and has it once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ...app.code_style import style_in
from ...app.handler import server_notes
from ...codemods.graphql_handler import decode, unwire, wire
from ...codemods.graphql_handler.calls import PLUGIN
from ...codemods.graphql_handler.twice import plugin_twice
from ...errors import Refusal
from .findings import WARNING, WRONG, Finding, Patient


def wiring(patient: Patient) -> Iterator[Finding]:
    """Whether the handler, and each server beside it, has the plugin once."""
    handler = str(patient.answers["graphql_handler"])
    text = patient.text(handler)
    if text is None:
        named = _as_found(patient)
        fix = f"redwood-inngest update --data graphql_handler={named}" if named else ""
        yield Finding(WRONG, "the GraphQL handler is not there any more.", fix, handler)
        return
    yield from _of_handler(patient, handler, text)
    for note in server_notes(patient.root, patient.api):
        message, _, fix = note.partition(": run `")
        yield Finding(WRONG, f"{message}.", fix.partition("`")[0])


def _as_found(patient: Patient) -> str:
    try:
        return patient.app.graphql_handler
    except Refusal:
        return ""


def _of_handler(patient: Patient, path: str, text: str) -> Iterator[Finding]:
    suffix, style = PurePosixPath(path).suffix, style_in(patient.answers)

    def wired(content: bytes | None) -> bytes:
        return wire(decode(content or b""), suffix, style).source.encode()

    def wired_once(content: bytes | None) -> bytes:
        return wired(unwire(decode(content or b""), suffix, style).source.encode())

    try:
        twice, edited = plugin_twice(text, suffix), wire(text, suffix, style)
    except Refusal as refusal:
        if PLUGIN not in text:
            message = f"the handler has no {PLUGIN}, and cannot be wired: {refusal.reason}"
            yield Finding(WRONG, message, "", path, refusal.line)
        else:
            message = f"whether the handler has {PLUGIN} cannot be told: {refusal.reason}"
            yield Finding(WARNING, message, "", path, refusal.line)
        return
    if twice:
        message = f"{PLUGIN} is in the list twice, so each operation is sent twice."
        fix = f"redwood-inngest unwire {path} && redwood-inngest wire {path}"
        yield Finding(WRONG, message, fix, path, twice, {path: wired_once})
    elif edited.changed:
        said = " ".join(edited.notes) or f"{PLUGIN} is missing, so no operation is sent."
        fix = f"redwood-inngest wire {path}"
        yield Finding(WRONG, said, fix, path, None, {path: wired})
