"""House style: what a style makes of a source is what Prettier makes of it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.house_style import REDWOOD_STYLE, HouseStyle, restyle
from redwood_inngest.typescript.javascript import to_javascript

from tests.support.node import NodeTools, tools_folder
from tests.support.typescript_programs import programs
from tests.support.typescript_sources import published_sources

MODULE = Path(__file__).parents[1] / "fixtures" / "house_style" / "module.ts"
INDENTS = ["\t", "  ", "    "]


def values(field: str) -> list[Any]:
    """The values that an option of a style can have."""
    hint = get_type_hints(HouseStyle)[field]
    if field == "indent":
        return INDENTS
    if field == "tab_width":
        return [2]
    return [True, False] if hint is bool else list(get_args(hint))


OPTIONS = {field.name: values(field.name) for field in fields(HouseStyle)}
LINE_ENDS = itertools.cycle(OPTIONS.pop("end_of_line"))
# The whole product; how lines end is taken in turns, as it touches nothing else.
STYLES = [
    HouseStyle(**dict(zip(OPTIONS, choice, strict=True)), end_of_line=next(LINE_ENDS))
    for choice in itertools.product(*OPTIONS.values())
]


def prettier_options(style: HouseStyle, print_width: int) -> dict[str, Any]:
    """The options of Prettier that mean this style."""
    return {
        "semi": style.semi,
        "singleQuote": style.single_quote,
        "useTabs": style.indent == "\t",
        "tabWidth": len(style.indent) if style.indent != "\t" else style.tab_width,
        "trailingComma": style.trailing_comma,
        "arrowParens": style.arrow_parens,
        "bracketSpacing": style.bracket_spacing,
        "quoteProps": style.quote_props,
        "endOfLine": style.end_of_line,
        "printWidth": print_width,
    }


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


def neutral_text(
    source: str, style: HouseStyle, width: int, tools: NodeTools, name: str
) -> str | None:
    """What Prettier makes of a source, if it breaks the lines alike in both styles.

    Each level of indent is then one. This asks only how Prettier lays the lines out, not what it
    writes in them.
    """
    if "prettier-ignore" in source:
        return None
    layout = prettier_options(replace(REDWOOD_STYLE, indent=style.indent), width)
    laid_out = tools.call("format", source, name, layout).split("\n")
    if [line.strip() for line in laid_out] != [line.strip() for line in source.split("\n")]:
        return None
    text: str = tools.call("format", source, name, prettier_options(style, width))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    alike = len(lines) == len(laid_out) and all(
        levels(old, "  ") == levels(new, style.indent)
        for old, new in zip(source.split("\n"), lines, strict=True)
        if old.strip()
    )
    return text if alike else None


def levels(line: str, indent: str) -> tuple[int, int]:
    """How many levels a line is indented, and how many blanks more."""
    blank = len(line) - len(line.lstrip())
    level = line[:blank].count(indent)
    return level, blank - level * len(indent)


def test_the_whole_product_of_styles(tools: NodeTools) -> None:
    source = MODULE.read_text()
    assert tools.call("format", source, MODULE.name, prettier_options(REDWOOD_STYLE, 80)) == source
    for number, style in enumerate(STYLES):
        width = (80, 100, 120, 93)[number % 4]
        expected = tools.call("format", source, MODULE.name, prettier_options(style, width))
        assert restyle(source, style) == expected, style
        if number % 8 == 0:
            assert restyle(source, style, print_width=width) == expected, style


def our_sources() -> list[Path]:
    """The sources in the template that hold no Jinja, so that they can be read as they are."""
    template = Path(__file__).parents[2] / "template"
    return [
        path
        for path in sorted(template.rglob("src/**/*.jinja"))
        if "{%" not in path.read_text() and "{{" not in path.read_text()
    ]


@pytest.mark.parametrize("language", ["ts", "js"])
@pytest.mark.parametrize("path", our_sources(), ids=lambda path: path.name.partition(".")[0])
def test_our_sources_at_any_width(path: Path, language: str, tools: NodeTools) -> None:
    """Widths from 80 to 120, each with other styles, so that all values are seen.

    As `rendering.app_code` has it: TypeScript is written to break alike at any width, at indents
    up to 4; JavaScript has shorter lines and is laid out anew.
    """
    source = path.read_text()
    if language == "js":
        source = to_javascript(source)
    name = f"source.{language}"
    assert tools.call("format", source, name, prettier_options(REDWOOD_STYLE, 80)) == source
    for number, width in enumerate(range(80, 121, 4)):
        tab_widths = (2, 4) if language == "ts" else (2, 4, 8)
        for tab_width, style in zip(tab_widths, STYLES[number * 3 :: 131], strict=False):
            style = replace(style, tab_width=tab_width)
            expected = tools.call("format", source, name, prettier_options(style, width))
            laid_out_for = None if language == "ts" else width
            restyled = restyle(source, style, f".{language}", laid_out_for)
            assert restyled == expected, (width, style)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs(), style=st.sampled_from(STYLES), width=st.sampled_from([80, 100, 120]))
def test_generated_programs(program: str, style: HouseStyle, width: int, tools: NodeTools) -> None:
    source = tools.call("format", program, "a.ts", prettier_options(REDWOOD_STYLE, 80))
    expected = neutral_text(source, style, width, tools, "a.ts")
    assume(expected is not None)
    assert restyle(source, style) == expected


def test_sources_of_real_packages(tools: NodeTools) -> None:
    """Files laid out at a width that few of their lines reach, each in two styles."""
    seen: Counter[str] = Counter()
    styles = itertools.cycle(STYLES[::17] + STYLES[5::23])
    width = 200
    for path in published_sources()[::6]:
        options = prettier_options(REDWOOD_STYLE, width)
        source = tools.call("format", path.read_text(), path.name, options)
        for style in (next(styles), next(styles)):
            expected = neutral_text(source, style, width, tools, path.name)
            if expected is None:
                seen["not neutral"] += 1
                continue
            try:
                restyled = restyle(source, style, path.suffix)
            except Refusal:
                seen["refused"] += 1
                continue
            assert restyled == expected, (path, style)
            seen["same"] += 1
    assert seen["same"] > 150
