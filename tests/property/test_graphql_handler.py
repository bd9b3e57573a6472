"""What is always true after `wire`, on handlers from a grammar of shapes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis.errors import UnsatisfiedAssumption
from redwood_inngest.codemods.graphql_handler import Edited, unwire, wire
from redwood_inngest.codemods.hoisting import HOISTED
from redwood_inngest.refusal import Refusal

from ..support.handlers import RUNNER, Service, difference, lint_app, service
from .handler_shapes import Handler, handlers

SUPPORT = RUNNER.parent

quickly = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
slowly = settings(quickly, max_examples=60)


@pytest.fixture(scope="module")
def runner() -> Iterator[Service]:
    with service(RUNNER) as running:
        yield running


@pytest.fixture(scope="module")
def babel() -> Iterator[Service]:
    with service(SUPPORT / "babel_service.js") as running:
        yield running


@pytest.fixture(scope="module")
def linter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = lint_app(tmp_path_factory.mktemp("app"))
    with service(SUPPORT / "lint_service.js", folder) as running:
        yield running


def wired(handler: Handler) -> Edited:
    """The handler wired; what is refused is set aside, but must be refused well."""
    try:
        return wire(handler.text, handler.suffix)
    except Refusal as refusal:
        check_refusal(refusal, handler.text)
        event("refused")
    raise UnsatisfiedAssumption


def check_refusal(refusal: Refusal, text: str) -> None:
    """A refusal says what was found and where, and what to paste."""
    lines = text.split("\n")
    assert refusal.reason
    assert refusal.line is not None
    assert refusal.column is not None
    assert refusal.column <= len(lines[refusal.line - 1]) + 1
    assert "inngestPlugin" in refusal.paste


@quickly
@given(handlers())
def test_the_options_are_the_same_with_the_plugin_last(runner: Service, handler: Handler) -> None:
    after = wired(handler).source
    assert difference(runner, handler.text, after, handler.suffix) == ""


@quickly
@given(handlers())
def test_only_the_needed_lines_change(handler: Handler) -> None:
    before, after = handler.text.splitlines(), wired(handler).source.splitlines()
    assume(f"const {HOISTED} = " not in "".join(after))  # Those options move to a line before.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for hunk in matcher.get_grouped_opcodes():
        old = before[hunk[0][1] : hunk[-1][2]]
        new = after[hunk[0][3] : hunk[-1][4]]
        assert is_extended("".join(old), "".join(new))


def is_extended(old: str, new: str) -> bool:
    """Whether all that was there is still there, in order."""
    rest = iter(re.sub(r"\s", "", new))
    return all(character in rest for character in re.sub(r"\s", "", old))


@quickly
@given(handlers())
def test_the_file_keeps_its_style(handler: Handler) -> None:
    before, after = handler.text, wired(handler).source
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    assert after.endswith("\n") == before.endswith("\n")
    assert ("\n" in after.replace("\r\n", "")) == ("\n" in before.replace("\r\n", ""))
    added = [line for line in after.splitlines() if "inngest/plugin" in line][-1]
    if "inngest/plugin" not in before:
        assert ("'" in added) == ("'src/" in before)
        assert ("\t" in after) == ("\t" in before)


@slowly
@given(handlers())
def test_a_clean_handler_stays_clean(linter: Service, handler: Handler) -> None:
    name = f"graphql{handler.suffix}"
    clean = Handler(linter.ask(text=handler.text, name=name)["text"], handler.suffix)
    assume(not problems(linter, clean.text, name))
    assert problems(linter, wired(clean).source, name) == []


def problems(linter: Service, text: str, name: str) -> list[str]:
    """What the linter finds, but for imports that the grammar leaves unused."""
    found: list[str] = linter.ask(text=text, name=name)["problems"]
    return [problem for problem in found if "no-unused-vars" not in problem]


@quickly
@given(handlers())
def test_wiring_twice_is_wiring_once(handler: Handler) -> None:
    once = wired(handler)
    twice = wire(once.source, handler.suffix)
    assert twice.source == once.source
    assert not twice.changed


@quickly
@given(handlers())
def test_unwiring_gives_back_the_file(handler: Handler) -> None:
    assert unwire(wired(handler).source, handler.suffix).source == handler.text


@quickly
@given(handlers())
def test_redwoods_babel_plugin_takes_what_it_took(babel: Service, handler: Handler) -> None:
    name = f"graphql{handler.suffix}"
    assume("error" not in babel.ask(text=handler.text, name=name))
    assert "error" not in babel.ask(text=wired(handler).source, name=name)
