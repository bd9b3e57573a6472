"""Times taken beside those of jscodeshift: in one run, in turns, the best of several."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.cache import npm_packages

ROUNDS = 5
_HOOKS = Path(__file__).parents[1] / "hooks"
_IN_ONE_PROCESS = Path(__file__).with_name("rounds.js")


class Seconds(NamedTuple):
    """How long something took, by the clock and in processor time."""

    clock: float
    processor: float


Run = Callable[[], Seconds]


def jscodeshift() -> Path:
    """The folder of packages that jscodeshift is in."""
    return npm_packages("jscodeshift", {"jscodeshift": "17.4.0"}) / "node_modules"


def best(run: Run, other: Run) -> tuple[Seconds, Seconds]:
    """The best times of each, taken in turns."""
    times = [(run(), other()) for _ in range(ROUNDS)]
    ours, theirs = zip(*times, strict=True)
    return _least(ours), _least(theirs)


def _least(times: Sequence[Seconds]) -> Seconds:
    return Seconds(min(one.clock for one in times), min(one.processor for one in times))


def timed(command: list[str], folder: Path) -> Seconds:
    """How long a command takes; Python's bytecode is kept in a folder, as where it is installed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(_HOOKS),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start, processor = time.perf_counter(), _processor_time_of_children()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    if "1 errors" in done.stdout:
        raise RuntimeError(done.stdout)
    return Seconds(time.perf_counter() - start, _processor_time_of_children() - processor)


def _processor_time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_one_process(
    edit: Callable[[str], object], transform: Path, sources: list[str], proof: str
) -> str:
    """Report how long it takes to edit all sources, each in one process, after a round to warm up.

    Args:
        edit: Our edit of one source.
        transform: The transform of jscodeshift that does the same.
        sources: The sources, all different.
        proof: Text that is in the first source when the transform has edited it.

    Returns:
        The first source as the transform has edited it.
    """
    first = ""

    def ours() -> Seconds:
        start, processor = time.perf_counter(), time.process_time()
        for source in sources:
            edit(source)
        return Seconds(time.perf_counter() - start, time.process_time() - processor)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sources.json"
        file.write_text(json.dumps(sources))

        def theirs() -> Seconds:
            done = subprocess.run(
                ["node", str(_IN_ONE_PROCESS), str(transform), str(file), "1"],
                check=True,
                capture_output=True,
                text=True,
                env={**os.environ, "NODE_PATH": str(jscodeshift())},
            )
            answer = json.loads(done.stdout)
            nonlocal first
            first = answer["first"]
            if proof not in first:
                raise RuntimeError("the transform changed nothing")
            return _least([Seconds(*one) for one in answer["seconds"]])

        ours()
        us, them = best(ours, theirs)
    print(f"{len(sources)} different modules in one process, after a round to warm up")
    report(us, them, len(sources))
    return first


def report(us: Seconds, them: Seconds, files: int) -> None:
    """Print the times of one file, and how many times as long jscodeshift took."""
    print(f"  {'ms a file':16}{'clock':>10}{'processor':>11}")
    for name, times in (("redwood-inngest", us), ("jscodeshift", them)):
        clock, processor = (seconds / files * 1000 for seconds in times)
        print(f"  {name:16}{clock:10.2f}{processor:11.2f}")
    print(f"  {'ratio':16}{them.clock / us.clock:10.2f}{them.processor / us.processor:11.2f}")
