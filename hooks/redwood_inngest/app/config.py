"""redwood.toml and cedar.toml: what they say of the sides, as Redwood and Cedar read it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..errors import Refusal
from .files import load_toml, read_text

DEFAULT_PORT = 8911
_DEFAULT_WEB_PORT = 8910
_DEFAULT_API_URL = "/.redwood/functions"

# Both frameworks put the environment's variables into the text before they parse it, with the npm
# package string-env-interpolation: `${NAME}`, `${NAME:default}`, in any case, quoted or not.
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(?::([^}]+))?\}", re.IGNORECASE | re.ASCII)
# A value that is nothing but a variable for which no default is written.
_ONLY_A_VARIABLE = re.compile(r"(?<==)([ \t]*)(\$\{[A-Z0-9_]+\})", re.IGNORECASE | re.ASCII)


def api_config(file: Path) -> dict[str, Any]:
    """The table `[api]` of the app's configuration: `side_config`."""
    return side_config(file, "api")


def side_config(file: Path, side: str) -> dict[str, Any]:
    """The table of a side in the app's configuration.

    The environment in which the app will run is not known here: for a variable, the default that
    is written counts. A variable without one stays as it is written, as a string.

    Args:
        file: The app's redwood.toml or cedar.toml.
        side: `api` or `web`.

    Raises:
        Refusal: The file is not there or is not TOML, or that is no table.
    """
    try:
        config = load_toml(_with_defaults(read_text(file)))
    except ValueError as error:
        raise Refusal(f"this is not valid TOML ({error}): repair it.", path=str(file)) from None
    table = config.get(side, {})
    if not isinstance(table, dict):
        raise Refusal(f"{side} is not a table: repair it.", path=str(file))
    return table


def functions_url(file: Path) -> str:
    """The URL at which the web side's dev server has the api side's functions, for browsers.

    Args:
        file: The app's redwood.toml or cedar.toml.

    Raises:
        Refusal: The file cannot be read.
    """
    web = side_config(file, "web")
    port, path = web.get("port", _DEFAULT_WEB_PORT), web.get("apiUrl", _DEFAULT_API_URL)
    return str(path) if "://" in str(path) else f"http://localhost:{port}{path}"


def _with_defaults(text: str) -> str:
    quoted = _ONLY_A_VARIABLE.sub(r'\1"\2"', text)
    return _VARIABLE.sub(lambda found: _default(found[2]) or found[0], quoted)


def _default(written: str | None) -> str:
    """A default, without the quotes that may be around it."""
    default = (written or "").strip()
    quoted = re.fullmatch(r"""("[^"]+"|'[^']+')""", default)
    return default[1:-1] if quoted else default


def api_port(api: dict[str, Any], file: Path) -> tuple[int, list[str]]:
    """The port of the api server in development.

    Args:
        api: The table `[api]`.
        file: The file that it is from.

    Returns:
        The port, and a note where the assumed port differs from the written one.
    """
    port = api.get("port", DEFAULT_PORT)
    number = int(port) if re.fullmatch(r"\d{1,5}", str(port), re.ASCII) else 0
    if 0 < number < 65536:
        return number, []
    note = f"[api] port in {file.name} cannot be told ({port}): {DEFAULT_PORT} is assumed."
    return DEFAULT_PORT, [note]
