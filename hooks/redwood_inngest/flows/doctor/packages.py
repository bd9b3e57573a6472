"""Checks: the npm packages are there, once each, and go together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...app.files import read_json
from ...app.framework import FRAMEWORKS
from ...app.packages import catalogued, named_packages, resolved, version_of
from ...app.versions import FIRST_SDK, FIRST_TYPESCRIPT_FOR_SDK_4
from ..dependencies import PLUGIN_PACKAGE, has_plugin_package, sdk_version
from ..imports import imports_package, source_texts
from .findings import NOTE, WARNING, WRONG, Finding, Patient

# The declarations of SDK 3 from 3.42 on, see flows/dependencies.py.
_FIRST_SDK_FOR_TYPESCRIPT_5 = (3, 42)


def packages(patient: Patient) -> Iterator[Finding]:
    """Whether the packages are named and installed, and the SDK is the one of the answers."""
    manifest = f"{patient.api}/package.json"
    names = named_packages(patient.root / manifest)
    wanted = {"inngest": sdk_version(patient.answers)}
    if has_plugin_package(patient.answers):
        wanted[PLUGIN_PACKAGE] = ""
    for name, version in wanted.items():
        package = f"{name}@{version}" if version else name
        if name not in names | named_packages(patient.root / "package.json"):
            yield Finding(WRONG, f"{name} is not named.", patient.add(f"'{package}'"), manifest)
        elif _has_packages(patient) and not _found(patient, name):
            yield Finding(WRONG, f"{name} is not installed.", patient.install, manifest)
    if not _has_packages(patient):
        yield Finding(NOTE, "no packages are installed here: versions are those of the lock file.")
    yield from _sdk(patient, names.get("inngest", ""), manifest)


def _has_packages(patient: Patient) -> bool:
    server = FRAMEWORKS[str(patient.answers["framework"])].server_package
    return _found(patient, server) is not None


def _found(patient: Patient, package: str) -> Path | None:
    return resolved(patient.root, patient.root / patient.api, package)


def _sdk(patient: Patient, asked: str, manifest: str) -> Iterator[Finding]:
    """Whether the SDK is of the major that the code was generated for, and not too old."""
    api = patient.root / patient.api
    version = _numbers(version_of(patient.root, api, "inngest"))
    version = version or _numbers(catalogued(patient.root, "inngest", asked))
    answered = int(patient.answers["sdk_major"])
    if not version:
        return
    if version[0] != answered:
        message = f"the SDK is inngest {_shown(version)}, and the code was made for {answered}."
        later, earlier = max(version[0], answered), min(version[0], answered)
        fix = (
            patient.add(f"'inngest@{sdk_version(patient.answers)}'")
            if version[0] == earlier
            else f"redwood-inngest upgrade-sdk --to {later} {patient.api}/src, "
            f"then redwood-inngest update --data sdk_major={later}"
        )
        yield Finding(WRONG, message, fix, manifest)
    elif version < FIRST_SDK:
        message = f"inngest {_shown(version)} is too old: {_shown(FIRST_SDK)} is the first."
        yield Finding(
            WRONG, message, patient.add(f"'inngest@{sdk_version(patient.answers)}'"), manifest
        )
    yield from _typescript(patient, version)


def _typescript(patient: Patient, sdk: tuple[int, int]) -> Iterator[Finding]:
    """Whether TypeScript can read the declarations of the SDK."""
    found = version_of(patient.root, patient.root / patient.api, "typescript")
    typescript = _numbers(found)
    if patient.answers.get("language") != "ts" or not typescript:
        return
    manifest = f"{patient.api}/package.json"
    needed = None
    if sdk[0] == 4 and typescript < FIRST_TYPESCRIPT_FOR_SDK_4:
        needed = FIRST_TYPESCRIPT_FOR_SDK_4
    elif sdk[0] == 3 and sdk >= _FIRST_SDK_FOR_TYPESCRIPT_5 and typescript < (5, 0):
        needed = (5, 0)
    if needed:
        message = (
            f"TypeScript {found} cannot read the declarations of inngest {_shown(sdk)}, which "
            f"need {_shown(needed)}: type-check fails."
        )
        yield Finding(
            WRONG, message, patient.add(f"typescript@^{_shown(needed)}", dev=True), manifest
        )


def copies(patient: Patient) -> Iterator[Finding]:
    """Whether there are two copies of a package that must be one.

    The plugin takes a schema from any copy of the same major. But graphql-js takes types that the
    app makes with another copy for foreign ones, and refuses the schema that has them. Plugins
    that the app makes with another major of @envelop/core may not fit the server's.
    """
    for package in _MADE_WITH:
        mine, theirs = _found(patient, package), _found_by_server(patient, package)
        if not mine or not theirs or mine == theirs:
            continue
        versions = _version(mine), _version(theirs)
        majors = {_numbers(version)[:1] for version in versions}
        server = FRAMEWORKS[str(patient.answers["framework"])].server_package
        message = f"the api side has {package} {versions[0]}, and {server} has {versions[1]}"
        user = _user(patient, package)
        fix = patient.add(f"{package}@{versions[1]} -E")
        if package == "graphql" and len(majors) > 1:
            yield Finding(WRONG, f"{message}: the plugin reads the schema with another major.", fix)
        elif package == "graphql" and user:
            yield Finding(WRONG, f"{message}, which refuses the types made here.", fix, user)
        elif user and len(majors) > 1:
            yield Finding(WARNING, f"{message}, which may not fit what is made here.", fix, user)
        else:
            yield Finding(NOTE, f"{message}: no code of the app depends on it.")


# What an app makes with a package, and hands to the server.
_MADE_WITH = {
    "graphql": re.compile(r"\b(GraphQL\w+Type|GraphQLSchema|build(AST)?Schema)\b"),
    "@envelop/core": re.compile(r"\b(use[A-Z]\w*|envelop)\b"),
}


def _user(patient: Patient, package: str) -> str:
    """A module of the app that makes something with a package; empty where there is none."""
    texts = source_texts(
        patient.root,
        lambda path, text: (
            path.startswith(f"{patient.api}/src/")
            and imports_package(text, package)
            and bool(_MADE_WITH[package].search(text))
        ),
    )
    own = f"{patient.api}/src/inngest/"  # it only reads what the server gives it
    return next((path for path in texts if not path.startswith(own)), "")


def _found_by_server(patient: Patient, package: str) -> Path | None:
    server = _found(patient, FRAMEWORKS[str(patient.answers["framework"])].server_package)
    return resolved(patient.root, server, package) if server else None


def _version(package: Path) -> str:
    return str(read_json(package / "package.json").get("version", ""))


def _numbers(version: str) -> tuple[int, int] | tuple[()]:
    numbers = re.search(r"(\d+)\.(\d+)", version)
    return (int(numbers[1]), int(numbers[2])) if numbers else ()


def _shown(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
