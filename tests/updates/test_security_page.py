"""The table of docs/security.md is what the commands do, as strace sees them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest
from redwood_inngest.app.files import load_json, load_toml, load_yaml
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.parser import parse

from tests.faults.test_faults import COMMANDS as CASES, before_an_update
from tests.support.apps import small_app, tree
from tests.support.command import COMMANDS
from tests.support.template import REPOSITORY
from tests.support.tracing import traced

from .history import make_history

PAGE = (REPOSITORY / "docs" / "security.md").read_text()
# What the page calls them, and where they are.
PLACES = {
    "the app": "*",
    "the GraphQL handler": "api/src/functions/graphql.ts",
    "`inngest/events`": "api/src/inngest/events.ts",
    "the function": "api/src/inngest/functions/send*.ts",
    "its test": "api/src/inngest/functions/send*.test.ts",
    "the index": "api/src/inngest/functions/index.ts",
    "`api/package.json`": "api/package.json",
    "the files and folders that you name": "api/src/jobs/*",
}


QUICK = {"setup", "wire", "events"}


def rows() -> dict[str, tuple[str, str]]:
    """What the page says of each command: what it runs, and what it writes."""
    found: dict[str, tuple[str, str]] = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("| `") and len(cells) == 3:
            commands, runs, writes = cells
            for command in re.findall(r"`([a-z-]+)", commands):
                found.setdefault(command, (runs, writes))
    return found


@pytest.mark.skipif(not shutil.which("strace"), reason="strace traces the calls")
@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.nightly) for name in CASES],
)
def test_a_command_runs_and_writes_what_the_page_says(
    name: str, tmp_path: Path, template: Path
) -> None:
    runs, writes = rows()[name]
    prepare, arguments, _ = CASES[name]
    if prepare is before_an_update:
        template = make_history(tmp_path / "redwood-inngest")
    app = small_app(tmp_path / "shop")
    prepare(app, template)
    before = tree(app)
    filled_in = arguments.replace("APP", str(app)).replace("TEMPLATE", str(template)).split()
    trace = traced([COMMANDS / "redwood-inngest", *filled_in], tmp_path / "trace")
    assert trace.code == 0, trace.stderr
    # The package manager aside: these runs install nothing.
    assert trace.programs == ({"git"} if "Git" in runs else set())
    after = tree(app)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    named = [place for words, place in PLACES.items() if words in writes]
    assert changed
    assert [path for path in changed if not any(fnmatch(path, place) for place in named)] == []
    assert [place for place in named if not any(fnmatch(path, place) for path in changed)] == []
    assert [path for path in trace.written if not path.startswith(f"{app}/")] == []


@pytest.mark.parametrize(
    ("read", "text", "size", "words"),
    [
        (load_toml, " ", 64 * 1024, "64 KB for TOML"),
        (load_yaml, " ", 256 * 1024, "256 KB for YAML"),
        (parse, " ", 512 * 1024, "512 KB for code"),
        (load_json, "1", 4 * 1024 * 1024, "4 MB for JSON"),
    ],
)
def test_the_bounds_are_those_of_the_page(
    read: Callable[[str], object], text: str, size: int, words: str
) -> None:
    assert words in PAGE
    read(text.rjust(size))
    with pytest.raises((ValueError, Refusal)):
        read(text.rjust(size + 1))


def test_the_page_names_tests_that_are_there() -> None:
    for name in re.findall(r"`(tests/[\w/.]+)`", PAGE):
        assert (REPOSITORY / name).exists()
    tests = "\n".join(file.read_text() for file in (REPOSITORY / "tests").rglob("test_*.py"))
    for name in re.findall(r"`(test_\w+)`", PAGE):
        assert f"def {name}(" in tests
