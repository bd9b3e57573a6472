"""The edits that the app's own files need, from the answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ..app.code_style import style_in
from ..app.earlier import USUAL_ENDPOINT, has_inngest, uses_sdk
from ..app.find import App
from ..app.handler import ANSWERS_FILE, SOURCE_SUFFIXES
from ..app.packages import named_packages
from ..changes import Changes, read, resolve
from ..codemods import env_file, graphql_handler, package_json
from ..codemods.graphql_handler.calls import PLUGIN
from ..errors import Refusal
from .dependencies import PLUGIN_PACKAGE, has_plugin_package, needed_packages
from .events import event_modules

DEV_COMMAND = "npx inngest-cli@latest dev --sdk-url http://localhost:{port}/{endpoint}"

# Texts that earlier versions wrote. An update replaces them, unless the team changed them.
FORMER_DEV_COMMANDS: tuple[str, ...] = ()
FORMER_ENV_BLOCKS: tuple[str, ...] = ()

ENV_BLOCK = """\
# Inngest: https://www.inngest.com/docs/sdk/environment-variables
# In development nothing is needed: the app talks to the Inngest dev server (script inngest:dev).
# INNGEST_DEV=http://localhost:8288 names a dev server elsewhere, INNGEST_DEV=0 turns it off.
# INNGEST_DEV=
# Where the app is deployed it needs these two. They are secrets: set them there, not in this file.
# INNGEST_EVENT_KEY=
# INNGEST_SIGNING_KEY=
"""


def check(app: App) -> bytes:
    """Check that an app can be set up, before anything is asked or written.

    Returns:
        The GraphQL handler, wired as the app's own facts have it.

    Raises:
        Refusal: It cannot be set up; the reason says why.
    """
    check_links(app.root, app.facts())
    handler = wired_handler(app.root, app.facts())
    if not (app.root / ANSWERS_FILE).exists():
        _check_that_nothing_is_in_the_way(app)
    return handler


def _check_that_nothing_is_in_the_way(app: App) -> None:
    source = app.root / app.api_path / "src"
    names = [*(f"inngest{suffix}" for suffix in SOURCE_SUFFIXES), "inngest"]
    for path in (*(source / "functions" / name for name in names), source / "inngest"):
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            _check_that_it_is_not_in_the_way(app, path)


def _check_that_it_is_not_in_the_way(app: App, path: Path) -> None:
    if uses_sdk(path):
        raise has_inngest(path.relative_to(app.root).as_posix())
    if path.parent.name == "functions" and path.stem != app.endpoint:
        return
    raise Refusal(
        f"{path.relative_to(app.root).as_posix()} is already there, and was not made by "
        "redwood-inngest: move or remove it first."
    )


def is_set_up(root: Path, answers_file: str, api_path: str) -> bool:
    """Whether an app was set up to the end: the dependency is added last.

    A `copier copy` that was interrupted leaves an answers file, too.
    """
    manifests = (root / api_path / "package.json", root / "package.json")
    return (root / answers_file).exists() and any(
        "inngest" in named_packages(manifest) for manifest in manifests if manifest.is_file()
    )


def half_written_function(root: Path, api_path: str) -> str:
    """The name of the function's file that is empty, as an interrupted `copier copy` leaves one."""
    folder = root / api_path / "src" / "inngest" / "functions"
    files = folder.iterdir() if folder.is_dir() else iter(())
    return next((file.name for file in files if file.is_file() and not file.stat().st_size), "")


def check_links(root: Path, answers: Mapping[str, Any]) -> None:
    """Check that no file of the template's or of ours is a link out of the app.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire, or what was found in the app.

    Raises:
        Refusal: One is; it is named.
    """
    source = f"{answers['api_path']}/src"
    files = [
        *(root / source / "inngest").rglob("*"),
        *(root / source / "functions").glob(f"{endpoint_of(answers)}.*"),
    ]
    ours = (ANSWERS_FILE, ".env.defaults", "package.json", f"{answers['api_path']}/package.json")
    for path in (*ours, answers["graphql_handler"], f"{source}/inngest", f"{source}/functions"):
        resolve(root, path)
    for file in files:
        resolve(root, file.relative_to(root).as_posix())


def wire_app(
    root: Path,
    answers: Mapping[str, Any],
    handler: bytes | None = None,
    rendered: Mapping[str, bytes] | None = None,
    named: Iterable[str] = (),
) -> Changes:
    """Work out the changes that the app's own files need.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.
        handler: The GraphQL handler as it is when wired, where that is known already.
        rendered: The files of the template that are not in the app yet.
        named: Events that functions outside of `src/inngest` name.

    Returns:
        The changes of the GraphQL handler, both package.json files and `.env.defaults`, and the
        modules with the app's events; those that are as they should be already are left out.

    Raises:
        Refusal: One of the files cannot be edited; it is named.
    """
    packages = needed_packages(root, answers)
    command = dev_command(answers["api_port"], endpoint_of(answers))
    edits: dict[str, Callable[[str], str]] = {
        f"{answers['api_path']}/package.json": lambda text: _with_packages(text, packages),
        "package.json": lambda text: package_json.add_script(text, "inngest:dev", command),
        ".env.defaults": lambda text: env_file.add_variables(text, ENV_BLOCK),
    }
    contents = {answers["graphql_handler"]: handler or wired_handler(root, answers)}
    contents |= {path: _edited(root, path, codemod) for path, codemod in edits.items()}
    contents |= event_modules(root, answers, rendered=rendered, named=named)
    return Changes.planned(root, contents)


def _with_packages(text: str, packages: Mapping[str, str]) -> str:
    for name, version in packages.items():
        text = package_json.add_dependency(text, name, version)
    return text


def update_app(
    root: Path,
    answers: Mapping[str, Any],
    former: Mapping[str, Any] | None = None,
    installed: Path | None = None,
) -> Changes:
    """Work out the changes that the app's own files need after an update of the template.

    Parts that an earlier version put there are brought to this one. Parts that the team took out
    or changed stay so: a migration brings the additions of a version to apps that are set up.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire.
        former: The answers before the update; None where they are the same.
        installed: The folder with the app's packages, where `root` is a copy without them.

    Returns:
        The changes, as those of `wire_app`.

    Raises:
        Refusal: One of the files cannot be edited; it is named.
    """
    packages = needed_packages(installed or root, answers)
    command = dev_command(answers["api_port"], endpoint_of(answers))
    edits: dict[str, Callable[[str], str]] = {
        answers["graphql_handler"]: lambda text: _still_wired(text, answers),
        f"{answers['api_path']}/package.json": lambda text: _with_packages_of_plugin(
            package_json.raise_dependency(text, "inngest", packages["inngest"]),
            packages,
            answers,
            former or answers,
        ),
        "package.json": lambda text: package_json.replace_script(
            text, "inngest:dev", command, any_dev_command()
        ),
        ".env.defaults": lambda text: env_file.replace_variables(
            text, ENV_BLOCK, FORMER_ENV_BLOCKS
        ),
    }
    present = {path: codemod for path, codemod in edits.items() if read(root, path) is not None}
    contents = {path: _edited(root, path, codemod) for path, codemod in present.items()}
    contents |= event_modules(root, answers, installed)
    return Changes.planned(root, contents)


def _with_packages_of_plugin(
    text: str, packages: Mapping[str, str], answers: Mapping[str, Any], former: Mapping[str, Any]
) -> str:
    """The packages of the one plugin instead of the other's, where the answer has changed.

    The versions that did not ask did not name `graphql` either.
    """
    if answers.get("plugin") == former.get("plugin"):
        return text
    if has_plugin_package(former):
        text = package_json.remove_dependency(text, PLUGIN_PACKAGE)
    return _with_packages(text, packages)


def _still_wired(text: str, answers: Mapping[str, Any]) -> str:
    """The wiring of a handler that has the plugin; one that a team wired its own way stays."""
    if PLUGIN not in text:
        return text
    try:
        return _wired(text, answers)
    except Refusal:
        return text


def _wired(text: str, answers: Mapping[str, Any]) -> str:
    """The handler wired, in the app's own style."""
    suffix = PurePosixPath(answers["graphql_handler"]).suffix
    return graphql_handler.wire(text, suffix, style_in(answers)).source


def dev_command(port: int, endpoint: str) -> str:
    """The command that starts the Inngest dev server, for an endpoint at a port."""
    return DEV_COMMAND.format(port=port, endpoint=endpoint)


def endpoint_of(answers: Mapping[str, Any]) -> str:
    """The name of the endpoint's function; earlier versions did not ask."""
    return str(answers.get("endpoint", USUAL_ENDPOINT))


def any_dev_command() -> re.Pattern[str]:
    """Every command that a version wrote into the script `inngest:dev`, with any port."""
    commands = (re.escape(each) for each in (DEV_COMMAND, *FORMER_DEV_COMMANDS))
    pattern = "|".join(commands).replace(re.escape("{port}"), r"\d+")
    return re.compile(pattern.replace(re.escape("{endpoint}"), r"[\w-]+"))


def wired_handler(root: Path, answers: Mapping[str, Any]) -> bytes:
    """The GraphQL handler with `inngestPlugin` in its `extraPlugins`.

    Args:
        root: The app's folder.
        answers: The answers to the questionnaire, or what was found in the app.

    Raises:
        Refusal: The codemod cannot wire it; the file is named.
    """
    return _edited(root, answers["graphql_handler"], lambda text: _wired(text, answers))


def _edited(root: Path, path: str, codemod: Callable[[str], str]) -> bytes:
    try:
        return codemod((read(root, path) or b"").decode()).encode()
    except UnicodeDecodeError as error:
        reason = f"this is not UTF-8 text (byte {error.start}): save it as UTF-8."
        raise Refusal(reason, path=path) from None
    except Refusal as refusal:
        raise refusal.at(path) from None
