"""The questions of a template by name, so that a mistyped one is noticed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ..app.files import load_yaml
from ..errors import Refusal

# Beside the answers, Copier is given these by the command.
_NO_QUESTIONS = ("app_root", "app_facts")


def questions_in(copier_yml: str) -> dict[str, Any]:
    """The questions in the text of a template's copier.yml; none where it cannot be read."""
    try:
        content = load_yaml(copier_yml)
    except ValueError:
        return {}
    names = content if isinstance(content, dict) else {}
    return {name: names[name] for name in names if not str(name).startswith("_")}


def asked_in(questions: Mapping[str, Any]) -> list[str]:
    """The questions that people are asked; the others are about what is found in the app."""
    return [
        name
        for name, details in questions.items()
        if not (isinstance(details, dict) and details.get("ask") is False)
    ]


def check_names(given: Iterable[str], questions: Mapping[str, Any]) -> None:
    """Check that answers that are given beforehand are to questions that there are.

    Args:
        given: The names of the answers.
        questions: The questions of the template; with none, nothing is checked.

    Raises:
        Refusal: There is no such question; the reason names the nearest one, and those asked.
    """
    unknown = [name for name in given if name not in questions and name not in _NO_QUESTIONS]
    if not unknown or not questions:
        return
    near = difflib.get_close_matches(unknown[0], questions, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise Refusal(
        f"there is no question {', '.join(unknown)}: {meant}The questions are "
        f"{', '.join(asked_in(questions))}."
    )
