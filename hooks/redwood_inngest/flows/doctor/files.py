"""Checks: the template's files are there, and updates will go through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...app.handler import ANSWERS_FILE, SOURCE_SUFFIXES
from ...changes import read
from ...errors import Refusal
from ..events import module_path
from ..own_files import endpoint_of
from ..updated_app import merged
from .findings import FIX, NOTE, WARNING, WRONG, Finding, Patient, always

_CONFLICT = re.compile(r"^<{7} before updating$", re.MULTILINE)


def missing_files(patient: Patient) -> Iterator[Finding]:
    """Whether the client, the plugin, the endpoint and the list of functions are there."""
    source = f"{patient.api}/src"
    stems = {
        f"{source}/inngest/client": "the client",
        f"{source}/inngest/plugin": "the plugin",
        f"{source}/inngest/functions/index": "the list of the functions",
        f"{source}/functions/{endpoint_of(patient.answers)}": "the endpoint, which Inngest calls,",
    }
    if patient.answers.get("plugin", "bundled") == "bundled":
        stems[f"{source}/inngest/useInngest"] = "the plugin's code"
    for stem, what in stems.items():
        if not _is_there(patient, stem):
            yield _missing(patient, f"{stem}.{patient.answers['language']}", what)


def _is_there(patient: Patient, stem: str) -> bool:
    # The list of functions may be functions.ts, too; an endpoint may be a folder.
    stems = (
        stem,
        stem.removesuffix("/index"),
        f"{stem}/{stem.rpartition('/')[2]}",
        f"{stem}/index",
    )
    return any(
        (patient.root / f"{each}{suffix}").is_file() for each in stems for suffix in SOURCE_SUFFIXES
    )


def _missing(patient: Patient, path: str, what: str) -> Finding:
    message = f"{what} is missing."
    try:
        content = patient.template_files.now.get(path)
    except Refusal:
        content = None
    if content is None:
        return Finding(WRONG, message, f"git checkout HEAD -- {path}", path)
    return Finding(WRONG, message, FIX, path, repairs={path: always(content)})


def conflicts(patient: Patient) -> Iterator[Finding]:
    """Whether a file has conflicts of an update that nobody has resolved."""
    for path, text in patient.texts.items():
        found = _CONFLICT.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            message = "an update's conflict is not resolved."
            fix = "keep the right lines, delete the markers, then `git add` the file"
            yield Finding(WRONG, message, fix, path, line)


def template(patient: Patient) -> Iterator[Finding]:
    """Whether the template is newer than the app, and which edits an update would meet."""
    if patient.offline:
        yield Finding(NOTE, "the template was not compared: this is offline.")
        return
    try:
        files = patient.template_files
    except Refusal as refusal:
        yield Finding(NOTE, f"the template was not compared: {refusal.reason}")
        return
    edited = [path for path in files.now if _is_edited(patient, path, files.now[path])]
    if files.version == files.newest:
        if edited:
            message = f"edited: {', '.join(edited)}. Updates keep that, or show conflicts."
            yield Finding(NOTE, message)
        return
    message = f"the template has version {files.newest}, and the app {files.version}."
    yield Finding(WARNING, message, "redwood-inngest update")
    for path in edited:
        mine, base, theirs = read(patient.root, path) or b"", files.now[path], files.then.get(path)
        if theirs is None:
            yield Finding(WARNING, "edited, and the newest version has it no more.", "", path)
        elif theirs != base and merged(_lf(mine), base, theirs)[1]:
            message = f"edited where version {files.newest} changes it: the update will conflict."
            yield Finding(WARNING, message, "redwood-inngest update", path)


def _is_edited(patient: Patient, path: str, content: bytes) -> bool:
    functions = f"{patient.api}/src/inngest/functions/"
    own = (ANSWERS_FILE, module_path(patient.answers, "ownEvents"))
    present = read(patient.root, path)
    if present is None or path.startswith(functions) or path in own:
        return False
    return _lf(present) != _lf(content)


def _lf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")
