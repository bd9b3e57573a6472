"""Checks: the dev server and the keys, as far as this machine can tell."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

from ... import git
from ...app.config import api_config, api_port
from ...app.find import framework_of
from ...app.framework import FRAMEWORKS
from ...codemods import package_json
from ...codemods.graphql_handler import decode
from ..own_files import any_dev_command, dev_command, endpoint_of
from .findings import FIX, NOTE, WARNING, WRONG, Finding, Patient

SCRIPT = "inngest:dev"
DEV_SERVER_PORT = 8288
# Seconds for an answer of a server on this machine.
_TIMEOUT = 0.5
_KEYS = ("INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY")
_ENV_FILES = (".env", ".env.defaults", ".env.production", ".env.staging", ".env.local")


def dev_server(patient: Patient) -> Iterator[Finding]:
    """Whether the script names the app's port, and which servers answer on this machine."""
    config = patient.root / framework_of(patient.root).config_file
    port, notes = api_port(api_config(config), config)
    for note in notes:
        yield Finding(WARNING, note, "", config.name)
    yield from _script(patient, port)
    if not patient.offline:
        yield from _servers(patient, port)


def _script(patient: Patient, port: int) -> Iterator[Finding]:
    """Whether the script, and the answers that updates make it of, name the app's port."""
    answered = patient.answers["api_port"]
    if answered != port:
        message = f"the answers have api_port {answered}, and the api server has {port}."
        yield Finding(WRONG, message, f"redwood-inngest update --data api_port={port}")
        return
    text = patient.text("package.json") or ""
    named = re.search(rf'"{SCRIPT}"\s*:\s*"([^"\n]*)"', text)
    address = re.search(r"localhost:(\d+)/", named[1]) if named else None
    if not named or not address or int(address[1]) == port:
        return

    command = dev_command(port, endpoint_of(patient.answers))

    def with_port(content: bytes | None) -> bytes:
        return package_json.replace_script(
            decode(content or b""), SCRIPT, command, any_dev_command()
        ).encode()

    message = f"the script {SCRIPT} names port {address[1]}, and the api server has {port}."
    ours = any_dev_command().fullmatch(named[1])
    fix = FIX if ours else f"name port {port} there"
    repairs = {"package.json": with_port} if ours else {}
    yield Finding(WRONG, message, fix, "package.json", repairs=repairs)


def _servers(patient: Patient, port: int) -> Iterator[Finding]:
    """The app's endpoint and the Inngest dev server, if they run here."""
    endpoint = endpoint_of(patient.answers)
    status = _answer(port, f"/{endpoint}")
    framework = FRAMEWORKS[str(patient.answers["framework"])].command
    manager = patient.answers["package_manager"]
    address = f"http://localhost:{port}/{endpoint}"
    if status is None:
        start = f"{'npx' if manager == 'npm' else manager} {framework} dev"
        yield Finding(NOTE, f"the app does not run: nothing answers at port {port}.", start)
    elif status >= 400:
        message = f"the app runs, and its endpoint {address} answers with status {status}."
        yield Finding(WARNING, message, "look at the app's log")
    else:
        yield Finding(NOTE, f"the app runs, and its endpoint answers at {address}.")
    if _answer(DEV_SERVER_PORT, "/") is None:
        message = f"the Inngest dev server does not run (port {DEV_SERVER_PORT})."
        yield Finding(NOTE, message, "redwood-inngest dev")
    else:
        message = f"the Inngest dev server answers at http://localhost:{DEV_SERVER_PORT}."
        yield Finding(NOTE, message)


def _answer(port: int, path: str) -> int | None:
    """The status with which a server on this machine answers; None where there is none."""
    connection = http.client.HTTPConnection("localhost", port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def keys(patient: Patient) -> Iterator[Finding]:
    """Which keys for production are named in files; their values are not looked at further."""
    named = {name: _set_variables(patient, name) for name in _ENV_FILES}
    for file, variables in named.items():
        for key in variables & set(_KEYS):
            if _is_in_git(patient.root, file):
                message = f"{key} has a value in a file that Git has: it is a secret."
                fix = "revoke it at app.inngest.com, and set the new one where the app is deployed"
                yield Finding(WRONG, message, fix, file)
    for file in (".env.defaults", ".env.production"):
        if "INNGEST_DEV" in named[file]:
            message = "INNGEST_DEV is set where production reads it, too."
            yield Finding(WARNING, message, "move it to .env", file)
    missing = [key for key in _KEYS if not any(key in each for each in named.values())]
    if missing:
        message = (
            f"{' and '.join(missing)} {'are' if missing[1:] else 'is'} in no .env file, which is "
            "right if the app's host has them: events and functions need them in production."
        )
        yield Finding(NOTE, message)


def _set_variables(patient: Patient, file: str) -> set[str]:
    """The names of the variables that an env file gives a value."""
    text = patient.text(file) or ""
    return set(
        re.findall(
            r"^[ \t]*(?:export[ \t]+)?(INNGEST_\w+)[ \t]*=[ \t]*(?![\s#]|['\"]{2}|$)", text, re.M
        )
    )


def _is_in_git(root: Path, file: str) -> bool:
    return bool(git.answer(root, "ls-files", "--", file))
