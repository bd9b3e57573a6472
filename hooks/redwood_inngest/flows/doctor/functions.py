"""Checks: the functions are registered, and run on events that are sent."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ...app.code_style import style_in
from ...changes import read
from ...codemods.functions_index import register
from ...codemods.graphql_handler import decode
from ...errors import Refusal, some
from ...graphql.event_types import export_names
from ..events import check_schema, named_events
from ..functions.app import modules
from ..imports import imported_file, imports_in
from .findings import FIX, WARNING, WRONG, Finding, Patient, always

_EVENTS_IMPORT = re.compile(
    r"""\b(?:import|const)\s*\{([^}]{0,5000})\}[^'"\n]{0,50}['"][^'"\n]{0,200}/events(?:\.js)?['"]"""
)


def registered(patient: Patient) -> Iterator[Finding]:
    """Whether the list of functions has every function."""
    try:
        index = patient.functions.index()
    except Refusal:
        return  # `missing_files` says so
    for path, module in modules(patient.functions):
        file = PurePosixPath(path)
        if path == index or "createFunction" not in module or file.stem.endswith(".test"):
            continue
        if str(file.parent) == patient.functions.folder and _exports(module, file.stem):
            yield from _listed(patient, index, path)
        elif not _is_imported(patient, path):
            message = "no file imports this function, so Inngest does not run it."
            yield Finding(WARNING, message, f"list it in {index}", path)


def _listed(patient: Patient, index: str, path: str) -> Iterator[Finding]:
    """Whether the list has a function that its module exports by the module's name."""
    name, suffix = PurePosixPath(path).stem, PurePosixPath(index).suffix
    ending = ".js" if patient.answers.get("module") == "esm" else ""

    def with_it(content: bytes | None) -> bytes:
        text, style = decode(content or b""), style_in(patient.answers)
        return register(text, name, suffix, style, ending).encode()

    content = read(patient.root, index)
    try:
        if with_it(content) != content:
            message = f"{name} is not in the list of functions, so Inngest does not run it."
            yield Finding(WRONG, message, FIX, path, repairs={index: with_it})
    except Refusal as refusal:
        message = f"whether {name} is registered cannot be told: {refusal.reason}"
        yield Finding(WARNING, message, "", index, refusal.line)


def _is_imported(patient: Patient, path: str) -> bool:
    return any(
        imported_file(importer, each.specifier, {path: ""}, patient.api)
        for importer, text in patient.texts.items()
        for each in imports_in(text)
    )


def _exports(module: str, name: str) -> bool:
    """Whether a module exports a function by its own name."""
    return bool(re.search(rf"\bexport (?:const|let|var) {name}\b|\bexports\.{name}\s*=", module))


def events_module(patient: Patient) -> Iterator[Finding]:
    """Whether `inngest/events` is up to date."""
    events = patient.functions.found
    for mistake in events.operations.app_schema.mistakes:
        yield Finding(WRONG, mistake.message, "", mistake.path, mistake.line or None)
    if not events.changes.changes:
        return
    try:
        check_schema(events)
    except Refusal:
        return
    for change in events.changes.changes:
        is_new = change.before is None
        changed = some(events.what_changed())
        message = "this file is missing." if is_new else f"this file is out of date ({changed})."
        repairs = {change.path: always(change.after or b"")}
        fix = "redwood-inngest events --write"
        yield Finding(WRONG, message, fix, change.path, repairs=repairs)


def sent_events(patient: Patient) -> Iterator[Finding]:
    """Whether the events that functions run on are sent by an operation of the app."""
    yield from _named_by_texts(patient)
    yield from _named_by_exports(patient)


def _named_by_texts(patient: Patient) -> Iterator[Finding]:
    operations = patient.functions.found.operations.operations
    sent = {each.event for each in operations if each.is_sent}
    home = {each.event: each.kept_home for each in operations if each.kept_home}
    prefix = f"{patient.answers.get('event_prefix', 'graphql')}/".lower()
    for each in named_events(patient.root, patient.answers):
        if not each.name.startswith(prefix) or "*" in each.name or each.name in sent:
            continue
        if reason := home.get(each.name):
            message = f"{each.name} is kept home by {reason.answer}: {reason.reason}"
            fix = f"redwood-inngest update --data {reason.answer}=..."
        else:
            near = difflib.get_close_matches(each.name, sent, 1)
            message = f"no operation of this app sends {each.name}."
            fix = f"did you mean {near[0]}?" if near else _ELSEWHERE
        yield Finding(WRONG, message, fix, each.path, each.line)


_ELSEWHERE = (
    "`redwood-inngest events` lists those that are sent; where other clients send it, name their "
    "folders: redwood-inngest update --data 'operation_folders=[../mobile/src]'"
)


def _named_by_exports(patient: Patient) -> Iterator[Finding]:
    """The events that functions import from `inngest/events`, and that it does not have."""
    events = patient.functions.found
    if events.operations.app_schema.mistakes:
        return
    exported = set(
        export_names(each for each in events.operations.operations if each.is_sent).values()
    )
    for path, text in patient.texts.items():
        for imported in _EVENTS_IMPORT.finditer(text):
            names = [re.split(r"\s+as\s+|:", part)[0].strip() for part in imported[1].split(",")]
            for name in names:
                # Types begin with a capital letter, or `type`.
                if re.fullmatch(r"[a-z_]\w*(Query|Mutation|Subscription)_*", name) and (
                    name not in exported
                ):
                    near = difflib.get_close_matches(name, exported, 1)
                    fix = f"did you mean {near[0]}?" if near else _ELSEWHERE
                    message = f"no operation of this app sends the event of {name}."
                    line = text.count("\n", 0, imported.start()) + 1
                    yield Finding(WRONG, message, fix, path, line)
