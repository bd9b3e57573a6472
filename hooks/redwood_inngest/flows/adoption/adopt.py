"""Adopting an app that has Inngest: options become answers, and its own code is kept.

Copier renders the template from the answers, as in a setup. The app's client, endpoint and plugin
are carried into the rendered modules; its functions stay where they are, or move, and are listed in
the template's index. All of it becomes one set of changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ... import git
from ...app.files import followed
from ...app.find import App, find_app, read_api_path, root_of
from ...app.handler import SOURCE_SUFFIXES
from ...changes import Changes
from ...codemods import graphql_handler
from ...codemods.adoption.parts import CLIENT, ENDPOINT, PLUGIN
from ...codemods.sdk.environment import rename_variables
from ...errors import Refusal
from .. import interrupted
from ..answers import check_given
from ..dependencies import has_plugin_package
from ..events import check_given_names
from ..folder_style import folder_style
from ..install import install_command, install_folder
from ..line_ends import LineEnds
from ..own_files import check_links, wire_app
from ..setup import Options, Setup, check_committed, render
from ..upgrade_sdk import UpgradedFile, sdk_files, upgraded
from .answers import Answers, read_options
from .carried import LIST, Way, carry_client, carry_endpoint, carry_plugin, functions_of
from .found import Found, find_parts
from .leftovers import without_old_tool
from .moves import Moves, importers
from .told import (
    Told,
    about_id,
    event_differences,
    events_named,
    placed,
    sends_without_types,
    with_line,
)

_TYPED = {".ts", ".tsx", ".mts", ".cts"}
ENV_FILE = ".env.defaults"


@dataclass(frozen=True)
class AdoptOptions(Options):
    """The options of an adoption.

    Attributes:
        move: Whether the functions move to `src/inngest/functions`; None where that is not said.
        ask_to_move: Asks a person whether these modules should move; None where there is nobody.
    """

    move: bool | None = None
    ask_to_move: Callable[[list[str]], bool] | None = None


@dataclass(frozen=True)
class Adoption(Setup):
    """An adoption, worked out.

    Attributes:
        taken: The answers that the app's own options gave.
        told: What is left to the user, each with its place.
    """

    taken: Mapping[str, Any]
    told: tuple[Told, ...]


def plan(folder: Path, options: AdoptOptions, say: Callable[[str], None]) -> Adoption:
    """Work out how to adopt an app that has Inngest by other means; the app stays as it is.

    Args:
        folder: The app's folder.
        options: The options of the run.
        say: Called with what was found in the app.

    Returns:
        The adoption, which `carry_out` of a setup carries out.

    Raises:
        Refusal: The app cannot be adopted.
    """
    git.require()
    root = root_of(folder)
    interrupted.check(root, dry_run=options.dry_run, choose=options.choose)
    api_path = read_api_path(root)
    found = find_parts(root, api_path)
    app = find_app(root, options.data, adopting=True)
    app = replace(app, endpoint=found.endpoint, old_setup=False)
    _check_language(app, found)
    check_links(root, app.facts())
    check_given(options.data)
    check_given_names(root, app.facts(), options.data)
    in_git = check_committed(root, force=options.force)
    say(app.greeting())
    taken = read_options(found, app, options.data)
    data = {"example_function": False, **taken.answers, **options.data}
    rendered, answers, wants_install = render(app, replace(options, data=data))
    work = _Work(app, found, taken, answers, rendered, options)
    changes = work.changes()
    if wants_install and not options.dry_run:
        install_command(install_folder(root, answers), answers["package_manager"])
    told = tuple(work.told)
    return Adoption(app, changes, answers, wants_install, in_git, taken.answers, told)


def _check_language(app: App, found: Found) -> None:
    """Refuse TypeScript whose code would go into modules of JavaScript."""
    typed = [path for path in found.paths.values() if PurePosixPath(path).suffix in _TYPED]
    if app.language == "js" and typed:
        raise Refusal(
            "this is TypeScript, and the api side is JavaScript by its handler and for want of a "
            f"tsconfig.json: add {app.api_path}/tsconfig.json, or make this JavaScript.",
            path=typed[0],
        )


class _Work:
    """The changes of an adoption, worked out in memory.

    Args:
        app: The app as found.
        found: Its parts.
        taken: The answers from its own options.
        answers: All answers.
        rendered: The files of the template.
        options: The options of the run.
    """

    def __init__(
        self,
        app: App,
        found: Found,
        taken: Answers,
        answers: Mapping[str, Any],
        rendered: Mapping[str, bytes],
        options: AdoptOptions,
    ) -> None:
        self._app = app
        self._root = app.root
        self._source = f"{app.api_path}/src"
        self._found = found
        self._taken = taken
        self._answers = answers
        self._rendered = dict(rendered)
        self._options = options
        self.told: list[Told] = list(taken.told)

    def changes(self) -> Changes:
        """All changes of the app.

        Raises:
            Refusal: Something cannot be carried over for certain; it is named.
        """
        paths = self._upgraded()
        texts = {path: one.after for path, one in paths.items()}
        moves = self._moves(texts)
        parts = self._found.paths.values()
        others = importers(self._root, self._source) | texts
        others = {path: text for path, text in others.items() if path not in parts}
        new = self._carried(texts, moves, others)
        own = self._own_files(others, moves)
        line_ends = LineEnds.of(self._root, new)
        new = {path: line_ends.as_work_tree_has(path, text) for path, text in new.items()}
        wired = self._wired(own, new)
        self._check_places({**new, **wired}, moves)
        contents: dict[str, bytes | None] = {**wired, **own, **new}
        for old, now in {**self._parts_that_go(), **moves.new}.items():
            if old != now and old not in new:
                contents[old] = None
        contents |= without_old_tool(self._root, self._answers, contents, self.told)
        self._tell(paths, moves, contents)
        return Changes.planned(self._root, contents)

    def _upgraded(self) -> dict[str, UpgradedFile]:
        """The app's modules that use the SDK, and its env files, upgraded, by path."""
        root = self._root.resolve()
        files = [
            file
            for file in sdk_files(root, self._source)
            if followed(file).is_relative_to(root)  # a link may lead elsewhere
        ]
        try:
            done = upgraded(files, self._answers["sdk_major"])
        except Refusal as refusal:
            file = Path(refusal.path)
            inside = file.is_relative_to(root)
            path = file.relative_to(root).as_posix() if inside else refusal.path
            raise refusal.at(path) from None
        return {one.path.relative_to(root).as_posix(): one for one in done}

    @property
    def _replaces_plugin(self) -> bool:
        """Whether the bundled plugin takes the place of the npm package."""
        return PLUGIN in self._found.paths and not has_plugin_package(self._answers)

    def _place(self, what: str) -> str:
        """The template's module that takes the place of a part."""
        name = {
            CLIENT: "inngest/client",
            ENDPOINT: f"functions/{self._found.endpoint}",
            PLUGIN: "inngest/plugin",
            LIST: "inngest/functions/index",
        }[what]
        return f"{self._source}/{name}.{self._answers['language']}"

    def _parts_that_go(self) -> dict[str, str]:
        return {path: self._place(what) for what, path in self._found.paths.items()}

    def _moves(self, texts: Mapping[str, str]) -> Moves:
        """What moves: the parts, and the functions where that is asked for."""
        folder = f"{self._source}/inngest/functions"
        moves = Moves(self._root, self._source, self._parts_that_go())
        listed = self._modules_of_functions(texts, moves)
        # A module by the name of the template's list: `functions` would be that one.
        in_the_way = [
            f"{stem}{suffix}"
            for stem in (folder, f"{folder}/index")
            for suffix in SOURCE_SUFFIXES
            if (self._root / f"{stem}{suffix}").is_file()
        ]
        if self._keeps_list(texts, moves):
            in_the_way = []
        for old in in_the_way:
            new = f"{folder}/functions{PurePosixPath(old).suffix}"
            moves = replace(moves, new={**moves.new, old: new})
            self.told.append(Told(new, f"{old} is here now: its name is that of the list.", 1))
        modules = [
            module
            for module in listed
            if module not in moves.new
            and PurePosixPath(module).parent.as_posix() != folder
            and PurePosixPath(module).stem != "index"
        ]
        move, ask = self._options.move, self._options.ask_to_move
        if modules and move is None and ask:
            move = ask(modules)
        modules = modules if move else []
        functions = {module: f"{folder}/{PurePosixPath(module).name}" for module in modules}
        self._check_free({**functions, **{old: moves.new[old] for old in in_the_way}})
        return replace(moves, new={**moves.new, **functions})

    def _check_free(self, new: Mapping[str, str]) -> None:
        """Refuse modules that would move onto others."""
        for old, place in new.items():
            taken = (self._root / place).exists() or place in self._rendered
            if taken or list(new.values()).count(place) > 1:
                raise Refusal(
                    f"this module cannot move to {place}, which another file has: rename it, and "
                    "run adopt again.",
                    path=old,
                )

    def _modules_of_functions(self, texts: Mapping[str, str], moves: Moves) -> list[str]:
        """The modules from which the endpoint imports its functions."""
        path = self._found.paths[ENDPOINT]
        modules = functions_of(texts[path], path).modules
        found = (moves.resolved(path, specifier) for specifier in modules)
        return [module for module in found if module]

    def _keeps_list(self, texts: Mapping[str, str], moves: Moves) -> bool:
        """Whether the app has a list of functions just where and as the template has it."""
        path = self._found.paths[ENDPOINT]
        served = functions_of(texts[path], path)
        is_there = self._modules_of_functions(texts, moves) == [self._place(LIST)]
        return is_there and served.imported == ("functions",)

    def _check_places(self, new: Mapping[str, bytes | None], moves: Moves) -> None:
        """Refuse to write over a module that is not one of those that are carried over."""
        ours = {*self._found.paths.values(), *moves.new, self._answers["graphql_handler"]}
        for path in new:
            is_new = path.startswith(f"{self._source}/") and path not in ours
            if is_new and (self._root / path).exists():
                raise Refusal(
                    "adopt makes a module of this name, and this one is something else: rename it, "
                    "and run adopt again.",
                    path=path,
                )

    def _carried(
        self, texts: Mapping[str, str], moves: Moves, others: Mapping[str, str]
    ) -> dict[str, bytes]:
        """The files of the template, with the app's own code in them."""
        new = dict(self._rendered)
        for what, carry in ((CLIENT, carry_client), (PLUGIN, carry_plugin)):
            if path := self._found.paths.get(what):
                way = self._way(path, self._place(what), moves)
                way = replace(way, wanted=moves.imported(path, others))
                text, told = carry(way, new[way.place].decode(), texts[path])
                new[way.place] = text.encode()
                self.told += told
        path = self._found.paths[ENDPOINT]
        keeps_list = self._keeps_list(texts, moves)
        parts = (ENDPOINT, CLIENT) if keeps_list else (ENDPOINT, CLIENT, LIST)
        if keeps_list:
            del new[self._place(LIST)]
        places = {what: self._place(what) for what in parts}
        ways = {what: self._way(path, place, moves) for what, place in places.items()}
        rendered = {what: new[place].decode() for what, place in places.items()}
        carried, told = carry_endpoint(ways, rendered, texts[path])
        new |= {places[what]: text.encode() for what, text in carried.items()}
        self.told += told
        return new

    def _way(self, path: str, place: str, moves: Moves) -> Way:
        return Way(path, place, moves, self._app.code_style, self._taken, self._answers)

    def _own_files(self, texts: Mapping[str, str], moves: Moves) -> dict[str, bytes]:
        """The app's own modules, upgraded, and with the imports of what has moved."""
        return {
            moves.new.get(path, path): moves.respecified(path, text).encode()
            for path, text in texts.items()
        }

    def _wired(self, own: dict[str, bytes], new: Mapping[str, bytes]) -> dict[str, bytes | None]:
        """The app's own files that a setup edits; the handler and env files go on from here."""
        handler = self._answers["graphql_handler"]
        text = own.pop(handler).decode()
        file = self._root / handler
        try:
            wired = graphql_handler.wire(text, file.suffix, folder_style(file.parent, file.name))
        except Refusal as refusal:
            raise refusal.at(handler) from None
        self.told += (Told(handler, note) for note in wired.notes)
        listed = {path: new[path] for path in new if path == self._place(LIST)}
        named = events_named({path: one.decode() for path, one in {**own, **listed}.items()})
        changes = wire_app(self._root, self._answers, wired.source.encode(), new, named)
        edited = {one.path: one.after for one in changes.changes}
        env = edited.get(ENV_FILE)
        if env:  # the one that was upgraded has not got our lines
            own.pop(ENV_FILE, None)
            renamed, _ = rename_variables(env.decode(), self._answers["sdk_major"])
            edited[ENV_FILE] = renamed.encode()
        return edited

    def _tell(
        self,
        upgraded_files: Mapping[str, UpgradedFile],
        moves: Moves,
        contents: Mapping[str, bytes | None],
    ) -> None:
        for path, one in upgraded_files.items():
            places = [moves.new.get(path, path)]
            if path == self._found.paths[ENDPOINT]:
                places += [self._place(LIST), self._place(CLIENT)]
            self.told += placed(one, places, contents, sends_users=self._replaces_plugin)
        self.told += self._differences(contents)
        if self._answers["sdk_major"] == 3 and self._answers["language"] == "ts":
            self.told += sends_without_types(contents)
        if self._found.parts[CLIENT].value("id") is None:
            self.told += about_id(self._place(CLIENT), self._taken.app_id)
        self.told = [with_line(one, contents) for one in self.told]
        self.told.sort(key=lambda one: (one.path, one.line))

    def _differences(self, contents: Mapping[str, bytes | None]) -> Iterator[Told]:
        if self._replaces_plugin:
            yield from event_differences(self._place(PLUGIN), self._answers, contents)
