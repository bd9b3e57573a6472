"""The Inngest that an app has: its client, its endpoint and its plugin, found or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ...app.earlier import is_test, modules_below, uses_sdk
from ...app.handler import ANSWERS_FILE
from ...changes import read
from ...codemods.adoption.parts import (
    CLIENT,
    ENDPOINT,
    PLUGIN,
    SERVE_MODULE,
    Part,
    calls_in,
    part_in,
)
from ...codemods.graphql_handler import decode
from ...errors import Refusal
from ...typescript.bindings import Module
from ...typescript.expressions import callee, origin
from ...typescript.nodes import position
from ...typescript.parser import parse

_MAKES = {
    CLIENT: "makes a client (`new Inngest(...)`)",
    ENDPOINT: "serves functions (`serve(...)`)",
}
_NAMES = {ENDPOINT: "handler", PLUGIN: "inngestPlugin"}


@dataclass(frozen=True)
class Found:
    """The parts of an app, by what they are, each with the path of its module.

    Attributes:
        parts: The parts: a client, an endpoint, and perhaps a plugin.
        paths: Their modules, relative to the app's folder.
        endpoint: The name of the endpoint's function.
    """

    parts: Mapping[str, Part]
    paths: Mapping[str, str]
    endpoint: str


def find_parts(root: Path, api_path: str) -> Found:
    """Find the parts that an app has.

    Args:
        root: The app's folder.
        api_path: The folder of its api side.

    Raises:
        Refusal: There are none, too few or too many, one is made in a way that cannot be carried
            over, or the app is set up by redwood-inngest.
    """
    source = f"{api_path}/src"
    files = [file for file in modules_below(root / source) if not is_test(file) and uses_sdk(file)]
    modules = {file.relative_to(root).as_posix(): _read(root, file) for file in files}
    places: dict[str, list[tuple[str, int]]] = {CLIENT: [], ENDPOINT: [], PLUGIN: []}
    for path, module in modules.items():
        for what, calls in calls_in(module).items():
            lines = (position(module.program, call)[0] for call in calls)
            places[what] += ((path, line) for line in lines)
    _check_other_setup(root, source, places)
    if not files:
        raise Refusal(
            f"no module under {source} uses Inngest: there is nothing to adopt. "
            f"`redwood-inngest setup` sets {root.name} up."
        )
    _check_number(source, places, list(modules))
    paths = {what: one[0][0] for what, one in places.items() if one}
    parts = {
        what: _part(path, modules[path], PurePosixPath(path).suffix, what)
        for what, path in paths.items()
    }
    return Found(parts, paths, _function_name(source, paths[ENDPOINT]))


def _read(root: Path, file: Path) -> Module:
    path = file.relative_to(root).as_posix()
    try:
        return Module(parse(decode(read(root, path) or b""), file.suffix))
    except Refusal as refusal:
        raise refusal.at(path) from None


def _check_other_setup(
    root: Path, source: str, places: Mapping[str, list[tuple[str, int]]]
) -> None:
    """Refuse an app that redwood-inngest has set up, alone or beside another setup."""
    if not (root / ANSWERS_FILE).exists():
        return
    every = [path for found in places.values() for path, _ in found]
    usual = (f"{source}/inngest/", f"{source}/functions/")
    others = [path for path in every if not path.startswith(usual)]
    if others:
        raise Refusal(
            f"{root.name} is set up by redwood-inngest (it has {ANSWERS_FILE}), and this module is "
            "from another setup: move what you need of it to "
            f"{source}/inngest by hand, and remove it.",
            path=others[0],
        )
    raise Refusal(
        f"{root.name} is set up by redwood-inngest already (it has {ANSWERS_FILE}): there is "
        "nothing to adopt. `redwood-inngest update` brings it up to date."
    )


def _check_number(
    source: str, places: Mapping[str, list[tuple[str, int]]], modules: list[str]
) -> None:
    for what, found in places.items():
        if len(found) > 1:
            where = ", ".join(f"{path}:{line}" for path, line in found)
            raise Refusal(
                f"this app has {len(found)} Inngest {what}s ({where}), and adopt carries over one: "
                "leave the one that is in use, and run it again."
            )
    for what, makes in _MAKES.items():
        if not places[what]:
            raise Refusal(
                f"Inngest is half set up here: {modules[0]} uses it, and no module under {source} "
                f"{makes}. Finish it, or remove it and run `redwood-inngest setup`."
            )


def _part(path: str, module: Module, suffix: str, what: str) -> Part:
    try:
        part = part_in(module, suffix, what)
        function = callee(part.call)
        served = origin(module, function) if function and what == ENDPOINT else None
        if served and served.module != SERVE_MODULE:
            raise part.refusal(
                part.call,
                f"this endpoint serves with {served.module}, and adopt carries over those of "
                f"{SERVE_MODULE}: change the import first.",
            )
        wanted = _NAMES.get(what, part.name)
        if part.name != wanted:
            raise part.refusal(
                part.call,
                f"this {what} is called {part.name}: call it {wanted}, and run adopt again.",
            )
    except Refusal as refusal:
        raise refusal.at(path) from None
    return part


def _function_name(source: str, path: str) -> str:
    """The name that Redwood gives the function in a file."""
    file = PurePosixPath(path)
    below = f"{source}/functions"
    in_folder = file.parent.parent.as_posix() == below and file.stem in {file.parent.name, "index"}
    if file.parent.as_posix() != below and not in_folder:
        raise Refusal(
            f"this endpoint is not directly in {below}, where functions are: move it there first.",
            path=path,
        )
    return file.parent.name if in_folder else file.stem
