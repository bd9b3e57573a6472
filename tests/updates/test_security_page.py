"""The table of docs/security.md is what the commands do, as strace sees them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
from redwood_inngest.app.files import load_json, load_toml, load_yaml
from redwood_inngest.cli.main import main
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.parser import parse

from tests.faults.test_faults import COMMANDS as CASES, before_an_update, set_up
from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS
from tests.support.template import REPOSITORY
from tests.support.tracing import needs_strace, traced

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


# What the page calls other programs, and what they are.
PROGRAMS = {"Git": "git", "package manager": "yarn", "`npx`": "npx", "`bash`": "bash"}
Row = tuple[str, str]


def rows() -> dict[str, Row]:
    """What the page says of each command: what it runs, and what it writes."""
    found: dict[str, Row] = {}
    table = PAGE.partition("| Command | Runs | Writes |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        commands, runs, writes = (cell.strip() for cell in line.strip("|").split(" | "))
        for command in commands.split("`, `"):
            found[command.removeprefix("`").removesuffix("`")] = (runs, writes)
    return found


def runs_of(name: str) -> set[str]:
    return {program for words, program in PROGRAMS.items() if words in rows()[name][0]}


def test_the_table_has_each_command_and_no_other() -> None:
    names = {
        f"{name} {sub}" if (sub := next(iter(getattr(command, "commands", ())), "")) else name
        for name, command in main.commands.items()
    }
    copier = {"copier copy --trust", "copier update --trust"}
    others = {"doctor` without `--offline", "each with `--diff` or `--check"}
    assert rows().keys() == names | copier | others
    assert {*CASES, "dev", "completion"} == {name.partition(" ")[0] for name in names}


@pytest.fixture
def stand_ins(tmp_path: Path) -> dict[str, str]:
    """The environment with programs that do nothing in the place of those that fetch packages."""
    for name in ("yarn", "npx"):
        write(tmp_path / "bin" / name, "#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    return {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@dataclass
class Prepared:
    """An app before a command.

    Attributes:
        app: Its folder.
        template: The template's folder.
        arguments: The arguments of the command.
    """

    app: Path
    template: Path
    arguments: list[str]


def prepared(name: str, tmp_path: Path, template: Path) -> Prepared:
    prepare, arguments, _ = CASES[name]
    if prepare is before_an_update:
        template = make_history(tmp_path / "redwood-inngest")
    app = small_app(tmp_path / "shop")
    prepare(app, template)
    filled_in = arguments.replace("APP", str(app)).replace("TEMPLATE", str(template)).split()
    return Prepared(app, template, [each for each in filled_in if each != "--no-install"])


def row_of(name: str) -> str:
    return next(row for row in rows() if row.partition(" ")[0] == name)


QUICK = {"setup", "events"}
each_command = pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.nightly) for name in CASES],
)


@needs_strace
@each_command
def test_a_command_runs_and_writes_what_the_page_says(
    name: str, tmp_path: Path, template: Path, stand_ins: dict[str, str]
) -> None:
    case = prepared(name, tmp_path, template)
    before = tree(case.app)
    tool: list[str | Path] = [COMMANDS / "redwood-inngest", *case.arguments]
    trace = traced(tool, tmp_path / "trace", stand_ins)
    assert trace.code == 0, trace.stderr
    assert trace.programs == runs_of(row_of(name))
    after = tree(case.app)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    named = [place for words, place in PLACES.items() if words in rows()[row_of(name)][1]]
    assert changed
    assert [path for path in changed if not any(fnmatch(path, place) for place in named)] == []
    assert [place for place in named if not any(fnmatch(path, place) for path in changed)] == []
    assert [path for path in trace.written if not path.startswith(f"{case.app}/")] == []


# What is left out so that they write nothing, and what is given.
DRY = {"events": ("--write", "--check"), "doctor": ("--fix", "--diff")}


@needs_strace
@pytest.mark.nightly
@pytest.mark.parametrize("name", CASES)
def test_with_diff_or_check_a_command_writes_nothing(
    name: str, tmp_path: Path, template: Path, stand_ins: dict[str, str]
) -> None:
    case = prepared(name, tmp_path, template)
    left_out, given = DRY.get(name, ("", "--diff"))
    arguments = [*(each for each in case.arguments if each != left_out), given]
    trace = traced([COMMANDS / "redwood-inngest", *arguments], tmp_path / "trace", stand_ins)
    assert trace.code in {0, 1}, trace.stderr  # 1 is work to do, of a check
    assert not trace.stderr.startswith("redwood-inngest: ")
    assert rows()["each with `--diff` or `--check"] == (
        "the same without the package manager",
        "nothing",
    )
    assert trace.programs == runs_of(row_of(name)) - {"yarn"}
    assert trace.written == set()


@needs_strace
@pytest.mark.parametrize(
    ("row", "arguments"),
    [
        ("doctor` without `--offline", ["doctor"]),
        ("dev", ["dev"]),
        ("completion", ["completion", "bash"]),
    ],
)
def test_these_write_nothing(
    row: str,
    arguments: list[str],
    tmp_path: Path,
    template: Path,
    stand_ins: dict[str, str],
) -> None:
    app = small_app(tmp_path / "shop")
    set_up(app, template)
    tool: list[str | Path] = [COMMANDS / "redwood-inngest", *arguments]
    trace = traced(tool, tmp_path / "trace", stand_ins, app)
    assert trace.code in {0, 1}, trace.stderr  # 1 is a finding of doctor's
    assert not trace.stderr.startswith("redwood-inngest: ")
    assert trace.programs == runs_of(row)
    assert "nothing" in rows()[row][1] or "--fix" in rows()[row][1]
    assert trace.written == set()


@needs_strace
@pytest.mark.nightly
def test_copier_alone_runs_and_writes_what_the_page_says(
    tmp_path: Path, template: Path, stand_ins: dict[str, str]
) -> None:
    app = small_app(tmp_path / "shop")
    options = ("--trust", "--defaults", "--vcs-ref", "HEAD")
    tool: list[str | Path] = [COMMANDS / "copier", "copy", *options, template, app]
    trace = traced(tool, tmp_path / "trace", stand_ins)
    assert trace.code == 0, trace.stderr
    row = "copier copy --trust"
    assert trace.programs == runs_of(row)
    assert rows()[row][1] == "the app; of a template that is a folder, Git's index"
    outside = {path for path in trace.written if not path.startswith(f"{app}/")}
    assert outside < trace.written
    assert outside <= {f"{template}/.git/index", f"{template}/.git/index.lock"}


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
