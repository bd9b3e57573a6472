"""A command with a fault at each call that writes into the app, one after the other.

The command runs until it is about to write below the app for the first time. From there on it is
forked, once for each fault: so each run is the real one, and what comes before is done only once.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from redwood_inngest.cli.main import main
from redwood_inngest.errors import Refusal
from redwood_inngest.flows import interrupted

from tests.faults.points import KINDS, Fault, install

State = dict[str, tuple[bytes, int] | None]


def state(folder: Path) -> State:
    """Every file below a folder with its mode, and every folder; of Git's own only our journals."""
    found: State = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if ".git" in name.parts and not path.name.startswith("redwood-inngest"):
            continue
        if path.is_symlink():
            found[str(name)] = (os.fsencode(path.readlink()), -1)
        else:
            file = path.is_file()
            found[str(name)] = (path.read_bytes(), path.stat().st_mode) if file else None
    return found


@dataclass
class Report:
    """What came of it.

    Attributes:
        points: How many calls write.
        tried: How many faults there were.
        wrong: What was neither before nor after, in a line each.
    """

    points: int = 0
    tried: int = 0
    wrong: list[str] = field(default_factory=list)


def faults(points: int, every: int, kinds: Sequence[str]) -> Iterator[Fault]:
    """The faults to try: at every so many points, of each kind, once and from there on."""
    for at in range(1, points + 1, every):
        for kind in kinds:
            yield Fault(kind, at)
            if kind in {"ENOSPC", "EACCES"}:
                yield Fault(kind, at, onward=True)


class Injector:
    """Runs one command with every fault."""

    def __init__(
        self, app: Path, arguments: Sequence[str], every: int, kinds: Sequence[str]
    ) -> None:
        self._app = app
        self._arguments = list(arguments)
        self._every = every
        self._kinds = kinds
        self._folder = Path(tempfile.mkdtemp(prefix="faults-"))
        self._counter = self._folder / "count"
        self._output = self._folder / "output"
        self._kept = self._folder / "kept"
        self._fault = Fault()
        self._report = Report()

    def run(self) -> Report:
        """Run it all, in a process of its own."""
        shutil.copytree(self._app, self._kept, symlinks=True)
        result = self._folder / "report"
        child = os.fork()
        if not child:
            install(self._app, self._fault, self._counter, self._each_fault)
            self._command()
        os.waitpid(child, 0)
        report = Report(**json.loads(result.read_text()))
        shutil.rmtree(self._folder)
        return report

    def _command(self) -> NoReturn:
        code: object = 1
        try:
            code = main(self._arguments, standalone_mode=True)
        except SystemExit as end:
            code = end.code
        except BaseException:
            sys.excepthook(*sys.exc_info())
            code = 99
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 1)

    def _each_fault(self) -> None:
        """Fork for each fault; the child goes on, and this process ends here when all are done."""
        before = state(self._app)
        if self._is_child(Fault()):
            return
        self._report.points = self._counter.stat().st_size
        after = state(self._app)
        if after == before:
            self._report.wrong.append("without a fault, nothing was changed")
        for fault in faults(self._report.points, self._every, self._kinds):
            self._restore()
            if self._is_child(fault):
                return
            self._report.tried += 1
            self._judge(fault, before, after)
        self._restore()
        (self._folder / "report").write_text(json.dumps(vars(self._report)))
        os._exit(0)

    def _is_child(self, fault: Fault) -> bool:
        """Fork; the parent waits for the child."""
        os.truncate(self._counter, 0)
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return False
        self._fault.kind, self._fault.at, self._fault.onward = fault.kind, fault.at, fault.onward
        output = os.open(self._output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        return True

    def _judge(self, fault: Fault, before: State, after: State) -> None:
        if "Traceback" in self._output.read_text(errors="replace"):
            self._wrong(fault, "a traceback", self._output.read_text(errors="replace")[-600:])
        found = state(self._app)
        if found in (before, after):
            return
        if fault.kind in {"TERM", "INT"} or (fault.kind != "KILL" and not fault.onward):
            self._wrong(fault, "not at once", difference(found, before, after))
        killed = self._folder / "killed"
        shutil.copytree(self._app, killed, symlinks=True)
        for how, wanted in ((interrupted.ABORT, (before,)), (interrupted.RESUME, (before, after))):
            replace(self._app, killed)
            settled = self._settle(how)
            found = state(self._app)
            if found not in wanted and not (found == after and settled == "nothing"):
                self._wrong(fault, f"after --{how} ({settled})", difference(found, before, after))
        shutil.rmtree(killed)

    def _settle(self, how: str) -> str:
        """Finish or take back, without faults: this process has none."""
        self._fault.kind = ""
        try:
            said = interrupted.settle(self._app, how)
        except Refusal as refusal:
            if how == interrupted.RESUME and "only be taken back" in str(refusal):
                return interrupted.settle(self._app, interrupted.ABORT)
            return str(refusal)
        return "nothing" if said.startswith("Nothing") else said

    def _wrong(self, fault: Fault, what: str, detail: str) -> None:
        self._report.wrong.append(f"{fault}: {what}: {detail}")

    def _restore(self) -> None:
        replace(self._app, self._kept)


def replace(folder: Path, by: Path) -> None:
    """Have a folder as another one is."""
    for path in list(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    shutil.copytree(by, folder, symlinks=True, dirs_exist_ok=True)


def difference(found: State, before: State, after: State) -> str:
    """The first paths that are as neither."""
    paths = sorted({*found, *before, *after})
    nothing = object()
    odd = [
        path
        for path in paths
        if found.get(path, nothing) not in (before.get(path, nothing), after.get(path, nothing))
    ]
    mixed = [path for path in paths if found.get(path, nothing) != before.get(path, nothing)]
    return f"neither {odd[:5]}, other than before {mixed[:5]}"


def inject(
    app: Path, arguments: Sequence[str], *, every: int = 1, kinds: Sequence[str] = KINDS
) -> Report:
    """Run a command with a fault at each call that writes into the app.

    Args:
        app: The app's folder.
        arguments: Those of `redwood-inngest`.
        every: Only every so many points.
        kinds: Which faults.
    """
    return Injector(app, arguments, every, kinds).run()
