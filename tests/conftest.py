"""What many tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.cache import cache_folder, made_once, seconds_of_fetching
from tests.support.memory import folder_in_memory
from tests.support.redwood import run
from tests.support.template import committed_template

# On CI the same examples every time, so that a change is judged by what it changes; everywhere
# else new ones in each run, which is how they find something.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


# Seconds by folder of tests.
_PARTS: defaultdict[str, float] = defaultdict(float)
_START = time.time()


def pytest_report_header() -> list[str]:
    """Say at the top how long each part took when all tests ran the last time."""
    file = _times_file()
    return file.read_text().splitlines() if file.exists() else []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what each test took, with what it waited for to be set up."""
    _PARTS[report.nodeid.partition("::")[0].rpartition("/")[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long each part took; parts that ran side by side add up to more than the whole."""
    parts = {**_PARTS, "fetching what was not in the cache": seconds_of_fetching(_START)}
    lines = [f"{seconds:5.0f} s  {part}" for part, seconds in sorted(parts.items())]
    terminalreporter.section("how long each part took")
    for line in lines:
        terminalreporter.line(line)
    if _PARTS.keys() >= set(terminalreporter.config.getini("testpaths")):
        whole = f"how long each part took the last time ({time.time() - _START:.0f} s in all):"
        _times_file().write_text("\n".join((whole, *lines)))


def _times_file() -> Path:
    return cache_folder() / "times.txt"


def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores: another runs while one waits for a server, a disk or a retry."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Have temporary folders in memory, unless `TMPDIR` says where to have them.

    They go at the end. The processes of xdist have the environment of the first one.
    """
    memory = None if "TMPDIR" in os.environ else folder_in_memory()
    if memory:
        folder = tempfile.mkdtemp(prefix="tests-", dir=memory)
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = None  # asked for before
        # Shorter than what pytest would take below it: screens in the tests show such paths.
        config.option.basetemp = config.option.basetemp or str(Path(folder, "t"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the processes of one run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="module")
def beside_the_cache() -> Iterator[Path]:
    """A temporary folder on the disk of the cache, for apps whose packages are links into it."""
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=cache_folder()))
    yield folder
    run(["rm", "-rf", str(folder)], folder.parent)  # in a third of the time of `shutil.rmtree`


@pytest.fixture(scope="session")
def template(shared: Path) -> Path:
    """What Copier needs of this repository, as one with nothing uncommitted.

    Each setup clones it; with all of our files, it takes half as long again.
    """
    paths = ("copier.yml", "hooks", "template")
    name = "redwood-inngest"
    return (
        made_once(shared / "template", lambda folder: committed_template(folder / name, *paths))
        / name
    )
