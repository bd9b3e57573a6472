"""`copier copy`, killed at each call that writes into the app, and then run again.

Copier writes into the app itself. So this is about what the next run makes of it: the same as a run
that was not killed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from tests.faults.inject import Report, difference, replace, state
from tests.support.command import command

_SITE = Path(__file__).parent / "site"


def kill_each_copy(template: Path, app: Path, *, every: int = 1, kind: str = "KILL") -> Report:
    """Run `copier copy` with a fault at each point, and each time again without one.

    Args:
        template: The template's folder.
        app: The app's folder.
        every: Only every so many points.
        kind: Which fault.
    """
    report = Report()
    with tempfile.TemporaryDirectory() as temporary:
        counter, kept = Path(temporary) / "count", Path(temporary) / "kept"
        shutil.copytree(app, kept, symlinks=True)
        _copy(template, app, counter, "", 0)
        report.points = counter.stat().st_size
        after = state(app)
        for at in range(1, report.points + 1, every):
            replace(app, kept)
            counter.unlink()
            _copy(template, app, counter, kind, at)
            again = _copy(template, app, counter, "", 0)
            report.tried += 1
            found = state(app)
            if found != after or "Traceback" in again:
                detail = difference(found, after, after) + again[-300:]
                report.wrong.append(f"{kind} at {at}: {detail}")
        replace(app, kept)
    return report


def _copy(template: Path, app: Path, counter: Path, kind: str, at: int) -> str:
    fault = {"kind": kind, "at": at, "onward": False}
    told = {"folder": str(app), "counter": str(counter), "fault": fault}
    options = ("--trust", "--defaults", "--overwrite", "--vcs-ref", "HEAD", "--quiet")
    environment = {"PYTHONPATH": str(_SITE), "FAULT": json.dumps(told), "PATH": os.environ["PATH"]}
    answers = ("--data", "install_dependencies=false")
    arguments = ("copy", *options, *answers, template, app)
    return command("copier", *arguments, environment=environment).stderr
