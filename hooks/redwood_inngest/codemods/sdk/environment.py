"""Env files: the names of variables that the SDK reads by another name now."""

from __future__ import annotations

import re

from .notes import TO_4, Note
from .two_to_three import ENVIRONMENT

_ORIGIN = f"{TO_4}#rename-serve-host-to-serve-origin"
# By the version that reads the new name: old name, new name.
_RENAMED = {
    3: {"INNGEST_API_BASE_URL": "INNGEST_BASE_URL", "INNGEST_DEVSERVER_URL": "INNGEST_BASE_URL"},
    4: {"INNGEST_SERVE_HOST": "INNGEST_SERVE_ORIGIN"},
}
_VARIABLE = re.compile(r"^(?:export[ \t]+)?(?P<name>INNGEST_\w+)(?=[ \t]*=)", re.MULTILINE)


def rename_variables(source: str, to: int) -> tuple[str, tuple[Note, ...]]:
    """Rename the variables that the SDK reads by another name now.

    Args:
        source: The text of the env file.
        to: The major version of the SDK.

    Returns:
        The new text, and a note for each variable that stays since the new name is taken.
    """
    notes = []
    text = source
    for version in range(3, to + 1):
        for old, new in _RENAMED[version].items():
            names = [match["name"] for match in _VARIABLE.finditer(text)]
            if old not in names:
                continue
            if new in names or names.count(old) > 1:
                line = next(
                    text.count("\n", 0, match.start()) + 1
                    for match in _VARIABLE.finditer(text)
                    if match["name"] == old
                )
                link = ENVIRONMENT if version == 3 else _ORIGIN
                told = f"{old} is {new} now, which is there too: keep one. {link}"
                notes.append(Note(told, line, 1))
                continue
            set_here = rf"^((?:export[ \t]+)?){old}(?=[ \t]*=)"
            text = re.sub(set_here, rf"\g<1>{new}", text, flags=re.MULTILINE)
    return text, tuple(notes)
