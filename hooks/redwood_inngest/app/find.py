"""The app as found on disk: what it is made with, and where its parts are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ..errors import Refusal
from .code_style import style_answers
from .config import api_config, api_port, functions_url
from .earlier import USUAL_ENDPOINT, check_without_inngest, find_endpoint
from .files import read_bytes, read_json
from .framework import FRAMEWORKS, Framework
from .handler import (
    ANSWERS_FILE,
    SOURCE_SUFFIXES,
    answered,
    find_graphql_handler,
    server_notes,
)
from .packages import (
    has_workspace,
    named_packages,
    package_manager_of,
    repository_of,
    version_of,
)
from .versions import check_typescript, framework_version, sdk_major, untried

_OLD_SETUP = "inngest-setup-redwoodjs"
_OLD_SETUP_NOTE = f"{_OLD_SETUP} is no longer needed: remove it from package.json."

if TYPE_CHECKING:
    from ..typescript.style import CodeStyle

_NO_FACTS = ("root", "notes", "code_style")


@dataclass(frozen=True)
class App:
    """An app, with the facts that the questions need.

    Attributes:
        root: The folder that holds `redwood.toml` or `cedar.toml`.
        framework: `redwood` or `cedar`.
        framework_version: The version of its GraphQL server; empty where it cannot be told.
        api_path: The folder of the api side, relative to the root: `api`.
        api_port: The port of the api server in development.
        language: The language of the api side: `ts` or `js`.
        module: The module format of the api side: `cjs` or `esm`.
        code_style: The style of the app's code.
        package_manager: `yarn`, `npm` or `pnpm`.
        workspaces: Whether an installation in the app's folder reaches the api side.
        typescript_version: The TypeScript that the api side resolves; empty where there is none.
        repository_path: The app's folder in its Git repository: `apps/shop`, or `.`.
        other_templates: The answers files of other Copier templates.
        old_setup: Whether the tool inngest-setup-redwoodjs is among the app's packages.
        app_id: The app's name, in the form of an Inngest id: `my-app`.
        sdk_major: The major of the Inngest SDK that fits the app.
        endpoint: The name of the function that is the endpoint: `inngest`, where that is free.
        graphql_handler: The file that calls `createGraphQLHandler`, relative to the root.
        has_logger: Whether the api side has Redwood's `src/lib/logger`.
        notes: Assumptions where something could not be read, and points to watch; no facts,
            only printed.
    """

    root: Path
    framework: str
    framework_version: str
    api_path: str
    api_port: int
    language: str
    module: str
    code_style: CodeStyle
    package_manager: str
    workspaces: bool
    typescript_version: str
    repository_path: str
    other_templates: list[str]
    old_setup: bool
    app_id: str
    sdk_major: int
    endpoint: str
    graphql_handler: str
    has_logger: bool
    notes: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The facts, as the defaults of the questions of the same names."""
        facts = {name: value for name, value in vars(self).items() if name not in _NO_FACTS}
        return {**facts, **style_answers(self.code_style)}

    def handler_facts(self) -> dict[str, Any]:
        """The facts that decide how the GraphQL handler is wired."""
        facts = self.facts()
        return {name: facts[name] for name in ("graphql_handler", "code_style", "print_width")}

    def title(self) -> str:
        """The app in a few words: `my-shop (Redwood 8.9.0, TypeScript, yarn)`."""
        framework, language = self._made_with()
        return f"{self.root.name} ({framework}, {language}, {self.package_manager})"

    def greeting(self) -> str:
        """The facts in one line, and the assumptions, to show before the questions."""
        framework, language = self._made_with()
        found = (
            f"{framework} app {self.root.name}: {language}, "
            f"{self.package_manager}, GraphQL handler {self.graphql_handler}."
        )
        return "\n".join((found, *(f"Note: {note}" for note in self.notes)))

    def _made_with(self) -> tuple[str, str]:
        language = {"ts": "TypeScript", "js": "JavaScript"}[self.language]
        return f"{FRAMEWORKS[self.framework].title} {self.framework_version}".rstrip(), language


def find_root(start: Path) -> Path | None:
    """The folder of the app that `start` is in, or is, if there is one."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if any((folder / one.config_file).is_file() for one in FRAMEWORKS.values()):
            return folder
    return None


def root_of(folder: Path) -> Path:
    """The folder of the app that a folder is in, or is.

    Raises:
        Refusal: It is no folder, or in no app.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise Refusal(f"{folder} is not a folder: name the app's folder.")
    root = find_root(folder)
    if root is None:
        raise Refusal(
            f"{folder} is not in a Redwood or Cedar app: no redwood.toml or cedar.toml was found "
            "there or above. Name the app's folder."
        )
    return root


def find_app(
    root: Path, given: Mapping[str, object] | None = None, *, adopting: bool = False
) -> App:
    """Look at an app.

    Args:
        root: The app's folder.
        given: Answers that the user gives beforehand. Two of them say what to do with the app:
            `graphql_handler` names the file, relative to the root, and `old_typescript` allows
            an app whose TypeScript cannot read the declarations of the SDK.
        adopting: Whether the app may have Inngest by other means than this template.

    Returns:
        The app. None of its code is run.

    Raises:
        Refusal: There is no app, or something in it cannot be read or told for certain.
    """
    # It imports LibCST, which is slow, and an update imports this module three times without
    # looking at an app.
    from .prettier import read_prettier

    root = root.resolve()
    framework = framework_of(root)
    config_file = root / framework.config_file
    port, port_notes = api_port(api_config(config_file), config_file)
    api_path = read_api_path(root)
    api = root / api_path
    manifest = read_json(root / "package.json")
    given = given or {}
    file = find_graphql_handler(root, api_path, given.get("graphql_handler"))
    language = "ts" if _is_typescript(api, file) else "js"
    version = framework_version(root, api, framework)
    typescript_version = version_of(root, api, "typescript")
    old_typescript = check_typescript(root, typescript_version, given) if language == "ts" else []
    if not adopting and not (root / ANSWERS_FILE).exists():
        check_without_inngest(root, api_path)
    module = "esm" if read_json(api / "package.json").get("type") == "module" else "cjs"
    package_manager, manager_notes = package_manager_of(root)
    major, sdk_notes = sdk_major(root, api, typescript_version, adopting=adopting)
    prettier = read_prettier(api / "src" / "inngest", repository_of(root), f"client.{language}")
    endpoint = answered(root, "endpoint") or find_endpoint(root, api_path)
    old_setup = any(_OLD_SETUP in named_packages(folder / "package.json") for folder in (root, api))
    return App(
        root=root,
        framework=framework.name,
        framework_version=version,
        api_path=api_path,
        api_port=port,
        language=language,
        module=module,
        code_style=prettier.style,
        package_manager=package_manager,
        workspaces=has_workspace(root, api_path),
        typescript_version=typescript_version,
        repository_path=root.relative_to(repository_of(root)).as_posix(),
        other_templates=_other_templates(root),
        old_setup=old_setup,
        app_id=_app_id(root, manifest),
        sdk_major=major,
        endpoint=endpoint,
        graphql_handler=file.as_posix(),
        has_logger=_has_module(api / "src" / "lib" / "logger"),
        notes=(
            *port_notes,
            *manager_notes,
            *sdk_notes,
            *prettier.notes,
            *old_typescript,
            *server_notes(root, api_path),
            *_universal_deploy_notes(root, config_file, module),
            *untried(framework, version),
            *((_OLD_SETUP_NOTE,) if old_setup and not adopting else ()),
            *(() if adopting else _endpoint_notes(api_path, endpoint)),
        ),
    )


def read_api_path(root: Path) -> str:
    """The folder of the api side, relative to the app's folder, as its configuration has it.

    Raises:
        Refusal: The configuration cannot be read, or names no folder inside the app.
    """
    config_file = root / framework_of(root).config_file
    given = api_config(config_file).get("path", "api")
    if not isinstance(given, str):
        raise Refusal("[api] path is not a string: repair it.", path=str(config_file))
    if "${" in given:
        raise Refusal(
            f"[api] path is {given!r}, which only the environment tells: write a default, as in "
            "${API_PATH:./api}.",
            path=str(config_file),
        )
    api = (root / given).resolve()
    if not api.is_relative_to(root) or api == root:
        raise Refusal(
            f"[api] path is {given!r}, which is not a folder inside the app: only an api side "
            "inside the app can be set up.",
            path=str(config_file),
        )
    if not (api / "src").is_dir():
        raise Refusal(
            f"the api side has no folder src ({api / 'src'}): check [api] path.",
            path=str(config_file),
        )
    return api.relative_to(root).as_posix()


def framework_of(root: Path) -> Framework:
    """The framework that an app is made with.

    Args:
        root: The app's folder.

    Raises:
        Refusal: It has no configuration file of one, or those of both.
    """
    found = [one for one in FRAMEWORKS.values() if (root / one.config_file).is_file()]
    if not found:
        raise Refusal(
            f"{root} is not a Redwood or Cedar app: it has no redwood.toml and no cedar.toml. "
            "Name the app's own folder."
        )
    if len(found) > 1:
        raise Refusal(f"{root} has both redwood.toml and cedar.toml: remove the one not in use.")
    return found[0]


def _is_typescript(api: Path, handler: PurePosixPath) -> bool:
    return (api / "tsconfig.json").is_file() or handler.suffix in {".ts", ".tsx", ".mts", ".cts"}


def _app_id(root: Path, manifest: dict[str, Any]) -> str:
    name = str(manifest.get("name") or root.name)
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "redwood-app"


def _universal_deploy_notes(root: Path, config_file: Path, module: str) -> Iterator[str]:
    """The problems with Cedar's Universal Deploy, which its Vite plugin sets up."""
    configs = (root / "web" / f"vite.config{suffix}" for suffix in SOURCE_SUFFIXES)
    present = (read_bytes(config) for config in configs if config.is_file())
    if not any(b"cedarUniversalDeployPlugin" in content for content in present):
        return
    yield (
        "this app has Cedar's Universal Deploy: `cedar dev --ud` has the endpoint at "
        f"{functions_url(config_file)}/inngest, and not where `cedar dev` has it, which the script "
        "inngest:dev names."
    )
    if module == "cjs":
        yield (
            "the api side is CommonJS: there, `cedar build --ud` of Cedar 5.0 fails on every "
            "function but graphql, and so on the endpoint. Make it ECMAScript modules first."
        )


def _endpoint_notes(api_path: str, endpoint: str) -> Iterator[str]:
    if endpoint != USUAL_ENDPOINT:
        yield (
            f"{api_path}/src/functions/{USUAL_ENDPOINT} is something else than Inngest's: the "
            f"endpoint is {api_path}/src/functions/{endpoint}, at /{endpoint}."
        )


def _other_templates(root: Path) -> list[str]:
    files = (file.name for file in root.glob(".copier-answers*.y*ml"))
    return sorted(name for name in files if name != ANSWERS_FILE)


def _has_module(stem: Path) -> bool:
    return any(stem.with_name(stem.name + suffix).is_file() for suffix in SOURCE_SUFFIXES)
