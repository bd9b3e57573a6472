"""Run `wire` and `unwire` on mutated handlers, and say what came of it.

    python -m tests.fuzz --count 1000000
    python -m tests.fuzz --seconds 60

Seeds are the fixtures and handlers from the grammar of the property tests. An input on which a
promise is broken, or on which a check at run time has failed, is written to
tests/fixtures/graphql_handler_fuzz, where the tests find it. The exit code is 1 when a promise is
broken.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections import Counter
from pathlib import Path

from .mutations import mutated
from .outcomes import BROKEN, UNSURE, outcome
from .seeds import GENERATED, seeds

FOUND = Path(__file__).parents[1] / "fixtures" / "graphql_handler_fuzz"
# How many inputs of one kind are written.
MAX_WRITTEN = 5
REPORT_EVERY = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, help="how many inputs")
    parser.add_argument("--seconds", type=float, help="how long")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers")
    parser.add_argument("--found", type=Path, default=FOUND, help="where to write what was found")
    arguments = parser.parse_args()
    if arguments.count is None and arguments.seconds is None:
        arguments.seconds = 60.0
    sys.exit(run(arguments.count, arguments.seconds, arguments.seed, arguments.found))


def run(count: int | None, seconds: float | None, seed: int, found: Path) -> int:
    """Fuzz; the number of inputs or of seconds is given."""
    generator = random.Random(seed)  # noqa: S311 - nothing secret
    handlers = seeds(seed, min(count or GENERATED, GENERATED))
    kinds: Counter[str] = Counter()
    started = reported = time.monotonic()
    number = 0
    while number != count and (seconds is None or time.monotonic() - started < seconds):
        handler = generator.choice(handlers)
        text = mutated(generator, handler.text)
        kind = outcome(text, handler.suffix)
        kinds[kind] += 1
        number += 1
        if kind.startswith((BROKEN, UNSURE)) and kinds[kind] <= MAX_WRITTEN:
            write(found, kind, text, handler.suffix)
        if time.monotonic() - reported > REPORT_EVERY:
            reported = time.monotonic()
            report(number, kinds, reported - started)
    report(number, kinds, time.monotonic() - started)
    return int(any(kind.startswith(BROKEN) for kind in kinds))


def report(number: int, kinds: Counter[str], seconds: float) -> None:
    lines = [f"{count:10} {kind}\n" for kind, count in kinds.most_common()]
    sys.stdout.write(f"{number} inputs in {seconds:.0f} s\n{''.join(lines)}\n")
    sys.stdout.flush()


def write(found: Path, kind: str, text: str, suffix: str) -> None:
    found.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    words = "-".join("".join(one if one.isalnum() else " " for one in kind.lower()).split())
    (found / f"{words[:80]}-{name}{suffix}").write_bytes(text.encode())


if __name__ == "__main__":
    main()
