"""Take out of redwood.toml what the tool of 2023 has put there."""

from __future__ import annotations

import re
import sys

from ...errors import Unsure

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SECTION = "experimental.inngest"
_ENABLED = re.compile(r"enabled\s*=\s*(true|false)")
_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+\s*(#.*)?")


def without_section(source: str) -> str:
    """A redwood.toml without its section `[experimental.inngest]`.

    Args:
        source: The text of the file.

    Returns:
        The new text; the text as it was where there is no such section, or it says more than
        that it is enabled.

    Raises:
        Unsure: The result says something else than it should.
    """
    lines = source.splitlines(keepends=True)
    headers = [number for number, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip())]
    start = next((number for number in headers if _name(lines[number]) == SECTION), None)
    if start is None:
        return source
    end = next((number for number in headers if number > start), len(lines))
    if any(
        line.strip() and not _ENABLED.fullmatch(line.strip()) for line in lines[start + 1 : end]
    ):
        return source
    before = lines[:start]
    while before and not before[-1].strip() and end == len(lines):
        before.pop()
    result = "".join((*before, *lines[end:]))
    if _content(result) != _content(source):
        raise Unsure("redwood.toml would say something else")
    return result


def _name(line: str) -> str:
    found = _HEADER.fullmatch(line.rstrip())
    return re.sub(r"\s*\.\s*", ".", found[1]).replace('"', "") if found else ""


def _content(source: str) -> object:
    """What a redwood.toml says, but for the section and what it stands in."""
    content = tomllib.loads(source)
    experimental = content.get("experimental")
    if isinstance(experimental, dict):
        experimental.pop("inngest", None)
        if not experimental:
            del content["experimental"]
    return content
