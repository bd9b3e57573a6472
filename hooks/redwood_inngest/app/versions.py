"""Versions: those that an app has, and whether what is generated works with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import Refusal
from .files import read_json
from .framework import Framework
from .handler import answered
from .packages import catalogued, version_of

# The declarations of Inngest SDK 4 need TypeScript 5.8: with 5.6, which Redwood 8.9 brings,
# tsc reports 4 errors in them. SDK 3 type-checks with both.
FIRST_TYPESCRIPT_FOR_SDK_4 = (5, 8)
SDK_MAJORS = (3, 4)
# The first SDK with the option `isDev`, which keeps development and tests away from Inngest Cloud.
FIRST_SDK = (3, 15)
# The declarations of every SDK 3 have syntax of TypeScript 4.7: tsc 4.5, of Redwood 0.39, reports
# 7 errors in those of 3.41.
FIRST_TYPESCRIPT = (4, 7)

_OLD_TYPESCRIPT = (
    "the api side builds and runs, and its TypeScript is too old for the Inngest SDK: `rw "
    "type-check` will report syntax errors in .d.ts files of node_modules/inngest."
)


def framework_version(root: Path, api: Path, framework: Framework) -> str:
    """The version of the framework's GraphQL server; empty where it cannot be told.

    Args:
        root: The app's folder.
        api: The folder of the api side.
        framework: What the app is made with.

    Raises:
        Refusal: The generated code does not run with this version.
    """
    server = version_of(root, api, framework.server_package)
    # Before Redwood 0.37 there is only the package api.
    version = server or version_of(root, api, f"{framework.scope}/api")
    if (0, 0) < _major_and_minor(version) < framework.first:
        first = ".".join(map(str, framework.first))
        raise Refusal(
            f"this is {framework.title} {version}, and what is generated needs {first} or later, "
            "where createGraphQLHandler has extraPlugins and runs with graphql 16: upgrade "
            f"{framework.title} first."
        )
    return version


def untried(framework: Framework, version: str) -> list[str]:
    """A note where the generated code has not run with this version of the framework."""
    oldest, newest = framework.tried
    first, last, major = (_major_and_minor(each)[0] for each in (oldest, newest, version))
    if not version or first <= major <= last:
        return []
    note = (
        f"what is generated has run with {framework.title} {oldest} to {newest}, and never "
        f"with {framework.title} {version}: run your app before you commit."
    )
    return [note]


def check_typescript(root: Path, version: str, given: Mapping[str, object]) -> list[str]:
    """Whether TypeScript can read the declarations of the SDK.

    Args:
        root: The app's folder.
        version: The version of TypeScript that a TypeScript api side resolves.
        given: Answers that the user gives beforehand; `old_typescript` allows an older one.

    Returns:
        A note where it cannot, and that is allowed.

    Raises:
        Refusal: It cannot, and nobody has allowed it.
    """
    if not (0, 0) < _major_and_minor(version) < FIRST_TYPESCRIPT:
        return []
    if _says_yes(root, given, "old_typescript"):
        return [_OLD_TYPESCRIPT]
    raise Refusal(
        f"the api side has TypeScript {version}, and the declarations of the "
        "Inngest SDK need 4.7 or later: upgrade TypeScript, or give `--data "
        "old_typescript=true` for a setup that builds and runs, with errors in type-check."
    )


def sdk_major(
    root: Path, api: Path, typescript_version: str, *, adopting: bool
) -> tuple[int, list[str]]:
    """The major of the SDK: the one that is there, or else the one that fits TypeScript.

    Args:
        root: The app's folder.
        api: The folder of the api side.
        typescript_version: The TypeScript that the api side resolves; empty where there is none.
        adopting: Whether an older SDK is brought to a newer major.

    Returns:
        It, and a note where it is assumed.

    Raises:
        Refusal: The plugin does not know the SDK that is there.
    """
    file = api / "package.json"
    dependencies = read_json(file).get("dependencies")
    declared = dependencies.get("inngest") if isinstance(dependencies, dict) else None
    if declared is None or (adopting and not _is_known_major(root, str(declared))):
        new = _major_and_minor(typescript_version) >= FIRST_TYPESCRIPT_FOR_SDK_4
        return (4 if new else 3), []
    asked = catalogued(root, "inngest", str(declared)).removeprefix("npm:").rpartition("@")[2]
    found = re.match(r"[~^>=v\s]*(\d+)", asked) or re.match(
        r"(\d+)", version_of(root, api, "inngest")
    )
    version = _major_and_minor(version_of(root, api, "inngest"))
    is_too_old = (0, 0) < version < FIRST_SDK
    if found and int(found[1]) in SDK_MAJORS and not is_too_old:
        return int(found[1]), []
    if not found and asked in {"latest", "*", ""}:
        note = (
            f"the api side depends on inngest {declared}, which is not installed: "
            f"{max(SDK_MAJORS)} is assumed (`--data sdk_major=3` says otherwise)."
        )
        return max(SDK_MAJORS), [note]
    raise Refusal(
        f"the api side depends on inngest {declared}: the plugin knows SDK 3 from version "
        f"3.{FIRST_SDK[1]} on, and SDK 4. Upgrade it first, or remove it to get the one that fits.",
        path=str(file),
    )


def _major_and_minor(version: str) -> tuple[int, int]:
    """The first two numbers of a version; zeros where there are none."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


def _says_yes(root: Path, given: Mapping[str, object], question: str) -> bool:
    """Whether a question is answered with yes, now or in the answers file."""
    answer = given.get(question, answered(root, question))
    return str(answer).lower() in {"true", "yes", "y", "t", "on", "1"}


def _is_known_major(root: Path, declared: str) -> bool:
    found = re.search(r"\d+", catalogued(root, "inngest", declared))
    return found is None or int(found[0]) >= min(SDK_MAJORS)
