"""House style: what a style makes of a source is what Prettier makes of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from redwood_inngest.typescript.house_style import restyle
from redwood_inngest.typescript.style import REDWOOD_STYLE, CodeStyle

from tests.support.nightly import nightly
from tests.support.node import NodeTools, tools_folder
from tests.support.styles import prettier_options

MODULE = Path(__file__).parents[1] / "fixtures" / "house_style" / "module.ts"


def values(field: str) -> list[Any]:
    """The values that an option of a style can have."""
    hint = get_type_hints(CodeStyle)[field]
    known: dict[str, list[Any]] = {
        "indent": ["\t", "  ", "    "],
        "tab_width": [2],
        "print_width": [80],
    }
    return known.get(field) or ([True, False] if hint is bool else list(get_args(hint)))


OPTIONS = {field.name: values(field.name) for field in fields(CodeStyle)}
LINE_ENDS = itertools.cycle(OPTIONS.pop("end_of_line"))
# The whole product; how lines end is taken in turns, as it touches nothing else.
STYLES = [
    CodeStyle(**dict(zip(OPTIONS, choice, strict=True)), end_of_line=next(LINE_ENDS))
    for choice in itertools.product(*OPTIONS.values())
]


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@pytest.mark.parametrize("every", [7, nightly(1)])
def test_the_whole_product_of_styles(tools: NodeTools, every: int) -> None:
    source = MODULE.read_text()
    assert tools.call("format", source, MODULE.name, prettier_options(REDWOOD_STYLE)) == source
    for style in STYLES[::every]:
        expected = tools.call("format", source, MODULE.name, prettier_options(style))
        assert restyle(source, style) == expected, style
