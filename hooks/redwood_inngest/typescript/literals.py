"""Values as TypeScript literals."""

from __future__ import annotations

import json


def string_literal(text: str) -> str:
    """A string as Prettier writes it with `singleQuote`, escaped so that it is that text only.

    Args:
        text: Any text.

    Returns:
        The literal, quotes included, in printable ASCII but for letters of other alphabets.
    """
    quote = '"' if text.count("'") > text.count('"') else "'"
    escaped = json.dumps(text, ensure_ascii=not text.isprintable())[1:-1].replace('\\"', '"')
    return quote + escaped.replace(quote, f"\\{quote}") + quote
