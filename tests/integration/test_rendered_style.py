"""What is rendered is clean under the app's own Prettier, at any width from 80 to 200 columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from redwood_inngest.app.code_style import style_answers
from redwood_inngest.typescript.style import REDWOOD_STYLE, CodeStyle

from tests.support.nightly import nightly
from tests.support.node import NodeTools, tools_folder
from tests.support.rendering import rendered_code
from tests.support.styles import prettier_options

NARROWEST, WIDEST = 80, 200
INDENTS = (("  ", 2), ("    ", 4), ("\t", 2), ("\t", 4))
# What makes lines as long, and as short, as they can get.
LONGEST: dict[str, Any] = {"semi": True, "trailing_comma": "all"}
SHORTEST: dict[str, Any] = {
    "trailing_comma": "none",
    "arrow_parens": "avoid",
    "bracket_spacing": False,
}
OTHERS: tuple[dict[str, Any], ...] = (
    {"single_quote": False, "quote_props": "consistent", "end_of_line": "crlf"},
    {"semi": True, "arrow_parens": "avoid", "trailing_comma": "none", "quote_props": "preserve"},
    {"semi": True, "single_quote": False, "bracket_spacing": False, "end_of_line": "cr"},
)
LONG = "x" * 28
LONGEST_ANSWERS = {
    "event_prefix": "p" * 30,
    "operations": ["query", "mutation", "subscription"],
    "user_fields": ["f" * 30, "g" * 30],
    "denied_types": [f"Type{number}" for number in range(12)],
    "denied_coordinates": ["Query.me", f"{LONG}.{LONG}", f"{LONG}.{LONG}1"],
    "redact_paths": [f"data.{LONG}[*].{LONG}", f"input.{LONG}", "it's", 'say "hi"'],
    "serve_path": "/" + "s" * 59,
    "app_id": "i" * 60,
}
EVERYTHING = {
    "delivery": "background",
    "send_anonymous_operations": True,
    "send_introspection": True,
    "send_errors": True,
    "include_raw_result": True,
    "denied_types": ["Session"],
    "denied_coordinates": ["Query.me", "User.email"],
    "redact_paths": ["input.email"],
    "serve_path": "/api/inngest",
    "sdk_major": 3,
}
NOTHING = {"has_logger": False, "example_function": False, "user_fields": []}
PACKAGE = {"plugin": "package", "module": "esm"}
ANSWERS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "longest": LONGEST_ANSWERS,
    "everything": EVERYTHING,
    "nothing": NOTHING,
    "package": PACKAGE,
    "package, longest": {**LONGEST_ANSWERS, **PACKAGE},
}


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


def styles(width: int) -> Iterator[CodeStyle]:
    """At the extremes all indents, with long, short and other lines; in between one of each."""
    kinds = (LONGEST, SHORTEST, OTHERS[width // 10 % len(OTHERS)])
    for number, (indent, tab_width) in enumerate(INDENTS):
        is_extreme = width in (NARROWEST, WIDEST)
        chosen = kinds if is_extreme else kinds[number : number + 1]
        for options in chosen:
            yield CodeStyle(indent=indent, tab_width=tab_width, **options)


def unclean(style: CodeStyle, width: int, language: str, tools: NodeTools) -> list[str]:
    """What Prettier would change, for each set of answers."""
    style = replace(style, print_width=width)
    return [
        f"{name}: {found}"
        for name, answers in ANSWERS.items()
        for found in tools.call(
            "unclean",
            rendered_code(
                plugin_too=name == "defaults",
                language=language,
                **style_answers(style),
                **answers,
            ),
            prettier_options(style),
        )
    ]


@pytest.mark.parametrize("language", ["ts", "js"])
@pytest.mark.parametrize("width", [80, nightly(100), 120, nightly(150), nightly(160), 200])
def test_rendered_code_is_clean(width: int, language: str, tools: NodeTools) -> None:
    for style in styles(width):
        assert unclean(style, width, language, tools) == [], style


@pytest.mark.parametrize("language", ["ts", "js"])
@pytest.mark.parametrize(
    ("style", "width"),
    [
        (REDWOOD_STYLE, 80),
        (CodeStyle(semi=True, indent="\t", tab_width=4, trailing_comma="none"), 150),
    ],
    ids=["redwood", "a public app"],
)
def test_so_it_is_in_styles_of_apps(
    style: CodeStyle, width: int, language: str, tools: NodeTools
) -> None:
    assert unclean(style, width, language, tools) == []
