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


def string_list(items: list[str], before: str, width: int = 80) -> str:
    """An array of strings, on one line where it fits and else one item a line, as Prettier does.

    Args:
        items: Any texts.
        before: What stands before the array on its line; its indent is that of the line.
        width: Columns that a line may have, a comma after the array included.

    Returns:
        The array.
    """
    literals = [string_literal(item) for item in items]
    line = f"[{', '.join(literals)}]"
    if len(before) + len(line) + 1 <= width:
        return line
    indent = before[: len(before) - len(before.lstrip())]
    lines = "".join(f"{indent}  {literal},\n" for literal in literals)
    return f"[\n{lines}{indent}]"
