"""What the tool of 2023 has put into an app's own files, and nobody needs any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...app.framework import FRAMEWORKS
from ...changes import read
from ...codemods import package_json
from ...codemods.adoption.configuration import without_section
from ...codemods.adoption.parts import PLUGIN_PACKAGE
from ...errors import Refusal
from ..dependencies import has_plugin_package, sdk_version
from ..own_files import dev_command, endpoint_of
from .told import Told

_SETUP_TOOL = "inngest-setup-redwoodjs"
_NETLIFY = "netlify-plugin-inngest"
_DEV_SCRIPT = "inngest:dev"
_OLD_COMMAND = re.compile(
    r"npx inngest-cli(@\S+)? dev (-u|--sdk-url) (http://)?localhost:\d+/[\w./-]+"
)


def without_old_tool(
    root: Path, answers: Mapping[str, Any], contents: Mapping[str, bytes | None], told: list[Told]
) -> dict[str, bytes]:
    """Take packages, the script and the section of the old tool out of an app's own files.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.
        contents: The new contents of the app's files so far.
        told: Gets what is left alone.

    Returns:
        The new contents of the files that change.

    Raises:
        Refusal: One of them cannot be edited; it is named.
    """
    config = FRAMEWORKS[answers["framework"]].config_file
    api_manifest = f"{answers['api_path']}/package.json"
    gone = [_SETUP_TOOL] if has_plugin_package(answers) else [_SETUP_TOOL, PLUGIN_PACKAGE]
    if not any("inngest" in _text(root, {}, path) for path in _deployment_files(root)):
        gone.append(_NETLIFY)
    edits: dict[str, Callable[[str], str]] = {
        "package.json": lambda text: _script(_packages(text, gone, answers), answers),
        api_manifest: lambda text: _packages(text, gone, answers),
        config: without_section,
    }
    new = {}
    for path, codemod in edits.items():
        text = _text(root, contents, path)
        try:
            result = codemod(text)
        except Refusal as refusal:
            raise refusal.at(path) from None
        new[path] = result.encode()
        told += _mentions(path, result, answers)
    return {path: text for path, text in new.items() if text}


def _deployment_files(root: Path) -> list[str]:
    return [path for path in ("netlify.toml", "api/netlify.toml") if (root / path).is_file()]


def _text(root: Path, contents: Mapping[str, bytes | None], path: str) -> str:
    content = contents[path] if path in contents else read(root, path)
    return (content or b"").decode()


def _packages(text: str, gone: list[str], answers: Mapping[str, Any]) -> str:
    """A manifest without packages that nobody needs, and with the SDK at its new version."""
    for name in gone:
        text = package_json.remove_dependency(text, name)
        text = package_json.remove_dev_dependency(text, name)
    return package_json.set_version(text, "inngest", sdk_version(answers))


def _command(answers: Mapping[str, Any]) -> str:
    return dev_command(answers["api_port"], endpoint_of(answers))


def _script(text: str, answers: Mapping[str, Any]) -> str:
    return package_json.replace_script(text, _DEV_SCRIPT, _command(answers), _OLD_COMMAND)


def _mentions(path: str, text: str, answers: Mapping[str, Any]) -> list[Told]:
    """What is left of the old tool in a file, with the lines."""
    told = []
    for number, line in enumerate(text.split("\n"), 1):
        if f'"{_DEV_SCRIPT}"' in line and _command(answers) not in line:
            reason = f"this script is your own, and was left alone: ours is `{_command(answers)}`."
            told.append(Told(path, reason, number))
        elif _NETLIFY in line:
            told.append(Told(path, f"netlify.toml names {_NETLIFY}: it was left here.", number))
        elif path.endswith(".toml") and "inngest" in line.split("#")[0]:
            told.append(Told(path, "this is about Inngest, and was left alone.", number))
    return told
