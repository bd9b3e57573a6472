"""Runs commands in processes forked from this one, which has imported what they import.

Reads one JSON object a line, {name, arguments, cwd, stdin, environment}, and answers with one:
{code, stdout, stderr}. `name` is a console script of this installation.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import tempfile
from importlib.metadata import entry_points
from tempfile import TemporaryFile
from typing import IO, Any

from plumbum import local

IMPORTED = (
    "copier.__main__",
    "redwood_inngest.cli.main",
    "redwood_inngest.flows.doctor.run",
    "redwood_inngest.flows.fleet",
    "redwood_inngest.flows.functions.destroy",
    "redwood_inngest.flows.remove.plan",
    "redwood_inngest.flows.setup",
    "redwood_inngest.graphql.event_types",
)


def main() -> None:
    """Answer until there is nothing more to read."""
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # what is imported stays: a tenth of a command's time went into looking through it
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Run one command to its end."""
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(job["stdin"].encode())
        stdin.seek(0)
        child = os.fork()
        if not child:
            run(job, (stdin, stdout, stderr))
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return {"code": code, "stdout": text_of(stdout), "stderr": text_of(stderr)}


def run(job: dict[str, Any], files: tuple[IO[bytes], IO[bytes], IO[bytes]]) -> None:
    """Be the command; this does not return."""
    for descriptor, file in enumerate(files):
        os.dup2(file.fileno(), descriptor)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    code: Any = 1
    try:
        os.chdir(job["cwd"])
        change_environment(job["environment"])
        if "FAULT" in os.environ:
            importlib.import_module("tests.faults.site.sitecustomize")
        sys.argv = [job["name"], *job["arguments"]]
        (script,) = entry_points(group="console_scripts", name=job["name"])
        code = script.load()()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else bool(code))


def change_environment(environment: dict[str, str]) -> None:
    """Have this environment, also where libraries have kept another."""
    os.environ.clear()
    os.environ.update(environment)
    local.env.clear()
    local.env.update(environment)
    tempfile.tempdir = None


def text_of(file: IO[bytes]) -> str:
    """All that was written to a file."""
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    main()
