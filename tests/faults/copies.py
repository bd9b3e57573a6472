"""`copier copy` with a fault at each call that writes into the app, and then run again.

Copier writes into the app itself. So this is about what the next run makes of it: the same as a run
without a fault.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.inject import Report, difference, faults, replace, state
from tests.faults.points import Fault
from tests.support.command import command

_SITE = Path(__file__).parent / "site"


def repeat_each_copy(template: Path, app: Path, *, every: int, kinds: Sequence[str]) -> Report:
    """Run `copier copy` with a fault at each point, and each time again without one.

    Args:
        template: The template's folder.
        app: The app's folder.
        every: Only every so many points.
        kinds: Which faults.
    """
    report = Report()
    with tempfile.TemporaryDirectory() as temporary:
        counter, kept = Path(temporary) / "count", Path(temporary) / "kept"
        shutil.copytree(app, kept, symlinks=True)
        _copy(template, app, counter, Fault())
        report.points = counter.stat().st_size
        after = state(app)
        for fault in faults(report.points, every, kinds):
            replace(app, kept)
            counter.unlink()
            _copy(template, app, counter, fault)
            again = _copy(template, app, counter, Fault())
            report.tried += 1
            found = state(app)
            if found != after or "Traceback" in again:
                detail = difference(found, after, after) + again[-300:]
                report.wrong.append(f"{fault}: {detail}")
        replace(app, kept)
    return report


def _copy(template: Path, app: Path, counter: Path, fault: Fault) -> str:
    told = {"folder": str(app), "counter": str(counter), "fault": vars(fault)}
    options = ("--trust", "--defaults", "--overwrite", "--vcs-ref", "HEAD", "--quiet")
    environment = {"PYTHONPATH": str(_SITE), "FAULT": json.dumps(told), "PATH": os.environ["PATH"]}
    answers = ("--data", "install_dependencies=false")
    arguments = ("copy", *options, *answers, template, app)
    return command("copier", *arguments, environment=environment).stderr
