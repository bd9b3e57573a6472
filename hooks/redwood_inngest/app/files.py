"""JSON, YAML and TOML of an app: what cannot be read is refused in a sentence."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..errors import Refusal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object from a file of the app.

    Raises:
        Refusal: The file is not there, or holds something else.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise Refusal("this file is missing: an app has one.", path=str(file)) from None
    except ValueError as error:
        raise Refusal(f"this is not valid JSON ({error}): repair it.", path=str(file)) from None
    if not isinstance(content, dict):
        raise Refusal("this is not a JSON object: repair it.", path=str(file))
    return content


def read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file of the app.

    Raises:
        Refusal: It is not TOML.
    """
    try:
        return load_toml(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise Refusal(f"this is not valid TOML ({error}): repair it.", path=str(file)) from None


def read_yaml(file: Path) -> Any:
    """Read a YAML file of the app.

    Raises:
        Refusal: It is not YAML.
    """
    try:
        return load_yaml(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise Refusal(f"this is not valid YAML ({reason}): repair it.", path=str(file)) from None


def load_toml(text: str) -> dict[str, Any]:
    """The values of a text in TOML.

    Raises:
        ValueError: It is not TOML.
    """
    content: dict[str, Any] = tomllib.loads(text)
    return content


def load_yaml(text: str) -> Any:
    """The values of a text in JSON, which may be indented with tabs, or in YAML.

    Raises:
        ValueError: It is neither.
    """
    try:
        return json.loads(text)
    except ValueError:
        import yaml  # slow to import, and few apps have any that is read
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
