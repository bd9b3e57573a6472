"""Add, change or remove a block of variables in an env file such as `.env.defaults`."""

from __future__ import annotations

import re
from collections.abc import Iterable


def add_variables(source: str, block: str) -> str:
    """Add a block of lines at the end, where the file does not name its variables yet.

    Args:
        source: The text of the env file; empty where there is none.
        block: The lines to add: comments and variables, set or commented out.

    Returns:
        The new text. Where any of the block's variables is in the file already, set or
        commented out, the text as it was: the team has its own idea of them.
    """
    if _names(source) & _names(block):
        return source
    newline = "\r\n" if "\r\n" in source else "\n"
    gap = "" if not source else newline if source.endswith("\n") else newline * 2
    return source + gap + newline.join(block.strip("\n").split("\n")) + newline


def replace_variables(source: str, block: str, former: Iterable[str]) -> str:
    """Replace a block of lines that is as an earlier version wrote it.

    Args:
        source: The text of the env file.
        block: The lines as they are to be.
        former: The blocks that earlier versions wrote.

    Returns:
        The new text; the text as it was where the team has changed or removed the block.
    """
    newline = "\r\n" if "\r\n" in source else "\n"
    new = block.replace("\n", newline)
    for each in former:
        old = each.replace("\n", newline)
        if old in source and new not in source:  # the old may be the beginning of the new
            return source.replace(old, new, 1)
    return source


def remove_variables(source: str, written: Iterable[str]) -> str:
    """Remove a block of lines, with the empty line before it, that is as a version wrote it.

    Args:
        source: The text of the env file.
        written: The blocks that versions wrote.

    Returns:
        The new text; the text as it was where the team has changed or removed the block.
    """
    newline = "\r\n" if "\r\n" in source else "\n"
    for block in sorted(written, key=len, reverse=True):  # one may be the beginning of another
        before, found, after = source.partition(block.replace("\n", newline))
        if found:
            return before.removesuffix(newline) + after if before.strip() else after
    return source


def _names(text: str) -> set[str]:
    named = (re.match(r"[#\s]*(?:export\s+)?(\w+)\s*=", line) for line in text.splitlines())
    return {name[1] for name in named if name}
