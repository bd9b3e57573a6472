"""What the fuzzer starts from: the fixtures, and handlers from the grammar of shapes."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from ..property.handler_shapes import Handler, handlers

FIXTURES = Path(__file__).parents[1] / "fixtures"
GENERATED = 2000


def seeds(number: int, generated: int = GENERATED) -> list[Handler]:
    """The seeds; fixtures as often as generated handlers.

    Args:
        number: The seed of the generated ones.
        generated: How many there are of those.
    """
    fixtures = [
        Handler(path.read_bytes().decode(), path.suffix)
        for path in sorted(FIXTURES.glob("graphql_handler*/**/*.*"))
        if path.is_file() and path.suffix not in {".md", ".txt"}
    ]
    times = max(1, generated // len(fixtures))
    result = fixtures * times + _generated(number, generated)
    random.Random(number).shuffle(result)  # noqa: S311 - nothing secret
    return result


def _generated(number: int, count: int) -> list[Handler]:
    found: list[Handler] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(handlers())
    def collect(handler: Handler) -> None:
        found.append(handler)

    collect()
    return found
