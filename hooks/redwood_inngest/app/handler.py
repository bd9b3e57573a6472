"""The file that calls `createGraphQLHandler`, and other servers of GraphQL beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..errors import Refusal
from .files import read_bytes, read_text

if TYPE_CHECKING:
    from ..typescript.bindings import Module
    from ..typescript.nodes import Branch

ANSWERS_FILE = ".copier-answers.inngest.yml"
SOURCE_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")

_CALL = "createGraphQLHandler"
_PLUGIN = "inngestPlugin"
_FASTIFY_SERVER = "redwoodFastifyGraphQLServer"
# The exports that give the handler's options to the server, in Redwood 7 and later.
_LIFTED_OPTIONS = ("__rw_graphqlOptions", "__cedar_graphqlOptions")
_NO_SOURCES = {"node_modules", "dist", "build", "out", "coverage", "__tests__", "__mocks__"}
_NO_SOURCE = re.compile(r"\.(test|spec|scenarios|stories|d)\.[cm]?[jt]sx?$")


def find_graphql_handler(root: Path, api_path: str, named: object = None) -> PurePosixPath:
    """Find the file that calls `createGraphQLHandler`.

    Args:
        root: The app's folder.
        api_path: The folder of the api side, relative to the root.
        named: The file that the user names; None to search for it.

    Returns:
        The file, relative to the root: the one that is named, now or in the answers; or else
        `functions/graphql` where it has the call; or else the only file under the api side's `src`
        that has it. Tests and build output do not count, nor does a mention that is no call.

    Raises:
        Refusal: There is no such file, or there are several.
    """
    if named is not None:
        return _named_handler(root, api_path, named)
    answered = _answered_handler(root)
    if answered:
        return answered
    source = root / api_path / "src"
    usual = _usual_handler(source)
    if usual and (_has_call(usual) or _module(usual) is None):
        return PurePosixPath(usual.relative_to(root).as_posix())
    found = [file for file in _sources(source) if file != usual and _has_call(file)]
    files = sorted(file.relative_to(root).as_posix() for file in found)
    if len(files) == 1:
        return PurePosixPath(files[0])
    if files:
        raise Refusal(
            f"several files could be the GraphQL handler ({', '.join(files)}): name the right one, "
            "to a setup with `--data graphql_handler=PATH`, to wire and unwire by its path."
        )
    if usual:
        raise Refusal(
            f"this file does not call {_CALL}, and no other one under {api_path}/src does: only "
            "where it is called can the plugin be added.",
            path=usual.relative_to(root).as_posix(),
        )
    raise Refusal(
        f"no GraphQL handler was found: no file under {api_path}/src calls "
        f"{_CALL}. Add one (`yarn rw setup graphql` does) and try again."
    )


def _usual_handler(source: Path) -> Path | None:
    """The file of the function `graphql`, if there is one."""
    names = ("graphql", "graphql/graphql", "graphql/index")
    return next((file for name in names for file in _modules(source / "functions" / name)), None)


def _modules(stem: Path) -> Iterator[Path]:
    """The modules that have a path, whatever their suffix."""
    files = (stem.with_name(stem.name + suffix) for suffix in SOURCE_SUFFIXES)
    return filter(Path.is_file, files)


def _named_handler(root: Path, api_path: str, named: object) -> PurePosixPath:
    path = PurePosixPath(str(named))
    if not path.is_relative_to(f"{api_path}/src") or not _is_file_within(root, path):
        raise Refusal(
            f"graphql_handler is {str(named)!r}, which is no file under {api_path}/src: name the "
            "file that calls createGraphQLHandler, from the app's folder on."
        )
    return path


def _answered_handler(root: Path) -> PurePosixPath | None:
    """The handler in the answers of an app that is set up already, if it is still there."""
    answer = answered(root, "graphql_handler")
    path = PurePosixPath(answer) if answer else None
    return path if path and _is_file_within(root, path) else None


def answered(root: Path, question: str) -> str:
    """A word in the answers file of an app that is set up already; empty where there is none."""
    file = root / ANSWERS_FILE
    text = read_bytes(file).decode(errors="replace") if file.is_file() else ""
    answer = re.search(rf"^{question}: *(\S+)$", text, re.MULTILINE)
    return answer[1] if answer else ""


def _is_file_within(root: Path, path: PurePosixPath) -> bool:
    return ".." not in path.parts and not path.is_absolute() and (root / path).is_file()


def _sources(folder: Path) -> Iterator[Path]:
    """The modules below a folder, except tests, declarations and build output."""
    for file in sorted(folder.rglob("*")):
        folders = file.relative_to(folder).parts[:-1]
        if any(part in _NO_SOURCES or part.startswith(".") for part in folders):
            continue
        if file.suffix in SOURCE_SUFFIXES and not _NO_SOURCE.search(file.name) and file.is_file():
            yield file


def _has_call(file: Path) -> bool:
    """Whether a module's code, and not only its comments, has the name `createGraphQLHandler`.

    A module that cannot be parsed counts, too: the codemod then says where it is broken.
    """
    if _CALL.encode() not in read_bytes(file):
        return False
    module = _module(file)
    return module is None or any(token.text == _CALL for token in module.program.tokens())


def _module(file: Path) -> Module | None:
    """A parsed module; None where it cannot be parsed."""
    # They import LibCST, which is slow.
    from ..typescript.bindings import Module
    from ..typescript.parser import parse

    try:
        return Module(parse(read_text(file), file.suffix))
    except Refusal:
        return None


def server_notes(root: Path, api_path: str) -> Iterator[str]:
    """The steps to do by hand where the app's own server serves GraphQL without the handler.

    Since Redwood 5.2 an app may have a server file. With `createServer`, of Redwood 7 and later,
    the options of the handler count; one that registers `redwoodFastifyGraphQLServer` gives it
    options of its own.
    """
    stems = (root / api_path / name / "server" for name in ("", "src"))
    for file in (file for stem in stems for file in _modules(stem)):
        if _serves_with_own_options(file):
            path = file.relative_to(root).as_posix()
            yield (
                f"{path} registers {_FASTIFY_SERVER} with options of its own, and where that "
                "server runs, the handler's are not used: run `redwood-inngest wire "
                f"{path}` afterwards."
            )


def _serves_with_own_options(file: Path) -> bool:
    content = read_bytes(file)
    if _FASTIFY_SERVER.encode() not in content or _PLUGIN.encode() in content:
        return False
    module = _module(file)
    return module is None or any(
        _registers_with_own_options(module, call) for call in module.of_kind("call_expression")
    )


def _registers_with_own_options(module: Module, call: Branch) -> bool:
    from ..typescript.expressions import arguments_of, origin

    given = [origin(module, argument) for argument in arguments_of(call)[:2]]
    server = given[0] if given else None
    lifted = len(given) > 1 and given[1] is not None and given[1].name in _LIFTED_OPTIONS
    return server is not None and server.name == _FASTIFY_SERVER and not lifted
