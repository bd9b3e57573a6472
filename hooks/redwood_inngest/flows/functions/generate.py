"""Generate a function: its module, its test, and its registration in the index."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial

from ...app.packages import named_packages
from ...changes import Changes, read
from ...codemods import functions_index, package_json
from ...codemods.graphql_handler import decode
from ...errors import Refusal
from ..events import check_schema, module_path
from ..install import make_and_install
from .app import FunctionsApp, IndexEdit, edited_index, modules
from .cron import next_runs, zone_of
from .files import Recipe, Subject, function_code, function_id, test_code
from .kinds import KINDS, Kind
from .subjects import MAX_NAME, Triggers, is_name, suggested_name

TEST_PACKAGE = "@inngest/test"
# The newest releases for each major of the SDK (November 2026).
TEST_VERSIONS = {3: "^0.1.9", 4: "^1.0.0"}


@dataclass(frozen=True)
class Wish:
    """The request for a function.

    Attributes:
        kind: The kind of function.
        name: The function; None for a name made from the trigger.
        operation: The operation that it runs on.
        event: Or the event, by its name.
        cron: Or the schedule.
        other: The operation or the event that cancels it, or that it waits for.
        with_test: Whether it gets a test.
    """

    kind: Kind
    name: str | None = None
    operation: str = ""
    event: str = ""
    cron: str = ""
    other: str = ""
    with_test: bool = True


@dataclass(frozen=True)
class Generated:
    """The new function, written or only planned.

    Attributes:
        recipe: The function.
        changes: The changes of the app.
        adds_package: Whether a package is to be installed.
        has_test: Whether there is a test.
        notes: The steps that are left to do by hand.
    """

    recipe: Recipe
    changes: Changes
    adds_package: bool
    has_test: bool
    notes: tuple[str, ...] = ()

    @property
    def function_id(self) -> str:
        """The function's id at Inngest."""
        return function_id(self.recipe.name)


def generate(app: FunctionsApp, wish: Wish) -> Generated:
    """Work out a function, its test and its registration.

    Args:
        app: The app.
        wish: The request.

    Returns:
        The changes; nothing is written yet.

    Raises:
        Refusal: The name cannot be used, the trigger does not exist, or the index
            cannot be edited for certain.
    """
    recipe = recipe_for(app, wish)
    recipes = [recipe]
    if recipe.child:
        recipes.insert(0, Recipe("invoked", recipe.child, recipe.subject))
    contents: dict[str, bytes] = {}
    for each in recipes:
        check_name(app, each.name, each.exports)
        stem = f"{app.folder}/{each.name}"
        contents[f"{stem}{app.suffix}"] = function_code(each, app.answers).encode()
        if wish.with_test:
            contents[f"{stem}.test{app.suffix}"] = test_code(each, app.answers).encode()
    if any(each.exports for each in recipes):
        check_schema(app.found)
        contents |= {change.path: change.after or b"" for change in app.found.changes.changes}
    contents |= edited_index(app, [each.name for each in recipes], _register(app))
    manifest = f"{app.answers['api_path']}/package.json"
    adds_package = wish.with_test and not _has_test_package(app)
    if adds_package:
        contents[manifest] = _with_test_package(app, manifest)
    changes = Changes.planned(app.root, contents)
    notes = tuple(_notes(app, recipe))
    return Generated(recipe, changes, adds_package, wish.with_test, notes)


def _notes(app: FunctionsApp, recipe: Recipe) -> Iterator[str]:
    """The steps that are left to do by hand."""
    own = module_path(app.answers, "ownEvents")
    known = (read(app.root, own) or b"").decode(errors="replace")
    for subject in (recipe.subject, recipe.other):
        named = subject and not subject.exported and subject.event
        if named and app.answers["sdk_major"] == 3 and named not in known:
            yield f"Say in {own} what the event carries: {named}: {{ data: {{ ... }} }}"


def write(app: FunctionsApp, made: Generated, say: Callable[[str], None], *, install: bool) -> bool:
    """Write the generated files, and install the packages that the test needs.

    Args:
        app: The app.
        made: The generated function.
        say: Called with a line about each slow step.
        install: Whether to install packages.

    Returns:
        Whether packages were installed.

    Raises:
        Refusal: Something failed; the app is as it was.
    """
    installing = install and made.adds_package
    if installing:
        make_and_install(made.changes, app.root, app.answers, say, f"Installing {TEST_PACKAGE}")
    else:
        made.changes.make()
    return installing


def recipe_for(app: FunctionsApp, wish: Wish) -> Recipe:
    """The recipe for a wish.

    Raises:
        Refusal: The wish names no trigger, or one that does not exist.
    """
    kind = wish.kind
    subject, other, match = _subjects(app.triggers, wish)
    stem = wish.operation or re.sub(r"\W+", "_", wish.event.rpartition("/")[2])
    fallback = {"schedule": "Schedule", "nothing": "Invoke"}.get(kind.runs_on, "Event")
    name = wish.name or suggested_name(_camel(stem) or fallback, kind.name, app.names)
    if kind.runs_on == "schedule":
        next_runs(wish.cron, datetime.now(timezone.utc))
        cron = " ".join(wish.cron.split())
        return Recipe(kind.name, name, cron=cron, zone=zone_of(cron))
    child = f"{name}Each" if kind.name == "fan-out" else ""
    return Recipe(kind.name, name, subject, other, match, child=child)


def _camel(text: str) -> str:
    first, *others = text.split("_") if text else [""]
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def _check_fits(wish: Wish) -> None:
    """Refuse options of another kind of function, and name those that are missing."""
    kind = wish.kind
    has_event = bool(wish.operation or wish.event)
    if wish.other and not kind.other:
        kinds = " and ".join(each.name for each in KINDS.values() if each.other)
        raise Refusal(f"a {kind.name} function has no second event: only {kinds} ones have.")
    if wish.cron and kind.runs_on != "schedule":
        raise Refusal(f"a {kind.name} function has no schedule: use --kind scheduled with --cron.")
    if has_event and kind.runs_on == "schedule":
        raise Refusal("a scheduled function runs on no event: use --cron alone.")
    if not wish.cron and kind.runs_on == "schedule":
        raise Refusal("a scheduled function needs a schedule: add --cron '0 9 * * 1-5'.")
    if not has_event and kind.runs_on == "event":
        raise Refusal(
            f"a {kind.name} function needs something to run on: add --on OPERATION, or --event"
            " NAME. `redwood-inngest events` lists the operations."
        )
    if not wish.other and kind.other:
        raise Refusal(
            f"a {kind.name} function needs the event that {kind.other}: add --other OPERATION, or"
            " the name of an event."
        )


def _subjects(events: Triggers, wish: Wish) -> tuple[Subject | None, Subject | None, str]:
    """A function's event, its second event, and the condition that they belong together."""
    _check_fits(wish)
    named = wish.operation or wish.event
    if not named:
        return None, None, ""
    if wish.other:
        return events.pair(named, wish.other)
    operation = events.operation(wish.operation) if wish.operation else None
    if wish.kind.name == "fan-out":
        return events.identifiers(operation) if operation else events.items(named), None, ""
    return events.subject(operation) if operation else events.by_name(named), None, ""


def check_name(app: FunctionsApp, name: str, exported: Iterable[str] = ()) -> str:
    """Check the name of a new function.

    Args:
        app: The app.
        name: The name.
        exported: Other names in the function's module.

    Returns:
        The name.

    Raises:
        Refusal: It is no identifier, or something else has it.
    """
    if not is_name(name):
        raise Refusal(
            f"{name!r} cannot be the name of a function: use letters, digits and _, a letter"
            " first, and no word of JavaScript's, as in sendReceipt."
        )
    if len(name) > MAX_NAME:
        raise Refusal(f"{name} is too long for the name of a function: {MAX_NAME} letters at most.")
    if name in exported:
        raise Refusal(f"{name} is what src/inngest/events calls the event: take another name.")
    taken = {each.lower(): each for each in (*app.names, "index")}
    if same := taken.get(name.lower()):
        raise Refusal(f"there is a module {same} in {app.folder} already: take another name.")
    identifier = function_id(name)
    for file, text in modules(app):
        if re.search(rf"\bid:\s*(['\"`]){re.escape(identifier)}\1", text):
            raise Refusal(
                f"the function in {file} has the id {identifier} already, which {name} would get:"
                " take another name."
            )
    return name


def _register(app: FunctionsApp) -> IndexEdit:
    file_suffix = ".js" if app.answers.get("module") == "esm" else ""
    return partial(functions_index.register, file_suffix=file_suffix)


def _has_test_package(app: FunctionsApp) -> bool:
    folders = (app.root, app.root / app.answers["api_path"])
    return any(TEST_PACKAGE in named_packages(folder / "package.json") for folder in folders)


def _with_test_package(app: FunctionsApp, manifest: str) -> bytes:
    text = decode(read(app.root, manifest) or b"")
    version = TEST_VERSIONS[app.answers["sdk_major"]]
    try:
        return package_json.add_dev_dependency(text, TEST_PACKAGE, version).encode()
    except Refusal as refusal:
        raise refusal.at(manifest) from None
