"""The kinds of functions that can be generated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of function; its templates are named after it.

    Attributes:
        name: Its name in the command.
        help: A few words on the work of such a function.
        runs_on: `event`, `schedule`, or `nothing` where other functions invoke it.
        other: The purpose of a second event; empty where there is none.
    """

    name: str
    help: str
    runs_on: str = "event"
    other: str = ""


KINDS = {
    kind.name: kind
    for kind in (
        Kind("background", "does its work in the background, once for each event"),
        Kind("delayed", "sleeps for a while first"),
        Kind("scheduled", "runs on a schedule, such as each morning", runs_on="schedule"),
        Kind("steps", "works in several steps, each retried alone"),
        Kind("fan-out", "runs another function for each object of the event"),
        Kind("throttled", "runs a limited number of times a minute; the others wait"),
        Kind("rate-limited", "runs once an hour at most; the others are dropped"),
        Kind("debounced", "runs once after the last of many events in a row"),
        Kind("batched", "runs once for many events"),
        Kind("cancellable", "sleeps, and is cancelled by another event", other="cancels it"),
        Kind("waiting", "waits for another event", other="it waits for"),
        Kind("on-failure", "says so when it fails for good"),
        Kind("invoked", "is invoked by other functions, with a result", runs_on="nothing"),
    )
}
