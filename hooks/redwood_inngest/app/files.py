"""The one way in which files are read, and JSON, YAML and TOML with them.

Each kind of file has a bound on its size, its depth and the number of its parts, far beyond what
any public app has. Anything larger is refused: it would only cost time and memory.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import Refusal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# The largest lock files of public apps have a few megabytes, the largest package.json files some
# tens of kilobytes, handlers a few kilobytes.
MAX_BYTES = 64 * 1024 * 1024
MAX_SOURCE = 1024 * 1024
_MAX_JSON = 4 * 1024 * 1024
_MAX_YAML = 256 * 1024
_MAX_TOML = 64 * 1024
_MAX_DEPTH = 100
_MAX_PARTS = 200_000
_MAX_BITS = 64
# A plain value, such as a number; Python takes long for long ones.
_MAX_PLAIN = 10_000


def followed(file: Path) -> Path:
    """The file that symbolic links lead to; where they lead in a circle, it cannot be read."""
    return Path(os.path.realpath(file))  # `Path.resolve` raises a RuntimeError for a circle


def read_bytes(file: Path, limit: int = MAX_BYTES) -> bytes:
    """Read a file.

    Args:
        file: The file.
        limit: The largest number of bytes it may have.

    Raises:
        Refusal: It is not there, is no plain file, is larger, or cannot be read.
    """
    content = read_if_there(file, limit)
    if content is None:
        raise Refusal("this file is missing.", path=str(file))
    return content


def read_if_there(file: Path, limit: int = MAX_BYTES) -> bytes | None:
    """Read a file; None where there is none.

    Args:
        file: The file.
        limit: The largest number of bytes it may have.

    Raises:
        Refusal: It is no plain file, is larger, or cannot be read.
    """
    try:
        # A pipe would keep a reader waiting for somebody to write, a device could do anything.
        if file.exists() and not file.is_file():
            raise Refusal("this is no plain file: put one in its place.", path=str(file))
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise Refusal(f"this file cannot be read ({_reason(error)}).", path=str(file)) from None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refusal("this is no plain file: put one in its place.", path=str(file))
        try:
            content = stream.read(limit + 1)
        except OSError as error:
            reason = f"this file cannot be read ({_reason(error)})."
            raise Refusal(reason, path=str(file)) from None
    if len(content) > limit:
        raise Refusal(
            f"this file has more than {limit:,} bytes, and no more are read: make it smaller.",
            path=str(file),
        )
    return content


def read_text(file: Path, limit: int = MAX_BYTES, errors: str = "strict") -> str:
    """Read a text in UTF-8, with or without a byte order mark.

    Args:
        file: The file.
        limit: The largest number of bytes it may have.
        errors: The treatment of bytes that are not UTF-8, as with `bytes.decode`.

    Raises:
        Refusal: It is not there, cannot be read, is larger, or is not UTF-8.
    """
    try:
        return read_bytes(file, limit).decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        raise Refusal(
            f"this file is not UTF-8 text (byte {error.start}): save it as UTF-8.", path=str(file)
        ) from None


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object from a file.

    Raises:
        Refusal: The file is not there, or holds something else.
    """
    try:
        content = load_json(read_text(file, _MAX_JSON))
    except ValueError as error:
        raise Refusal(f"this is not valid JSON ({error}): repair it.", path=str(file)) from None
    if not isinstance(content, dict):
        raise Refusal("this is not a JSON object: repair it.", path=str(file))
    return content


def read_yaml(file: Path) -> Any:
    """Read a YAML file.

    Raises:
        Refusal: The file is not there, or is not YAML.
    """
    try:
        return load_yaml(read_text(file, _MAX_YAML))
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise Refusal(f"this is not valid YAML ({reason}): repair it.", path=str(file)) from None


def load_json(text: str) -> Any:
    """The value of a text in JSON.

    Raises:
        ValueError: It is not JSON, or beyond the bounds.
    """
    _check_length(text, _MAX_JSON)
    try:
        return _checked(json.loads(text))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def load_toml(text: str) -> dict[str, Any]:
    """The values of a text in TOML.

    Raises:
        ValueError: It is not TOML, or beyond the bounds.
    """
    _check_length(text, _MAX_TOML)
    try:
        content: dict[str, Any] = _checked(tomllib.loads(text))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    return content


def load_yaml(text: str) -> Any:
    """The values of a text in JSON, which may be indented with tabs, or in YAML.

    Raises:
        ValueError: It is neither, or beyond the bounds.
    """
    _check_length(text, _MAX_YAML)
    try:
        return load_json(text)
    except ValueError:
        import yaml  # slow to import, and few apps have any that is read
    # The one in C is ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_yaml(yaml.parse(text, loader))
        return _checked(yaml.load(text, loader))  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, OverflowError) as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


_TOO_DEEP = f"it is nested more than {_MAX_DEPTH} levels deep"
_TOO_MANY = f"it has more than {_MAX_PARTS:,} parts"


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise ValueError(f"it has more than {limit:,} characters")


def _check_yaml(events: Iterable[Any]) -> None:
    """Check the parts of a YAML text, aliases expanded, before any value is made.

    A collection that refers to itself has no size, and is refused with those that are too large.
    """
    sizes: dict[str, int] = {}
    counted, unfinished = [0], [""]
    for event in events:
        anchor = getattr(event, "anchor", None) or ""
        kind = type(event).__name__
        if kind in {"MappingStartEvent", "SequenceStartEvent"}:
            sizes[anchor] = _MAX_PARTS  # until it is known
            counted.append(1)
            unfinished.append(anchor)
            if len(counted) > _MAX_DEPTH:
                raise ValueError(_TOO_DEEP)
            continue
        if kind in {"MappingEndEvent", "SequenceEndEvent"}:
            size, anchor = counted.pop(), unfinished.pop()
            sizes[anchor] = size
        elif kind == "AliasEvent":
            size = sizes.get(anchor, 0)
        elif kind == "ScalarEvent":
            size = sizes[anchor] = 1
            if event.style is None and len(event.value) > _MAX_PLAIN:
                raise ValueError(f"it has a value of more than {_MAX_PLAIN:,} characters")
        else:
            continue
        counted[-1] += size
        if counted[-1] >= _MAX_PARTS:
            raise ValueError(_TOO_MANY)


def _checked(value: Any) -> Any:
    """A value of plain parts that later code can handle.

    Raises:
        ValueError: It is nested too deep, or has a text that cannot be written.
    """
    level, depth = [value], 0
    while level:
        if depth > _MAX_DEPTH:
            raise ValueError(_TOO_DEEP)
        inner: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                inner += [*part, *part.values()]
            elif isinstance(part, list | tuple | set):
                inner += part
            elif isinstance(part, str) and not _is_text(part):
                raise ValueError("it has a text with a character that is none")
            elif isinstance(part, int) and part.bit_length() > _MAX_BITS:
                raise ValueError("it has a number that is beyond any bound")
        if len(inner) > _MAX_PARTS:
            raise ValueError(_TOO_MANY)
        level, depth = inner, depth + 1
    return value


def _is_text(text: str) -> bool:
    """Whether a text can be written, and be a path: it has no NUL and no half of a character."""
    return (text.isascii() and "\0" not in text) or not re.search("[\0\ud800-\udfff]", text)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
