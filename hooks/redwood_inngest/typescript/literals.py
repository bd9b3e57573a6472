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


def string_list(items: list[str], room: int) -> str:
    """An array of strings, on one line where there is room, else one item a line, as Prettier does.

    Args:
        items: Any texts.
        room: Columns that the array and a comma after it may take.

    Returns:
        The array; over several lines it is to be indented by whoever puts it in its place.
    """
    literals = [string_literal(item) for item in items]
    line = f"[{', '.join(literals)}]"
    if len(line) + 1 <= room:
        return line
    return "[\n" + "".join(f"  {literal},\n" for literal in literals) + "]"
