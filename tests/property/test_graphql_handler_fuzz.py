"""Whatever a file holds, it is wired right or refused: never a crash, never a half edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from redwood_inngest.codemods.graphql_handler.codemod import decode, unwire, wire
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.parser import parse

from ..fuzz.__main__ import FOUND, run
from ..fuzz.outcomes import BROKEN, UNSURE, outcome
from .handler_shapes import ESM, Handler, handlers

SUFFIXES = (*ESM, ".cjs", ".cts")

often = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = (
    *"()[]{};,:.?!=&|<>*+-/\\'\"`#@$\n\r\t ",
    "...",
    "=>",
    "?.",
    "//",
    "/*",
    "*/",
    "${",
    "extraPlugins",
    "inngestPlugin",
    "optionsWithoutInngest",
    "createGraphQLHandler",
    "createGraphQLHandler({",
    "import ",
    "export ",
    "const ",
    "require(",
    "as const",
    "\ufeff",
    "\u2028",
    "😀",
    "\x00",
)


@st.composite
def broken_handlers(draw: st.DrawFn) -> Handler:
    """A handler into which someone has put things, and from which they took others."""
    handler = draw(handlers())
    text = handler.text
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.one_of(st.just(""), st.sampled_from(PIECES))) + text[end:]
    return Handler(text, handler.suffix)


def check(text: str, suffix: str) -> None:
    """Wire and unwire; a refusal says where, and an edit can be read again and stays."""
    for edit in (wire, unwire):
        try:
            edited = edit(text, suffix)
        except Refusal as refusal:
            check_refusal(refusal)
            continue
        assert edited.changed == (edited.source != text)
        assert parse(edited.source, suffix).source == edited.source
        assert not edit(edited.source, suffix).changed


def check_refusal(refusal: Refusal) -> None:
    assert refusal.reason
    assert refusal.line is not None
    assert refusal.column is not None


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.[cmjt]*")), ids=lambda path: path.name)
def test_what_the_fuzzer_found_is_mended(path: Path) -> None:
    kind = outcome(path.read_bytes().decode(), path.suffix)
    assert not kind.startswith((BROKEN, UNSURE)), kind


def test_the_fuzzer_finds_nothing_in_a_moment(tmp_path: Path) -> None:
    assert run(count=500, seconds=None, seed=1, found=tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


@often
@given(broken_handlers())
def test_a_broken_handler_is_edited_or_refused(handler: Handler) -> None:
    check(handler.text, handler.suffix)


@often
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(SUFFIXES))
def test_any_text_is_edited_or_refused(pieces: list[str], suffix: str) -> None:
    check("".join(pieces), suffix)


@often
@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except Refusal as refusal:
        check_refusal(refusal)
        return
    assert text.encode() == data
    check(text, ".ts")


@pytest.mark.parametrize("opening", ["[", "{ a: ", "(", "f(", "(() => ", "-", "a ? b : ", "`${"])
def test_deep_nesting_is_refused(opening: str) -> None:
    closing = {"[": "]", "{ a: ": "}", "(": ")", "f(": ")", "(() => ": ")", "`${": "}`"}
    deep = opening * 2000 + "1" + closing.get(opening, "") * 2000
    text = (
        "import { createGraphQLHandler } from '@redwoodjs/graphql-server'\n"
        f"export const handler = createGraphQLHandler({{ a: {deep} }})\n"
    )
    with pytest.raises(Refusal, match="nested"):
        wire(text)
