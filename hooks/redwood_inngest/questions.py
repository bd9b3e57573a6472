"""What an answer to the questionnaire must be like; each check says so in one sentence.

The rule comes first in it: at the prompt there is one line, and Copier needs half of that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import yaml

from .refusal import Refusal


def check_event_prefix(answer: object) -> str:
    """Check the start of the event names.

    Returns:
        The answer.

    Raises:
        Refusal: It has other characters than those allowed.
    """
    if isinstance(answer, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", answer, re.ASCII):
        return answer
    raise Refusal(
        "Use only letters, digits, . _ - (and a letter first) in the event prefix, as in graphql "
        f"or my-app.api: {_shown(answer)} has something else."
    )


def check_operations(answer: object) -> list[str]:
    """Check which operations become events.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of at least one kind of operation.
    """
    kinds = {"query", "mutation", "subscription"}
    if isinstance(answer, list) and answer and all(each in kinds for each in answer):
        return answer
    raise Refusal(
        "Choose at least one operation: query, mutation or subscription, as a list; "
        f"{_shown(answer)} is none."
    )


def check_user_fields(answer: object) -> list[str]:
    """Check which fields of `currentUser` the events carry.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of names.
    """
    name = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*", re.ASCII)
    if isinstance(answer, list) and all(
        isinstance(each, str) and name.fullmatch(each) for each in answer
    ):
        return answer
    raise Refusal(
        "Give a list, like [id, email] or [], of names of fields of currentUser; "
        f"{_shown(answer)} is none."
    )


CHECKS: dict[str, Callable[[object], object]] = {
    "event_prefix": check_event_prefix,
    "operations": check_operations,
    "user_fields": check_user_fields,
}


def check_given(answers: Mapping[str, object]) -> None:
    """Check the answers that were given beforehand, where there is a check.

    Args:
        answers: Answers by question; a text stands for the YAML value in it, as with `--data`.

    Raises:
        Refusal: One of them is wrong.
    """
    for name in CHECKS.keys() & answers.keys():
        answer = answers[name]
        if isinstance(answer, str) and name != "event_prefix":
            answer = yaml.safe_load(answer)
        CHECKS[name](answer)


def _shown(answer: object) -> str:
    shown = repr(answer)
    return shown if len(shown) <= 60 else shown[:57] + "..."
