"""TypeScript to JavaScript, for generated programs and for the sources of real packages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from redwood_inngest.refusal import Refusal
from redwood_inngest.typescript.javascript import to_javascript

from tests.support.cache import npm_packages
from tests.support.node import NodeTools, tools_folder
from tests.support.typescript_programs import programs

# Packages that publish their TypeScript sources.
SOURCES = {
    "@reduxjs/toolkit": "2.5.0",
    "@tanstack/query-core": "5.62.7",
    "@tanstack/table-core": "8.20.5",
    "@trpc/server": "10.45.2",
    "immer": "10.1.1",
    "rxjs": "7.8.1",
}


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@settings(max_examples=60, deadline=None)
@given(program=programs())
def test_generated_programs(program: str, tools: NodeTools) -> None:
    source = tools.call("format", program, "program.ts", None)
    javascript = to_javascript(source)
    tools.call("parse", javascript)
    expected = tools.call("canonicalTranspiled", source, "program.ts")
    assert tools.call("canonical", javascript) == expected
    assert tools.call("format", javascript, "program.js", None) == javascript
    assert to_javascript(javascript, ".js") == javascript


def test_sources_of_real_packages(tools: NodeTools) -> None:
    """Every file that is not refused does the same; nearly all are clean under Prettier."""
    packages = npm_packages("typescript-sources", SOURCES)
    seen: Counter[str] = Counter()
    for path in sorted(packages.glob("node_modules/**/*.ts*")):
        if path.suffix not in {".ts", ".tsx"} or path.name.endswith(".d.ts"):
            continue
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
    assert seen["clean"] > 500
    assert seen["other lines than Prettier's"] <= 0.02 * seen["clean"]
