"""The npm packages that the generated code needs, and at which versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..app.framework import FRAMEWORKS
from ..app.packages import installed
from ..app.versions import FIRST_TYPESCRIPT_FOR_SDK_4

# The newest releases in November 2026; both have `inngest/redwood`.
SDK_VERSIONS = {3: "^3.54.2", 4: "^4.24.0"}

# Releases of SDK 3 from 3.42 on ask for TypeScript 5.8 as an optional peer, as SDK 4 does; 3.41
# asks for 4.7.2 (`npm view inngest peerDependencies`). Where the peer does not fit, npm refuses, or
# brings another TypeScript along; yarn and pnpm go on. TypeScript below 5.0 cannot read the
# declarations: tsc 4.9 has 50 errors in those of 3.54, and none in those of 3.41.
SDK_3_FOR_OLD_TYPESCRIPT = "~3.41.0"

PLUGIN_PACKAGE = "envelop-plugin-inngest"
# The newest release that its changelog names (2023).
PLUGIN_VERSION = "^1.1.0"


def has_plugin_package(answers: Mapping[str, Any]) -> bool:
    """Whether the npm package sends the events, and not the plugin in the app."""
    return answers.get("plugin") == "package"  # earlier versions did not ask


def needed_packages(root: Path, answers: Mapping[str, Any]) -> dict[str, str]:
    """The packages that the api side's package.json has to name.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.

    Returns:
        Ranges of versions by package.

    Raises:
        Refusal: The package.json of an installed package cannot be read.
    """
    packages = {
        "inngest": sdk_version(answers),
        # The bundled plugin imports it, and the package has it as a peer.
        "graphql": graphql_version(root, answers),
    }
    if has_plugin_package(answers):
        packages[PLUGIN_PACKAGE] = PLUGIN_VERSION
    return packages


def sdk_version(answers: Mapping[str, Any]) -> str:
    """The newest releases of the SDK that fit the app's package manager and its TypeScript."""
    numbers = re.match(r"(\d+)\.(\d+)", str(answers.get("typescript_version", "")))
    typescript = (int(numbers[1]), int(numbers[2])) if numbers else FIRST_TYPESCRIPT_FOR_SDK_4
    by_npm = answers.get("package_manager") == "npm" and typescript < FIRST_TYPESCRIPT_FOR_SDK_4
    by_declarations = answers.get("language") == "ts" and typescript < (5, 0)
    if answers["sdk_major"] == 3 and (by_npm or by_declarations):
        return SDK_3_FOR_OLD_TYPESCRIPT
    return SDK_VERSIONS[answers["sdk_major"]]


def graphql_version(root: Path, answers: Mapping[str, Any]) -> str:
    """The version of `graphql` that the api side already has.

    It is exactly that one: a second copy would not know the types of the schema
    (https://www.graphql-js.org/docs/going-to-production/).

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.

    Returns:
        The version that is installed where the api side finds it; or else the one that the
        installed GraphQL server depends on; or else that of the framework's newest release.

    Raises:
        Refusal: The package.json of an installed package cannot be read.
    """
    framework, api = FRAMEWORKS[answers["framework"]], root / answers["api_path"]
    version = installed(root, api, "graphql").get("version")
    if isinstance(version, str):
        return version
    server = installed(root, api, framework.server_package)
    dependencies = server.get("dependencies")
    declared = dependencies.get("graphql") if isinstance(dependencies, dict) else None
    return declared if isinstance(declared, str) else framework.graphql
