"""What is always true after `wire`, on handlers from a grammar of shapes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from redwood_inngest.codemods.graphql_handler import Edited, unwire, wire
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.nodes import walk
from redwood_inngest.typescript.parser import parse
from redwood_inngest.typescript.style import CodeStyle

from ..support.handlers import RUNNER, Service, difference, lint_app, service
from ..support.node import NodeError, NodeTools, tools_folder
from ..support.programs import same_program
from .handler_shapes import Handler, handlers

SUPPORT = RUNNER.parent

LAYOUTS: list[dict[str, Any]] = [
    {"semi": False, "singleQuote": True, "trailingComma": "es5"}
    | {"printWidth": width, "tabWidth": tab_width, "useTabs": tabs}
    for width in (80, 100, 120)
    for tab_width, tabs in ((2, False), (4, False), (4, True))
]

quickly = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def lines_of(layout: dict[str, Any]) -> CodeStyle:
    indent = "\t" if layout["useTabs"] else " " * layout["tabWidth"]
    return CodeStyle(print_width=layout["printWidth"], indent=indent, tab_width=layout["tabWidth"])


def wired(handler: Handler) -> Edited:
    """The handler wired; what is refused on purpose is set aside, and must be refused well."""
    if handler.refused:
        with pytest.raises(Refusal) as refusal:
            wire(handler.text, handler.suffix)
        check_refusal(refusal.value, handler.text)
    assume(not handler.refused)
    return wire(handler.text, handler.suffix)


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
    assume("optionsWithoutInngest" not in "".join(after))  # Those options move to a line before.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for hunk in matcher.get_grouped_opcodes(0):
        old = "\n".join(before[hunk[0][1] : hunk[-1][2]])
        new = "\n".join(after[hunk[0][3] : hunk[-1][4]])
        assert is_extended(tokens(old), tokens(new))


def tokens(text: str) -> list[str]:
    """A text in words, strings and marks, without whitespace."""
    return re.findall(r"'[^']*'|\"[^\"]*\"|\w+|\.\.\.|\?\.|\|\||\S", text)


# What wiring may add to lines that there are.
ADDED = {
    *("inngestPlugin", "inngestGraphQLPlugin", "extraPlugins", "ours"),
    *("...", "?.", "||", ".", ",", ":", "?", "(", ")", "[", "]", "{", "}"),
    *("baseOptions", "otherOptions", "sharedOptions", "options", "isProd"),
    *("import", "from", "as", "const", "=", "require", "'src/inngest/plugin'", ";"),
    '"src/inngest/plugin"',
}


def is_extended(old: list[str], new: list[str]) -> bool:
    """Whether all that was there is still there, in order, and only what is ours came to it."""
    rest = iter(new)
    kept = all(token in rest for token in old)
    return kept and (Counter(new) - Counter(old)).keys() <= ADDED


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
    edited = wired(Handler(fixed["text"], handler.suffix, handler.refused)).source
    assert problems(linter.ask(text=edited, name=name)) == []


def problems(answer: dict[str, Any]) -> list[str]:
    """What the linter finds, but for imports that the grammar leaves unused."""
    return [problem for problem in answer["problems"] if "no-unused-vars" not in problem]


@quickly
@given(handlers(), st.sampled_from(LAYOUTS))
def test_at_any_width_it_is_as_prettier_has_it_and_comes_back(
    tools: NodeTools, handler: Handler, layout: dict[str, Any]
) -> None:
    assume(not handler.refused)
    name = f"graphql{handler.suffix}"
    try:
        clean = tools.call("format", handler.text, name, layout)
    except NodeError:
        assume(False)
    assume(tools.call("format", clean, name, layout) == clean)  # Prettier is not always sure
    assume(", ," not in clean)  # a hole, which ESLint forbids
    edited = wire(clean, handler.suffix, lines_of(layout)).source
    assert tools.call("format", edited, name, layout) == edited
    back = unwire(edited, handler.suffix, lines_of(layout)).source
    assert tools.call("format", back, name, layout) == back
    assert same_program(clean, back, handler.suffix)
    if breaks(edited, handler.suffix) == breaks(clean, handler.suffix):
        assert back == clean


@quickly
@given(handlers())
def test_wiring_twice_is_wiring_once(handler: Handler) -> None:
    once = wired(handler)
    twice = wire(once.source, handler.suffix)
    assert twice.source == once.source
    assert not twice.changed


@quickly
@given(handlers())
def test_unwiring_gives_back_the_program(handler: Handler) -> None:
    edited = wired(handler).source
    back = unwire(edited, handler.suffix).source
    assert same_program(handler.text, back, handler.suffix)
    before, after = (breaks(text, handler.suffix) for text in (handler.text, edited))
    # What is on several lines by hand, with the plugin too long for one, is joined where it fits.
    by_hand = any(not group.startswith("object") for group in before)
    if after == before and not by_hand and "{\n}" not in handler.text.replace("\r", ""):
        assert back == handler.text


def breaks(text: str, suffix: str) -> Counter[str]:
    """The lists, choices and functions that stand on several lines, by their first words."""
    program = parse(text, suffix)
    return Counter(
        f"{node.kind} {' '.join(node.code.split())[:12]}"
        for node in walk(program)
        if node.kind in GROUPS and "\n" in node.code
    )


GROUPS = {"arguments", "array", "arrow_function", "named_imports", "object", "ternary_expression"}


@quickly
@given(handlers())
def test_redwoods_babel_plugin_takes_what_it_took(babel: Service, handler: Handler) -> None:
    name = f"graphql{handler.suffix}"
    assume("error" not in babel.ask(text=handler.text, name=name))
    assert "error" not in babel.ask(text=wired(handler).source, name=name)
