"""Take a function away: its module, its test and its registration, unless somebody edited them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import PurePosixPath

from ...app.handler import SOURCE_SUFFIXES
from ...changes import Change, Changes, read
from ...codemods.functions_index import unregister
from ...errors import Refusal
from .app import FunctionsApp, edited_index, modules
from .files import Recipe, function_code, test_code
from .generate import Wish, recipe_for
from .kinds import KINDS


@dataclass(frozen=True)
class Destroyed:
    """The removal of a function, done or only planned.

    Attributes:
        changes: The changes of the app.
        kept: Files that somebody has edited, which stay.
    """

    changes: Changes
    kept: tuple[str, ...]


def destroy(app: FunctionsApp, name: str, *, force: bool = False) -> Destroyed:
    """Work out the app without a function.

    Args:
        app: The app.
        name: The function.
        force: Whether files that somebody has edited go, too.

    Returns:
        The changes; nothing is written yet.

    Raises:
        Refusal: There is no such function, another module uses it, or the index cannot be edited
            for certain.
    """
    files = [path for path, _ in modules(app) if belongs_to(path, name, app)]
    if not files:
        near = difflib.get_close_matches(name, app.names, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise Refusal(f"there is no function {name} in {app.folder}.{hint}")
    _check_unused(app, name, files)
    kept = () if force else tuple(path for path in files if is_edited(app, path, name))
    if kept:
        return Destroyed(Changes(app.root), kept)
    index = edited_index(app, [name], unregister)
    removed = tuple(Change(path, read(app.root, path), None) for path in files)
    changes = Changes.planned(app.root, index).changes
    return Destroyed(Changes(app.root, (*changes, *removed)), ())


def belongs_to(path: str, name: str, app: FunctionsApp) -> bool:
    """Whether a module is that of a function, or its test."""
    file = PurePosixPath(path)
    stem = file.stem.removesuffix(".test")
    return str(file.parent) == app.folder and stem == name and name != "index"


def _check_unused(app: FunctionsApp, name: str, files: Iterable[str]) -> None:
    """Refuse where another module than the index and the test imports a function."""
    own = {*files, app.index()}
    imported = re.compile(rf"(['\"`])[./\w$-]*/{re.escape(name)}(\.[cm]?[jt]sx?)?\1")
    for file in sorted((app.root / app.answers["api_path"] / "src").rglob("*")):
        path = file.relative_to(app.root).as_posix()
        if file.suffix not in SOURCE_SUFFIXES or path in own or not file.is_file():
            continue
        text = (read(app.root, path) or b"").decode(errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if imported.search(line) and re.search(r"\b(from|import|require)\b", line):
                raise Refusal(
                    f"{name} is imported here: take that out first.", path=path, line=number
                )


def is_edited(app: FunctionsApp, path: str, name: str) -> bool:
    """Whether a file differs from all that `generate` makes for the events that it names now."""
    content = read(app.root, path) or b""
    code = test_code if PurePosixPath(path).stem.endswith(".test") else function_code
    recipes = _possible_recipes(app, name)
    return not any(code(recipe, app.answers).encode() == content for recipe in recipes)


def _possible_recipes(app: FunctionsApp, name: str) -> Iterator[Recipe]:
    """The recipes that a function may have been made from, as far as its module tells."""
    own = f"{app.folder}/{name}"
    module = next(
        (
            text
            for path, text in modules(app)
            if PurePosixPath(path).with_suffix("") == PurePosixPath(own)
        ),
        "",
    )
    exports = [each for each in app.triggers.exports() if re.search(rf"\b{each}\b", module)]
    events = [app.triggers.exports()[each] for each in exports]
    events += [each[1] for each in re.findall(r"\bevent:\s*(['\"])(.+?)\1", module)]
    cron = re.search(r"\bcron:\s*(['\"])(.+?)\1", module)
    for kind in KINDS.values():
        if kind.runs_on == "nothing":
            yield from _invoked(app, name) if not (events or cron) else ()
        elif kind.runs_on == "schedule":
            if cron:
                yield recipe_for(app, Wish(kind, name, cron=cron[2]))
        elif kind.other:
            for event, other in permutations(events, 2):
                yield recipe_for(app, Wish(kind, name, event=event, other=other))
        else:
            for event in events:
                yield recipe_for(app, Wish(kind, name, event=event))


def _invoked(app: FunctionsApp, name: str) -> Iterator[Recipe]:
    """Functions that are invoked, which do not name the events that their callers run on."""
    yield Recipe("invoked", name)
    for operation in app.triggers.operations:
        for subject in (app.triggers.subject(operation), app.triggers.identifiers(operation)):
            yield Recipe("invoked", name, subject)
    yield Recipe("invoked", name, app.triggers.items("items"))
