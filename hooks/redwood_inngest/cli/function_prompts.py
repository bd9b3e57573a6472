"""The questions of `generate function`, for options that were not given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click
import questionary
from prompt_toolkit.completion import FuzzyWordCompleter

from ..errors import Refusal
from ..flows.functions.cron import next_runs, zone_of
from ..flows.functions.generate import check_name, recipe_for
from ..flows.functions.kinds import KINDS
from .printing import tell
from .questions import STOPPED, ask_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..flows.functions.app import FunctionsApp
    from ..flows.functions.generate import Wish

_OPERATION = "a GraphQL operation of this app"
_EVENT = "an event, by its name"


def ask_kind() -> str:
    """Ask which kind of function it is.

    Raises:
        Refusal: The user has stopped.
    """
    choices = [
        questionary.Choice(f"{kind.name:<13} {kind.help}", value=kind.name)
        for kind in KINDS.values()
    ]
    return _answered(questionary.select("What kind of function?", choices=choices))


def complete(app: FunctionsApp, wish: Wish) -> Wish:
    """Ask for the parts that a wish leaves open.

    Args:
        app: The app.
        wish: The options that were given.

    Returns:
        A whole wish.

    Raises:
        Refusal: The user has stopped, or an option that was given cannot be used.
    """
    if wish.kind.runs_on == "schedule" and not wish.cron:
        wish = replace(wish, cron=_ask_cron())
    if wish.kind.runs_on == "event" and not (wish.operation or wish.event):
        picked = _ask_event(app, "What should it run on?")
        is_event = "/" in picked
        wish = replace(wish, event=picked) if is_event else replace(wish, operation=picked)
    if wish.kind.other and not wish.other:
        wish = replace(wish, other=_ask_event(app, f"Which event {wish.kind.other}?"))
    if wish.name is None:
        wish = replace(wish, name=_ask_name(app, wish))
    if wish.cron:
        _say_runs(wish.cron)
    return wish


def _ask_event(app: FunctionsApp, question: str) -> str:
    operations = app.triggers.operations
    by_label = {f"{each.name} ({each.kind}, {each.path})": each.name for each in operations}
    kinds = [_OPERATION, _EVENT] if operations else [_EVENT]
    if len(kinds) > 1 and _answered(questionary.select(question, choices=kinds)) == _OPERATION:
        return _ask_operation(app, by_label)
    return ask_text(
        "Which event? Its name, such as shop/order.paid.",
        lambda text: (
            _refused(text, app.triggers.by_name)
            if "/" in text
            else f"An event's name has a slash, as in shop/order.paid: {text!r} has none."
        ),
    )


def _ask_operation(app: FunctionsApp, by_label: dict[str, str]) -> str:
    while True:
        picked = _answered(
            questionary.autocomplete(
                "Which operation? Type some of its letters.",
                choices=list(by_label),
                completer=FuzzyWordCompleter(list(by_label)),
            )
        )
        reason = picked in by_label or _refused(picked, app.triggers.operation)
        if reason is True:
            return by_label.get(picked, picked)
        tell(str(reason))


def _ask_cron() -> str:
    return ask_text(
        "When? Minute, hour, day, month, day of the week.\n"
        "A time zone stands before them, where it is not UTC.",
        lambda text: _refused(text, lambda cron: next_runs(cron, _now())),
        "TZ=Europe/Paris 0 9 * * 1-5",
    )


def _ask_name(app: FunctionsApp, wish: Wish) -> str:
    suggested = recipe_for(app, wish)
    return ask_text(
        "What should it be called?",
        lambda text: _refused(text, lambda name: check_name(app, name, suggested.exports)),
        suggested.name,
    )


def _say_runs(cron: str) -> None:
    click.echo(f"The next runs, in {zone_of(cron)}:")
    for time in next_runs(cron, _now()):
        click.echo(f"  {time:%a %d %b %Y, %H:%M} ({time:%Z})")


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _refused(text: str, check: Callable[[str], object]) -> bool | str:
    """True where a check accepts a text, or else the reason why it does not."""
    try:
        check(text)
    except Refusal as refusal:
        return str(refusal)
    return True


def _answered(question: Any) -> str:
    answer = question.ask()
    if answer is None:
        raise Refusal(STOPPED)
    return str(answer)
