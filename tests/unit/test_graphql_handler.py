"""The GraphQL handler codemod on one file for each shape; the folder's name says which shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from redwood_inngest.codemods.graphql_handler import unwire, wire
from redwood_inngest.refusal import Refusal

SHAPES = Path(__file__).parents[1] / "fixtures" / "graphql_handler"


def read(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    "shape", sorted(SHAPES.glob("*/output.*")), ids=lambda path: path.parent.name
)
def test_a_handler_is_wired(shape: Path) -> None:
    before = read(shape.with_stem("input"))
    assert wire(before, shape.suffix).source == read(shape)


@pytest.mark.parametrize(
    "shape", sorted(SHAPES.glob("*/output.*")), ids=lambda path: path.parent.name
)
def test_a_wired_handler_stays_as_it_is(shape: Path) -> None:
    assert not wire(read(shape), shape.suffix).changed


def test_a_file_without_a_handler_is_refused() -> None:
    with pytest.raises(Refusal, match="there is no call of createGraphQLHandler"):
        wire("// createGraphQLHandler({})\nexport const handler = 'createGraphQLHandler({})'\n")


def test_unwiring_a_handler_that_is_not_wired_changes_nothing() -> None:
    before = read(SHAPES / "one-line-extra-plugins" / "input.ts")
    assert not unwire(before).changed


def test_unwiring_gives_back_the_file() -> None:
    before = read(SHAPES / "many-lines-of-extra-plugins" / "input.ts")
    assert unwire(wire(before).source).source == before
