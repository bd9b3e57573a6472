"""A real api server under load, with an event API that refuses a third of the requests."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import command
from tests.support.matrix import Kind, MatrixApp, sdk_packages
from tests.support.redwood import api_server

LOAD = Path(__file__).parents[1] / "support" / "load.mjs"
# What the plugin takes at most to send what is left, and the server to close.
FLUSH_SECONDS, CLOSE_SECONDS = 5, 5
CLIENTS = 40


@dataclass
class Run:
    """What came of it.

    Attributes:
        before: The numbers of the operations that were answered before the server was to end.
        answered: These, and those that it answered until it ended.
        arrived: The id of each event that the event API took, and the number in it.
        failures: What was answered otherwise; while the server ends, connections may break.
        last: How many events the last batch had that the event API took.
        refused: How many requests the event API has refused.
        ended_in: How many seconds the server took to end.
        memory: The server's resident memory in megabytes, second by second.
        log: What the server printed.
    """

    before: set[int]
    answered: set[int]
    arrived: list[tuple[str, int]]
    failures: list[str]
    last: int
    refused: int
    ended_in: float
    memory: list[float]
    log: str

    @property
    def dropped(self) -> int:
        """How many events the plugin says that it has dropped."""
        lines = [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]
        told = [
            line for line in lines if re.search("dropped|for good|ends before", line.get("msg", ""))
        ]
        return sum(line["count"] for line in told)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, template: Path) -> MatrixApp:
    app = MatrixApp(Kind("redwood", "ts"), tmp_path_factory.mktemp("load") / "my-shop")
    options = ("--template", template, "--defaults", "--no-install", "--data", "sdk_major=4")
    result = command("redwood-inngest", "setup", app.folder, *options)
    assert result.returncode == 0, result.stderr
    app.link("inngest", sdk_packages() / "node_modules" / "inngest4")
    assert app.build()["problems"] == []
    app.tools.close()
    return app


@contextmanager
def sampled(pid: int) -> Iterator[list[float]]:
    """The resident memory of a process in megabytes, a sample each second."""
    samples: list[float] = []
    done = threading.Event()

    def sample() -> None:
        while not done.wait(1):
            status = Path(f"/proc/{pid}/status").read_text()
            if resident := re.search(r"VmRSS:\s+(\d+)", status):
                samples.append(int(resident[1]) / 1024)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def pid_of(program: Path) -> int:
    """The process that runs a program."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parts = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(program) in parts[:2]:
            return int(folder.name)
    raise AssertionError(f"{program} does not run")


def run_load(app: Path, log: Path, seconds: float) -> Run:
    """Load the server for some seconds, and have it end while the load goes on for two more."""
    load = subprocess.Popen(
        ["node", str(LOAD)],
        env={**os.environ, "CLIENTS": str(CLIENTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert load.stdin
    assert load.stdout
    event_api = f"http://127.0.0.1:{load.stdout.readline().strip()}"
    environment = {
        "NODE_ENV": "production",
        "INNGEST_EVENT_KEY": "key",
        "INNGEST_SIGNING_KEY": "signkey-prod-0123",
        "INNGEST_BASE_URL": event_api,
    }
    try:
        with (
            api_server(app, log, **environment) as url,
            sampled(pid_of(app / "node_modules/.bin/rw-server")) as memory,
        ):
            load.stdin.write(f"{url}/graphql\n")
            load.stdin.flush()
            time.sleep(seconds)
            load.send_signal(signal.SIGUSR2)
            time.sleep(0.2)
            ending = time.monotonic()
        ended_in = time.monotonic() - ending
        load.stdin.write("tell\n")
        load.stdin.flush()
        said: dict[str, Any] = json.loads(load.stdout.readline())
    finally:
        load.kill()
        load.wait()
    return Run(
        before=set(said["answered"][: said["before"]]),
        answered=set(said["answered"]),
        arrived=[(event_id, number) for event_id, number in said["arrived"]],
        failures=said["failures"],
        last=said["last"],
        refused=said["refused"],
        ended_in=ended_in,
        memory=memory,
        log=log.read_text(),
    )


def check(run: Run) -> None:
    """No response fails, every event arrives once or is counted, and the end comes in time."""
    print(  # noqa: T201
        f"{len(run.before)} operations and {len(run.answered) - len(run.before)} while it ended, "
        f"{len(run.arrived)} events, {run.refused} requests refused, {run.dropped} dropped, "
        f"ended in {run.ended_in:.1f} s, memory in MB: {[round(each) for each in run.memory]}"
    )
    assert run.failures == []
    assert run.before
    assert run.refused
    numbers = Counter(number for _, number in run.arrived)
    assert [number for number, count in numbers.items() if count > 1] == []
    missing = run.answered - numbers.keys()
    assert len(missing) <= run.dropped, sorted(missing)[:10]
    # None is counted that was sent, but for the last batch and the last answers: the server ended
    # before it could hear of them.
    assert run.dropped - len(missing) <= run.last + CLIENTS
    assert run.ended_in < FLUSH_SECONDS + CLOSE_SECONDS


def test_an_event_api_that_refuses_a_third_costs_no_response_and_no_event(
    built: MatrixApp, tmp_path: Path
) -> None:
    check(run_load(built.folder, tmp_path / "log", 6))


@pytest.mark.nightly
def test_memory_stays_flat_over_minutes(built: MatrixApp, tmp_path: Path) -> None:
    run = run_load(built.folder, tmp_path / "log", float(os.environ.get("LOAD_SECONDS", "180")))
    check(run)
    third = len(run.memory) // 3
    assert max(run.memory[-third:]) < max(run.memory[third : 2 * third]) * 1.15
