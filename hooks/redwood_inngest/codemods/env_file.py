"""Add a block of variables to an env file such as `.env.defaults`."""

from __future__ import annotations

import re


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


def _names(text: str) -> set[str]:
    return set(re.findall(r"^[#\s]*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE))
