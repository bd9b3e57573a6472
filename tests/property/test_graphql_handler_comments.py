"""Comments at every gap of a handler change nothing but themselves: it is wired, and comes back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings, strategies as st
from redwood_inngest.codemods.graphql_handler import wire
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.nodes import Node, walk
from redwood_inngest.typescript.parser import parse

from ..fuzz.mutations import COMMENTS
from ..fuzz.outcomes import BROKEN, UNSURE, outcome
from ..support.handlers import RUNNER, Service, difference, service
from ..support.nightly import nightly
from .handler_shapes import Handler, handlers

FIXTURES = Path(__file__).parents[1] / "fixtures" / "graphql_handler"
# Comments in lists that are merged are not moved, but refused.
MERGED = "given more than once, with comments"

# One example is a hundred texts: shrinking it would take minutes.
few = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=set(Phase) - {Phase.shrink, Phase.explain},
)
some = settings(few, max_examples=40)


@pytest.fixture(scope="module")
def runner() -> Iterator[Service]:
    with service(RUNNER) as running:
        yield running


def commented(text: str, suffix: str, first: int = 0, every: int = 1) -> Iterator[str]:
    """The text with a comment at each gap in turn, where that leaves the code as it is.

    Args:
        text: The text of a module.
        suffix: Its file's suffix.
        first: Which comment comes first; each gap gets the next one.
        every: How many gaps it is from one to the next.
    """
    program = parse(text, suffix)
    inside = {
        id(part)
        for node in walk(program)
        if node.kind in {"regex", "string", "template_string"}
        for part in node.parts[1:]
    }
    comments = itertools.islice(itertools.cycle(COMMENTS), first, None)
    place = 0
    for number, (token, comment) in enumerate(zip(program.tokens(), comments, strict=False)):
        place += len(token.space)
        changed = text[:place] + comment + text[place:]
        place += len(token.text)
        # Inside a string this is no comment, and before `#!` none may stand.
        if number % every or id(token) in inside or token.kind == "hash_bang_line":
            continue
        try:
            same = shape(parse(changed, suffix)) == shape(program)
        except Refusal:
            continue
        if same:
            yield changed


def shape(program: Node) -> list[tuple[str, str]]:
    """The kinds and texts of all nodes of a tree."""
    return [(node.kind, node.text) for node in walk(program)]


def check(text: str, suffix: str, refused: bool) -> None:
    kind = outcome(text, suffix)
    assert not kind.startswith((BROKEN, UNSURE)), kind
    if kind == "refused" and not refused:
        with pytest.raises(Refusal, match=MERGED):
            wire(text, suffix)


@pytest.mark.parametrize("every", [4, nightly(1)])
@pytest.mark.parametrize(
    "path", sorted(FIXTURES.glob("*/input.*")), ids=lambda path: path.parent.name
)
def test_a_comment_at_every_gap_of_a_fixture(path: Path, every: int) -> None:
    refused = path.with_name("refusal.txt").exists()
    text = path.read_bytes().decode()
    texts = list(commented(text, path.suffix, len(path.parent.name), every))
    assert texts
    for changed in texts:
        check(changed, path.suffix, refused)


@few
@given(handlers(), st.integers(0, len(COMMENTS) - 1))
def test_a_comment_at_every_gap_of_a_handler(handler: Handler, first: int) -> None:
    for changed in commented(handler.text, handler.suffix, first):
        check(changed, handler.suffix, handler.refused)


@some
@given(handlers(), st.lists(st.integers(0, 400), min_size=1, max_size=4), st.integers(0, 10))
def test_comments_change_nothing_when_it_runs(
    runner: Service, handler: Handler, gaps: list[int], first: int
) -> None:
    assume(not handler.refused)
    text = handler.text
    for gap in gaps:
        found = list(commented(text, handler.suffix, first))
        text = found[gap % len(found)]
    assert difference(runner, text, wire(text, handler.suffix).source, handler.suffix) == ""
