"""The style of an app's code, as the answers keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..typescript.style import REDWOOD_STYLE, CodeStyle


def style_in(answers: Mapping[str, Any]) -> CodeStyle:
    """The code style in the answers to the questionnaire; earlier versions did not look for it."""
    width = answers.get("print_width", REDWOOD_STYLE.print_width)
    return CodeStyle(**answers.get("code_style", {}), print_width=width)


def style_answers(style: CodeStyle) -> dict[str, Any]:
    """A code style as answers: the width of lines is one of its own."""
    fields = asdict(style)
    width = fields.pop("print_width")
    return {"code_style": fields, "print_width": width}
