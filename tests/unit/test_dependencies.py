"""The packages that the api side has to name, and the version of `graphql` that it has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from redwood_inngest.flows.dependencies import (
    SDK_3_FOR_OLD_TYPESCRIPT,
    SDK_VERSIONS,
    graphql_version,
    needed_packages,
    sdk_version,
)

from tests.support.apps import write

ANSWERS = {"framework": "redwood", "api_path": "packages/api", "sdk_major": 3}


def install(folder: Path, package: str, **manifest: Any) -> None:
    write(folder / "node_modules" / package / "package.json", json.dumps(manifest))


@pytest.mark.parametrize("folder", ["packages/api", "packages", "."])
def test_the_version_is_the_installed_one_that_the_api_side_finds(
    tmp_path: Path, folder: str
) -> None:
    install(tmp_path / folder, "graphql", version="16.8.1")
    install(tmp_path, "@redwoodjs/graphql-server", dependencies={"graphql": "16.9.0"})
    assert graphql_version(tmp_path, ANSWERS) == "16.8.1"


def test_the_nearest_one_is_found(tmp_path: Path) -> None:
    install(tmp_path, "graphql", version="15.0.0")
    install(tmp_path / "packages/api", "graphql", version="16.8.1")
    assert graphql_version(tmp_path, ANSWERS) == "16.8.1"


def test_one_above_the_app_is_not_the_apps(tmp_path: Path) -> None:
    install(tmp_path, "graphql", version="15.0.0")
    assert graphql_version(tmp_path / "app", ANSWERS) == "16.9.0"


@pytest.mark.parametrize("folder", ["packages/api", "."])
def test_without_it_the_version_is_what_the_graphql_server_depends_on(
    tmp_path: Path, folder: str
) -> None:
    # As pnpm installs: each package finds what it names itself, and nothing else.
    install(tmp_path / folder, "@cedarjs/graphql-server", dependencies={"graphql": "16.14.1"})
    assert graphql_version(tmp_path, {**ANSWERS, "framework": "cedar"}) == "16.14.1"


@pytest.mark.parametrize(("framework", "version"), [("redwood", "16.9.0"), ("cedar", "16.14.2")])
def test_where_nothing_is_installed_the_version_is_the_newest_frameworks(
    tmp_path: Path, framework: str, version: str
) -> None:
    assert graphql_version(tmp_path, {**ANSWERS, "framework": framework}) == version


@pytest.mark.parametrize(
    ("plugin", "packages"),
    [
        ({}, {"inngest", "graphql"}),
        ({"plugin": "bundled"}, {"inngest", "graphql"}),
        ({"plugin": "package"}, {"inngest", "graphql", "envelop-plugin-inngest"}),
    ],
)
def test_the_plugin_decides_what_is_needed(
    tmp_path: Path, plugin: dict[str, str], packages: set[str]
) -> None:
    assert needed_packages(tmp_path, {**ANSWERS, **plugin}).keys() == packages


@pytest.mark.parametrize(
    ("manager", "typescript", "major", "version"),
    [
        ("npm", "5.6.2", 3, SDK_3_FOR_OLD_TYPESCRIPT),
        ("npm", "4.9.5", 3, SDK_3_FOR_OLD_TYPESCRIPT),
        ("npm", "5.8.3", 3, SDK_VERSIONS[3]),
        ("npm", "5.6.2", 4, SDK_VERSIONS[4]),
        ("npm", "", 3, SDK_VERSIONS[3]),
        ("yarn", "4.9.5", 3, SDK_3_FOR_OLD_TYPESCRIPT),
        ("yarn", "5.6.2", 3, SDK_VERSIONS[3]),
        ("pnpm", "5.6.2", 3, SDK_VERSIONS[3]),
    ],
)
def test_the_sdk_is_the_newest_that_the_package_manager_installs(
    manager: str, typescript: str, major: int, version: str
) -> None:
    answers = {"package_manager": manager, "typescript_version": typescript, "sdk_major": major}
    assert sdk_version({**answers, "language": "ts"}) == version


def test_an_app_in_javascript_has_no_declarations_to_check() -> None:
    answers = {"package_manager": "yarn", "typescript_version": "4.9.5", "sdk_major": 3}
    assert sdk_version({**answers, "language": "js"}) == SDK_VERSIONS[3]
