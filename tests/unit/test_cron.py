"""Cron expressions as Inngest reads them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.functions.cron import next_runs, zone_of

NOW = datetime(2026, 3, 27, 12, 0, tzinfo=timezone.utc)  # a Friday


def runs(expression: str) -> list[str]:
    return [each.isoformat() for each in next_runs(expression, NOW)]


def test_the_next_runs_are_in_utc() -> None:
    expected = ["2026-03-30T09:00:00+00:00", "2026-03-31T09:00:00+00:00"]
    assert runs("0 9 * * 1-5")[:2] == expected
    assert zone_of("0 9 * * 1-5") == "UTC"


def test_a_time_zone_has_its_summer_time() -> None:
    expected = ["2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00"]
    assert runs("TZ=Europe/Paris 0 9 * * *")[:2] == expected
    assert zone_of(" TZ=Europe/Paris  0 9 * * *") == "Europe/Paris"


@pytest.mark.parametrize(
    "expression",
    ["*/15 * * * *", "0 0 1,15 * *", "0-30/10 9-17 * * *", "0 0 * JAN-mar SUN", "5/15 * * * *"],
)
def test_these_run(expression: str) -> None:
    assert len(runs(expression)) == 3


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "it has 0 fields, and 5 are needed"),
        ("daily", "it has 1 field, and 5 are needed"),
        ("* * * * * *", "it has 6 fields"),
        ("61 * * * *", "the minute is wrong"),
        ("0 0 32 * *", "the day-of-month is wrong"),
        ("0 0 31 2 *", "the day-of-month is wrong"),
        ("0 0 * * 7", "the day-of-week goes from 0 to 6"),
        ("0 0 * * 5-7", "the day-of-week goes from 0 to 6"),
        ("0 0 L * *", "L is wrong"),
        ("0 0 * * 1#2", "1#2 is wrong"),
        ("0 0 * * FRI-MON", "the day-of-week is wrong"),
        ("TZ=Europe/Pari 0 9 * * *", "there is no time zone Europe/Pari"),
        ("TZ=../passwd 0 9 * * *", "there is no time zone ../passwd"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(expression: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        runs(expression)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
