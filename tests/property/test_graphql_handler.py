"""What is always true after `wire`, on handlers from a grammar of shapes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings, strategies as st
from hypothesis.errors import UnsatisfiedAssumption
from redwood_inngest.codemods.graphql_handler.codemod import Edited, unwire, wire
from redwood_inngest.codemods.graphql_handler.hoisting import HOISTED
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.style import Lines

from ..support.handlers import RUNNER, Service, difference, lint_app, service
from ..support.node import NodeError, NodeTools, tools_folder
from .handler_shapes import Handler, handlers

SUPPORT = RUNNER.parent

LAYOUTS: list[dict[str, Any]] = [
    {"semi": False, "singleQuote": True, "trailingComma": "es5"}
    | {"printWidth": width, "tabWidth": tab_width, "useTabs": tabs}
    for width in (80, 100, 120)
    for tab_width, tabs in ((2, False), (4, False), (4, True))
]

quickly = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
slowly = settings(quickly, max_examples=60)


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


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


def lines_of(layout: dict[str, Any]) -> Lines:
    indent = "\t" if layout["useTabs"] else " " * layout["tabWidth"]
    return Lines(layout["printWidth"], indent, layout["tabWidth"])


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
    fixed = linter.ask(text=handler.text, name=name, fix=True)
    assume(not problems(fixed))
    edited = wired(Handler(fixed["text"], handler.suffix)).source
    assert problems(linter.ask(text=edited, name=name)) == []


def problems(answer: dict[str, Any]) -> list[str]:
    """What the linter finds, but for imports that the grammar leaves unused."""
    return [problem for problem in answer["problems"] if "no-unused-vars" not in problem]


@quickly
@given(handlers(), st.sampled_from(LAYOUTS))
def test_at_any_width_it_is_as_prettier_has_it_and_comes_back(
    tools: NodeTools, handler: Handler, layout: dict[str, Any]
) -> None:
    name = f"graphql{handler.suffix}"
    try:
        clean = tools.call("format", handler.text, name, layout)
        assume(tools.call("format", clean, name, layout) == clean)  # Prettier is not always sure
        assume(", ," not in clean)  # a hole, which ESLint forbids
        edited = wire(clean, handler.suffix, lines_of(layout)).source
    except (NodeError, Refusal):
        assume(False)
    assert tools.call("format", edited, name, layout) == edited
    assert unwire(edited, handler.suffix, lines_of(layout)).source == clean


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
