"""The one way in which files are read, and JSON, YAML and TOML with them."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from ..errors import Refusal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Larger than any lock file seen in a public app, by far.
MAX_BYTES = 64 * 1024 * 1024


def read_bytes(file: Path) -> bytes:
    """Read a file.

    Raises:
        Refusal: It is not there, is no plain file, is larger than `MAX_BYTES`, or cannot be read.
    """
    content = read_if_there(file)
    if content is None:
        raise Refusal("this file is missing.", path=str(file))
    return content


def read_if_there(file: Path) -> bytes | None:
    """Read a file; None where there is none.

    Raises:
        Refusal: It is no plain file, is larger than `MAX_BYTES`, or cannot be read.
    """
    try:
        # A pipe would keep a reader waiting for somebody to write.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise Refusal(f"this file cannot be read ({_reason(error)}).", path=str(file)) from None
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Refusal("this is no plain file: put one in its place.", path=str(file))
        if found.st_size > MAX_BYTES:
            raise Refusal(
                f"this file has {found.st_size:,} bytes, and {MAX_BYTES:,} are read at most.",
                path=str(file),
            )
        return stream.read()


def read_text(file: Path) -> str:
    """Read a text in UTF-8, with or without a byte order mark.

    Raises:
        Refusal: It is not there, cannot be read, or is not UTF-8.
    """
    try:
        return read_bytes(file).decode("utf-8-sig")
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
        content = load_json(read_text(file))
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
        return load_yaml(read_text(file))
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise Refusal(f"this is not valid YAML ({reason}): repair it.", path=str(file)) from None


def load_json(text: str) -> Any:
    """The value of a text in JSON.

    Raises:
        ValueError: It is not JSON.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def load_toml(text: str) -> dict[str, Any]:
    """The values of a text in TOML.

    Raises:
        ValueError: It is not TOML.
    """
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return content


def load_yaml(text: str) -> Any:
    """The values of a text in JSON, which may be indented with tabs, or in YAML.

    Raises:
        ValueError: It is neither.
    """
    try:
        return load_json(text)
    except ValueError:
        import yaml  # slow to import, and few apps have any that is read
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
