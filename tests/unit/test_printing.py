"""What is printed: lines that fit, hints as the user would type them, colours on request."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from hypothesis import given, strategies as st
from redwood_inngest.cli import started
from redwood_inngest.cli.live import shortened
from redwood_inngest.cli.printing import coloured_diff, wants_colour, wrapped
from redwood_inngest.cli.started import as_started

LINES = st.lists(st.text("abcdefghij/.`-", min_size=1, max_size=30), min_size=1).map(" ".join)
HINT = "Run `redwood-inngest update --data a=1`."


@given(LINES, st.integers(0, 8), st.integers(20, 100))
def test_lines_fit_and_no_word_is_broken(line: str, indent: int, width: int) -> None:
    rows = wrapped(" " * indent + line, width).split("\n")
    assert " ".join(rows).split() == line.split()
    for row in rows:
        assert row.startswith(" " * indent)
        assert len(row) <= width or len(row.split()) == 1


@given(LINES, st.integers(20, 100))
def test_colours_take_no_room(line: str, width: int) -> None:
    styled = " ".join(click.style(word, fg="red") for word in line.split(" "))
    assert click.unstyle(wrapped(styled, width)) == wrapped(line, width)


@given(LINES, st.integers(20, 100))
def test_a_line_that_is_cut_is_cut_between_words(line: str, width: int) -> None:
    short = shortened(line, width)
    assert len(short) <= width
    if short != line:
        *kept, dots = short.split()
        assert dots == "..."
        assert line.split()[: len(kept)] == kept


@given(st.lists(st.text()).map("\n".join))
def test_a_diff_keeps_its_text_in_colours(diff: str) -> None:
    escapes = "\x1b" in diff
    assert escapes or click.unstyle(coloured_diff(diff)) == diff


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, None),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_on_request(
    variables: dict[str, str], wanted: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_colour() is wanted


@pytest.mark.parametrize(
    ("prefix", "place", "expected"),
    [
        ("/h/.cache/uv/archive-v0/x", "git+https://h/r", "uvx --from git+https://h/r"),
        ("/h/.cache/uv/archive-v0/x", "", "uvx"),
        ("/h/.cache/pipx/0123", "/my clone", "pipx run --spec '/my clone'"),
        ("/h/.local/pipx/.cache/0123", "", "pipx run"),
        ("/h/.local/share/pipx/venvs/redwood-inngest", "git+https://h/r", ""),
        ("/h/.local/share/uv/tools/redwood-inngest", "", ""),
    ],
)
def test_a_hint_names_what_installs_for_one_run(
    prefix: str, place: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr("redwood_inngest.flows.template_source.installed_from", lambda: place)
    said = f"{expected} redwood-inngest".strip()
    assert as_started(HINT) == f"Run `{said} update --data a=1`."


def test_a_hint_names_a_program_that_is_not_on_the_path_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / started.NAME
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    assert as_started(HINT) == f"Run `{program} update --data a=1`."
    monkeypatch.setenv("PATH", str(tmp_path))
    assert as_started(HINT) == HINT


def test_a_hint_names_the_module_that_was_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/redwood_inngest/__main__.py"])
    assert as_started(HINT) == "Run `python -m redwood_inngest update --data a=1`."


def test_a_hint_names_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(started.BY_MAKE, "../my shop")
    assert as_started(HINT) == "Run `make update APP='../my shop' ARGS='--data a=1'`."
    assert as_started("`redwood-inngest setup`") == "`make setup APP='../my shop'`"
    assert as_started("redwood-inngest: no") == "redwood-inngest: no"
