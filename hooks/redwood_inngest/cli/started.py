"""The form in which the command was started, for the hints that name it."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

NAME = "redwood-inngest"
# The Makefile sets it.
BY_MAKE = "REDWOOD_INNGEST_BY_MAKE"
# The subcommands that it has, all of which take an app.
_TARGETS = "setup|update|events|wire|unwire|doctor|remove|dev"


def as_started(text: str) -> str:
    """A text with its hints, such as `redwood-inngest update`, as the user would type them here.

    Args:
        text: A text that names commands in backticks, or on a line of their own that is indented.
    """
    if os.environ.get(BY_MAKE):
        hints = rf"(`|^ +)redwood-inngest ({_TARGETS})\b([^`\n]*)"
        text = re.sub(hints, _by_make, text, flags=re.M)
    return re.sub(r"(`|^ +)redwood-inngest(?=[ `])", _as_program, text, flags=re.M)


def _as_program(hint: re.Match[str]) -> str:
    return hint[1] + started_as()


def _by_make(hint: re.Match[str]) -> str:
    """`make update APP=path/to/app ARGS='--data event_prefix=shop'`."""
    app = os.environ[BY_MAKE]
    arguments = f" ARGS={shlex.quote(hint[3].strip())}" if hint[3].strip() else ""
    return f"{hint[1]}make {hint[2]} APP={shlex.quote(app)}{arguments}"


def started_as() -> str:
    """The words that started this command: `redwood-inngest`, or what a tool needs before it."""
    import shutil  # slow to import, and --help does without

    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        return "python -m redwood_inngest"
    runner = _runner()
    if runner:
        return runner
    found = shutil.which(NAME)
    is_found = found and Path(found).resolve() == program.resolve()
    return NAME if is_found or program.stem != NAME else shlex.quote(sys.argv[0])


def _runner() -> str:
    """The command of uvx or `pipx run`, which install for one run; empty with neither.

    uv keeps such an installation in `archive-v0` of its cache, and pipx in a folder `pipx` or
    `.cache` of its own.
    """
    environment = Path(sys.prefix)
    if environment.parent.name.startswith("archive-v"):
        return " ".join(part for part in ("uvx", _source("--from"), NAME) if part)
    if environment.parent.name in {"pipx", ".cache"} and "pipx" in environment.parts:
        return " ".join(part for part in ("pipx run", _source("--spec"), NAME) if part)
    return ""


def _source(option: str) -> str:
    """The option that names the place of this installation; empty where it is from an index."""
    from ..flows.template_source import installed_from

    place = installed_from()
    return f"{option} {shlex.quote(place)}" if place else ""
