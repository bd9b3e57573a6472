"""Values as TypeScript literals."""

from __future__ import annotations

import json


def string_literal(text: str) -> str:
    """A string in single quotes, with everything escaped that could end it or change the code.

    Args:
        text: Any text.

    Returns:
        The literal, quotes included, in printable ASCII but for letters of other alphabets.
    """
    escaped = json.dumps(text, ensure_ascii=not text.isprintable())[1:-1]
    return "'" + escaped.replace('\\"', '"').replace("'", "\\'") + "'"
