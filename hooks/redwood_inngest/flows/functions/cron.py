"""Cron expressions as Inngest reads them, and when they run."""

from __future__ import annotations

import re
from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from ...errors import Refusal

_ZONE = re.compile(r"(?:CRON_)?TZ=(\S+)\s+")
# The syntax that every cron knows: Inngest's has no seconds, and none of the letters L, W and #.
_FIELD = re.compile(r"[*\w]+(-\w+)?(/\d+)?(,[*\w]+(-\w+)?(/\d+)?)*", re.ASCII)
# Inngest counts the days of the week from 0 to 6.
_DAY_7 = re.compile(r"(?<!/)\b7\b")
_LAST = re.compile(r"\bL\b", re.IGNORECASE)


def zone_of(expression: str) -> str:
    """The time zone that the times of an expression are in: UTC where it names none."""
    named = _ZONE.match(expression.strip())
    return named[1] if named else "UTC"


def next_runs(expression: str, now: datetime, count: int = 3) -> list[datetime]:
    """The next times at which an expression runs.

    Args:
        expression: A cron expression: five fields, after `TZ=Europe/Paris` where times are not
            in UTC. (https://www.inngest.com/docs/guides/scheduled-functions)
        now: The time to start from, in any time zone.
        count: The number of runs.

    Returns:
        The times, in the expression's own time zone.

    Raises:
        Refusal: Inngest would not take it, or it never runs.
    """
    zone = _zone(zone_of(expression))
    fields = _ZONE.sub("", expression.strip(), count=1).split()
    problem = _problem(fields)
    try:
        runs = CronSim(" ".join(fields), now.astimezone(zone)) if not problem else iter(())
        found = [next(runs) for _ in range(count)] if not problem else []
    except CronSimError as error:
        problem = f"{str(error).replace('Bad', 'the')} is wrong"
    except StopIteration:
        problem = "it never runs"
    if problem:
        raise Refusal(
            f"{expression!r} is no cron expression that Inngest takes ({problem}): write one such"
            " as `0 9 * * 1-5`, or `TZ=Europe/Paris 0 9 * * 1-5`."
        )
    return found


def _problem(fields: list[str]) -> str:
    """The reason why Inngest refuses fields that other crons may take; empty where it does not."""
    if len(fields) != 5:
        return f"it has {len(fields)} field{'s' * (len(fields) != 1)}, and 5 are needed"
    for field in fields:
        if not _FIELD.fullmatch(field) or _LAST.search(field):
            return f"{field} is wrong"
    return "the day-of-week goes from 0 to 6" if _DAY_7.search(fields[4]) else ""


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(f"there is no time zone {name}: name one such as Europe/Paris.") from None
