"""EditorConfig: the properties for a file (https://spec.editorconfig.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import UnknownGlob
from .files import read_text
from .globs import glob_pattern

_SECTION = re.compile(r"\[(.*)\]\s*(?:[#;].*)?")
_COMMENT = re.compile(r"\s[#;]")
_SEPARATOR = re.compile(r"[=:]")


def editorconfig_properties(file: Path, root: Path) -> dict[str, str]:
    """The properties for a file, names and values in lower case.

    Args:
        file: The file; it may not exist.
        root: The outermost folder in which to look for `.editorconfig`.

    Returns:
        The properties that the files set; the nearest file and the last section have the last word.
    """
    found: dict[str, str] = {}
    for config in reversed(list(_config_files(file, root))):
        path = file.relative_to(config.parent).as_posix()
        found |= {
            name: value
            for glob, name, value in _properties(config)
            if glob is not None and _matches(glob, path)
        }
    return _completed(found)


def _config_files(file: Path, root: Path) -> Iterator[Path]:
    for folder in file.parents:
        config = folder / ".editorconfig"
        if config.is_file():
            yield config
            if (None, "root", "true") in _properties(config):
                return
        if folder == root:
            return


def _properties(config: Path) -> Iterator[tuple[str | None, str, str]]:
    """The properties of a file: the glob of their section, their name, their value."""
    glob: str | None = None
    # This file is not ours to refuse; text that is not UTF-8 is hardly a property.
    for line in read_text(config, errors="replace").splitlines():
        text = line.strip()
        if text.startswith(("#", ";")):
            continue
        if section := _SECTION.fullmatch(text):
            glob = section[1]
        elif separator := _SEPARATOR.search(text, 1):
            value = " " + text[separator.end() :]
            comment = _COMMENT.search(value)
            value = value[: comment.start()] if comment else value
            yield glob, text[: separator.start()].strip().lower(), value.strip().lower()


def _matches(glob: str, path: str) -> bool:
    if "/" not in glob:
        glob = f"**/{glob}"
    try:
        return bool(glob_pattern(glob.removeprefix("/")).match(path))
    except UnknownGlob:
        return False


def _completed(found: dict[str, str]) -> dict[str, str]:
    """The properties with those that follow from others."""
    if found.get("indent_style") == "tab" and "indent_size" not in found:
        found["indent_size"] = "tab"
    if found.get("indent_size", "tab") != "tab" and "tab_width" not in found:
        found["tab_width"] = found["indent_size"]
    if found.get("indent_size") == "tab" and "tab_width" in found:
        found["indent_size"] = found["tab_width"]
    return found
