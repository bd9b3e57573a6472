"""The template's modules with the app's own code: client, plugin, endpoint, list of functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ...codemods.adoption.carry import (
    OPTION_TYPES,
    TYPES,
    Target,
    carry,
    list_functions,
    with_id,
)
from ...codemods.adoption.imports import imports_of, used_at_top
from ...codemods.adoption.parts import CLIENT, ENDPOINT, PLUGIN, PLUGIN_PACKAGE, Part, find_part
from ...codemods.sdk.objects import key_of, value_of
from ...codemods.sdk.three_to_four import MOVED
from ...errors import Refusal
from ...typescript.expressions import arguments_of, origin, string_value, unwrap
from ...typescript.nodes import Branch, Node, is_kind, position, walk
from ...typescript.style import CodeStyle
from ..dependencies import has_plugin_package
from .answers import Answers
from .moves import Moves
from .told import Told

_LOGGER = re.compile(r"(src/lib|\.|(\.\./)+lib)/logger")
# Options that say what is so without them, without spaces and in single quotes.
_DEFAULTS = {
    "eventKey": "process.env.INNGEST_EVENT_KEY",
    "isDev": "process.env.INNGEST_DEV?undefined:process.env.NODE_ENV==='development'",
    "logLevel": "'info'",
    "logger": "newConsoleLogger({level:'info'})",
    "signingKey": "process.env.INNGEST_SIGNING_KEY",
}
_SECRETS = {"eventKey": "INNGEST_EVENT_KEY", "signingKey": "INNGEST_SIGNING_KEY"}
_APP_NAME = "INNGEST_APP_NAME"
# The template's list of functions, beside its parts.
LIST = "list"


@dataclass(frozen=True)
class Way:
    """From a module of the app to the module of the template that takes its place.

    Attributes:
        path: The app's module.
        place: The template's module.
        moves: The modules that move.
        style: The style of the app's code.
        taken: The answers that the app's options gave.
        answers: All answers.
        wanted: The names that other modules import from the app's module.
    """

    path: str
    place: str
    moves: Moves
    style: CodeStyle
    taken: Answers
    answers: Mapping[str, Any]
    wanted: frozenset[str] = frozenset()

    @property
    def suffix(self) -> str:
        """The suffix of the app's module."""
        return PurePosixPath(self.path).suffix

    def target(self, rendered: str, *, bundled: bool = False) -> Target:
        """The template's module, as the codemods take it."""

        def specifier(old: str) -> str:
            return self.moves.specifier(self.path, old, moved=True)

        suffix = PurePosixPath(self.place).suffix
        return Target(rendered, suffix, self.style, specifier, bundled)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Name the app's module in refusals."""
        try:
            yield
        except Refusal as refusal:
            raise (refusal if refusal.path else refusal.at(self.path)) from None


def carry_client(way: Way, rendered: str, text: str) -> tuple[str, list[Told]]:
    """The template's client with the options and the other code of the app's.

    Args:
        way: From the app's module to the template's.
        rendered: The template's client.
        text: The module with the app's client, upgraded.

    Returns:
        The module, and what is told of it.

    Raises:
        Refusal: Something in it cannot be carried over for certain.
    """
    with way.refusing():
        old = find_part(text, way.suffix, CLIENT)
        told = _told_of_secrets(old, way.place)
        members = []
        for one in old.members:
            if key_of(one) == "logLevel":
                reason = "clients of SDK 3 and 4 have no logLevel: it was left out."
                told.append(Told(way.place, reason))
            elif key_of(one) not in {"id", "name"} and not _is_default(old, one):
                members.append(one)
        if old.call.part("type_arguments"):
            own = PurePosixPath(way.place).with_stem("ownEvents")
            reason = f"SDK 3 and 4 take no types of events in new Inngest<...>: give them in {own}."
            told.append(Told(way.place, reason))
        if any(key_of(one) == "schemas" for one in members):
            reason = (
                "the client keeps its own schemas, which do not have the events of the operations: "
                "add those of src/inngest/events for functions that run on them."
            )
            told.append(Told(way.place, reason))
        statements = [one for one in _statements(old) if not _is_only_name(old, one, way.wanted)]
        below = [one for one in statements if _uses(old, one, old.name)]
        if below and old.name != "inngest":
            raise old.refusal(
                below[0],
                f"this uses the client, which is {old.name} here and inngest in the module that "
                "takes this one's place: call it inngest here, too, and run adopt again.",
            )
        above = [one for one in statements if one not in below]
        target = way.target(rendered)
        if "app_id" not in way.taken.answers and way.answers["app_id"] != way.taken.app_id:
            target = with_id(target, way.taken.app_id)
        return carry(target, old, members, above, below, _exports(old)), told


def carry_plugin(way: Way, rendered: str, text: str) -> tuple[str, list[Told]]:
    """The template's plugin with the builder functions and other options of the app's.

    See `carry_client`.
    """
    with way.refusing():
        old = find_part(text, way.suffix, PLUGIN)
        is_package = has_plugin_package(way.answers)
        answered = way.taken.answered[PLUGIN] | {"inngestClient"}
        told, members = [], []
        for one in old.members:
            key, value = key_of(one), value_of(one)
            if key in answered or _is_default(old, one):
                continue
            if key == "logging" and not is_package and string_value(value) is not None:
                reason = (
                    f"logging was {value.code if value else ''}: ours takes a logger, not a level."
                )
                told.append(Told(way.place, reason))
            else:
                members.append(one)
        gone = {
            value.code
            for one in old.members
            if key_of(one) in answered and (value := value_of(one)) and is_kind(value, "identifier")
        }
        statements = [
            one
            for one in _statements(old)
            if not (_names(old, one) & gone - way.wanted) or _is_used(old, one, members)
        ]
        if not is_package:
            _check_package(old, [*members, *statements])
        target = way.target(rendered, bundled=not is_package)
        return carry(target, old, members, statements), told


@dataclass(frozen=True)
class Functions:
    """The functions that an endpoint serves.

    Attributes:
        part: The endpoint.
        codes: The entries of a list of them.
        nodes: The code that names them.
        own: The statement that has only that list.
        modules: The specifiers of the modules that they come from.
        imported: Their names there.
    """

    part: Part
    codes: tuple[str, ...]
    nodes: tuple[Node, ...]
    own: Node | None = None
    modules: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()


def functions_of(text: str, path: str) -> Functions:
    """The functions that an endpoint serves.

    Args:
        text: The endpoint, upgraded.
        path: Its path.

    Raises:
        Refusal: The call does not say.
    """
    part = find_part(text, PurePosixPath(path).suffix, ENDPOINT)
    arguments = arguments_of(part.call)
    given = part.value("functions") or (arguments[1] if len(arguments) > 1 else None)
    if given is None:
        raise part.refusal(
            part.call,
            "this call does not say which functions it serves: write serve({ client, functions }).",
        ).at(path)
    value = part.constant(given)
    own = None
    if value is not given and is_kind(given, "identifier", "shorthand_property_identifier"):
        bound = part.module.lookup(given.code, given)
        own = [*part.module.ancestors(bound.name)][-2] if bound else None
    if isinstance(value, Branch) and value.kind == "array":
        nodes = tuple(value.named())
        codes = tuple(one.code for one in nodes)
    else:
        nodes, codes, own = (given,), (f"...{given.code}",), None
    imports = imports_of(part.module, nodes)
    modules = dict.fromkeys(one.module for one in imports)
    return Functions(part, codes, nodes, own, tuple(modules), tuple(one.name for one in imports))


def carry_endpoint(
    ways: Mapping[str, Way], rendered: Mapping[str, str], text: str
) -> tuple[dict[str, str], list[Told]]:
    """The template's endpoint, with the app's options; its list, with the app's functions.

    With SDK 4 some options of the endpoint go to the client.

    Args:
        ways: From the app's endpoint to the template's endpoint, client and list; without a list
            where the app keeps its own.
        rendered: These modules.
        text: The app's endpoint, upgraded.

    Returns:
        The modules, and what is told.

    Raises:
        Refusal: Something in it cannot be carried over for certain.
    """
    way = ways[ENDPOINT]
    with way.refusing():
        served = functions_of(text, way.path)
        old, told = served.part, []
        answered = {"client", "functions", "id", "name", *way.taken.answered.get(ENDPOINT, ())}
        members = [
            one for one in old.members if key_of(one) not in answered and not _is_default(old, one)
        ]
        gone = MOVED if way.answers["sdk_major"] == 4 else ()
        staying = [one for one in members if key_of(one) not in gone]
        moving = [one for one in members if one not in staying and key_of(one) != "logLevel"]
        if len(moving) + len(staying) < len(members):
            reason = "SDK 4 has no logLevel, and the client's logger decides: it was left out."
            told.append(Told(ways[CLIENT].place, reason))
        statements = [one for one in _statements(old) if one is not served.own]
        listed, with_client = (_needed(old, nodes, statements) for nodes in (served.nodes, moving))
        rest = [one for one in statements if one not in (*listed, *with_client)]
        _check_apart(old, [listed, with_client, [*staying, *rest]])
        new = {
            ENDPOINT: carry(way.target(rendered[ENDPOINT]), old, staying, rest),
            CLIENT: carry(
                ways[CLIENT].target(rendered[CLIENT]), old, moving, with_client, what=CLIENT
            ),
        }
        if LIST in ways:
            target = ways[LIST].target(rendered[LIST])
            new[LIST] = list_functions(target, old, served.codes, served.nodes, listed)
        place = ways[CLIENT].place if moving else way.place
        return new, [*told, *_told_of_secrets(old, place)]


def _check_apart(old: Part, groups: Sequence[Sequence[Node]]) -> None:
    """Refuse code of an endpoint that goes to one module, and that code for another one uses."""
    for group in groups:
        names = {name for one in group for name in _names(old, one)}
        for one in (one for other in groups if other is not group for one in other):
            if one in group or any(_uses(old, one, name) for name in names):
                raise old.refusal(
                    one,
                    "this is for more than one of the endpoint, the functions and the client, and "
                    "these go to modules of their own: move it to another module first.",
                )


def _statements(part: Part) -> list[Node]:
    """The statements of a module besides its imports and what makes or exports the part."""
    found = []
    for one in part.module.program.parts:
        if one is part.statement or is_kind(one, "import_statement", "end_of_file"):
            continue
        if isinstance(one, Branch) and _exports_only(one, part.name):
            continue
        found.append(one)
    return found


def _exports_only(statement: Branch, name: str) -> bool:
    """Whether a statement does nothing but export a name."""
    if statement.kind != "export_statement" or statement.part("source"):
        return False
    value = statement.part("value")
    names = [one for one in walk(statement) if is_kind(one, "export_specifier")]
    locals_ = {
        local.code for one in names if isinstance(one, Branch) and (local := one.part("name"))
    }
    return bool(name) and (locals_ == {name} or (value is not None and value.code == name))


def _exports(client: Part) -> list[str]:
    """The exports of a client by other names than `inngest`, as statements."""
    names = set()
    if client.statement.kind == "export_statement":
        names.add(client.name or "default")
    for one in client.module.of_kind("export_statement"):
        if not _exports_only(one, client.name):
            continue
        specifiers = [each for each in walk(one) if is_kind(each, "export_specifier")]
        if not specifiers:
            names.add("default")
        for each in specifiers:
            alias = each.part("alias") if isinstance(each, Branch) else None
            names.add(alias.code if alias else client.name)
    return [
        "export default inngest" if name == "default" else f"export {{ inngest as {name} }}"
        for name in sorted(names - {"inngest"})
    ]


def _names(part: Part, statement: Node) -> set[str]:
    """The names that a statement declares."""
    inside = part.module.is_inside
    tokens = (
        token for token in statement.tokens() if token.kind in {"identifier", "type_identifier"}
    )
    found = (part.module.lookup(token.text, token) for token in tokens)
    return {one.name.text for one in found if one and inside(one.name, statement)}


def _uses(part: Part, node: Node, name: str) -> bool:
    return bool(name) and any(one.name.text == name for one in used_at_top(part.module, [node]))


def _is_used(part: Part, statement: Node, by: Iterable[Node]) -> bool:
    names = _names(part, statement)
    others = [*by, *(one for one in _statements(part) if one is not statement)]
    return any(_uses(part, one, name) for one in others for name in names)


def _needed(part: Part, nodes: Sequence[Node], statements: Sequence[Node]) -> list[Node]:
    """The statements that code needs, and those that they need themselves."""
    needed: list[Node] = []
    pending = list(nodes)
    while pending:
        used = {one.name.text for one in used_at_top(part.module, [pending.pop()])}
        more = [one for one in statements if one not in needed and _names(part, one) & used]
        needed += more
        pending += more
    return [one for one in statements if one in needed]


def _is_only_name(part: Part, statement: Node, wanted: frozenset[str]) -> bool:
    """Whether a statement has only the name of the app, which nobody else needs."""
    return _names(part, statement) == {_APP_NAME} and _APP_NAME not in wanted


def _is_default(part: Part, one: Node) -> bool:
    """Whether an option says what is so without it, or what the template's says."""
    key, value = key_of(one) or "", value_of(one)
    if value is None:
        return False
    code = "".join(token.text for token in value.tokens()).replace('"', "'")
    where = origin(part.module, unwrap(value)) if key in {"logger", "logging"} else None
    if where and where.name == "logger" and _LOGGER.fullmatch(where.module):
        return True
    return _DEFAULTS.get(key) == code


def _told_of_secrets(part: Part, place: str) -> list[Told]:
    return [
        Told(
            place,
            f"{key} stands here as a text: set {variable} where the app is deployed, and take it "
            "out of the code.",
        )
        for key, variable in _SECRETS.items()
        if part.text(part.value(key)) is not None
    ]


def _check_package(plugin: Part, nodes: Sequence[Node]) -> None:
    """Refuse code that needs the npm package for something else than types that ours has."""
    for one in imports_of(plugin.module, nodes):
        if one.module == PLUGIN_PACKAGE and one.name not in {*TYPES, *OPTION_TYPES}:
            bound = plugin.module.bindings(one.local)[0]
            line, column = position(plugin.module.program, bound.name)
            raise Refusal(
                f"{one.name} of {PLUGIN_PACKAGE} has no counterpart in the bundled plugin: do "
                "without it, or keep the package with `--data plugin=package`.",
                line=line,
                column=column,
            )
