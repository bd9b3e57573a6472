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
    catalogued,
    has_workspace,
    named_packages,
    package_manager_of,
    repository_of,
    version_of,
)

# The declarations of Inngest SDK 4 need TypeScript 5.8: with 5.6, which Redwood 8.9 brings,
# tsc reports 4 errors in them. SDK 3 type-checks with both.
FIRST_TYPESCRIPT_FOR_SDK_4 = (5, 8)
SDK_MAJORS = (3, 4)
# The first SDK with the option `isDev`, which keeps development and tests away from Inngest Cloud.
FIRST_SDK = (3, 15)
# The declarations of every SDK 3 have syntax of TypeScript 4.7: tsc 4.5, of Redwood 0.39, reports
# 7 errors in those of 3.41.
FIRST_TYPESCRIPT = (4, 7)

_OLD_TYPESCRIPT = (
    "the api side builds and runs, and its TypeScript is too old for the Inngest SDK: `rw "
    "type-check` will report syntax errors in .d.ts files of node_modules/inngest."
)

_OLD_SETUP = "inngest-setup-redwoodjs"


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
    framework_version = _framework_version(root, api, framework)
    typescript_version = version_of(root, api, "typescript")
    _check_version(framework, framework_version)
    has_old_typescript = language == "ts" and _is_old(typescript_version)
    if has_old_typescript and not _says_yes(root, given, "old_typescript"):
        raise Refusal(
            f"the api side has TypeScript {typescript_version}, and the declarations of the "
            "Inngest SDK need 4.7 or later: upgrade TypeScript, or give `--data "
            "old_typescript=true` for a setup that builds and runs, with errors in type-check."
        )
    if not adopting and not (root / ANSWERS_FILE).exists():
        check_without_inngest(root, api_path)
    module = "esm" if read_json(api / "package.json").get("type") == "module" else "cjs"
    package_manager, manager_notes = package_manager_of(root)
    sdk_major, sdk_notes = _sdk_major(root, api, typescript_version, adopting=adopting)
    prettier = read_prettier(api / "src" / "inngest", repository_of(root), f"client.{language}")
    endpoint = answered(root, "endpoint") or find_endpoint(root, api_path)
    old_setup = any(_OLD_SETUP in named_packages(folder / "package.json") for folder in (root, api))
    return App(
        root=root,
        framework=framework.name,
        framework_version=framework_version,
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
        sdk_major=sdk_major,
        endpoint=endpoint,
        graphql_handler=file.as_posix(),
        has_logger=_has_module(api / "src" / "lib" / "logger"),
        notes=(
            *port_notes,
            *manager_notes,
            *sdk_notes,
            *prettier.notes,
            *((_OLD_TYPESCRIPT,) if has_old_typescript else ()),
            *server_notes(root, api_path),
            *_universal_deploy_notes(root, config_file, module),
            *_notes(framework, framework_version, old_setup and not adopting),
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


def _framework_version(root: Path, api: Path, framework: Framework) -> str:
    """The version of its GraphQL server; before Redwood 0.37 there is only the package api."""
    server = version_of(root, api, framework.server_package)
    return server or version_of(root, api, f"{framework.scope}/api")


def _notes(framework: Framework, version: str, old_setup: bool) -> Iterator[str]:
    oldest, newest = framework.tried
    first, last, major = (_major_and_minor(each)[0] for each in (oldest, newest, version))
    if version and not first <= major <= last:
        yield (
            f"what is generated has run with {framework.title} {oldest} to {newest}, and never "
            f"with {framework.title} {version}: run your app before you commit."
        )
    if old_setup:
        yield f"{_OLD_SETUP} is no longer needed: remove it from package.json."


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


def _check_version(framework: Framework, version: str) -> None:
    """Refuse a version of the framework that the generated code does not run with."""
    if (0, 0) < _major_and_minor(version) < framework.first:
        first = ".".join(map(str, framework.first))
        raise Refusal(
            f"this is {framework.title} {version}, and what is generated needs {first} or later, "
            "where createGraphQLHandler has extraPlugins and runs with graphql 16: upgrade "
            f"{framework.title} first."
        )


def _is_old(typescript_version: str) -> bool:
    return (0, 0) < _major_and_minor(typescript_version) < FIRST_TYPESCRIPT


def _says_yes(root: Path, given: Mapping[str, object], question: str) -> bool:
    """Whether a question is answered with yes, now or in the answers file."""
    answer = given.get(question, answered(root, question))
    return str(answer).lower() in {"true", "yes", "y", "t", "on", "1"}


def _endpoint_notes(api_path: str, endpoint: str) -> Iterator[str]:
    if endpoint != USUAL_ENDPOINT:
        yield (
            f"{api_path}/src/functions/{USUAL_ENDPOINT} is something else than Inngest's: the "
            f"endpoint is {api_path}/src/functions/{endpoint}, at /{endpoint}."
        )


def _other_templates(root: Path) -> list[str]:
    files = (file.name for file in root.glob(".copier-answers*.y*ml"))
    return sorted(name for name in files if name != ANSWERS_FILE)


def _sdk_major(
    root: Path, api: Path, typescript_version: str, *, adopting: bool
) -> tuple[int, list[str]]:
    """The major of the SDK: the one that is there, or else the one that fits TypeScript.

    Returns:
        It, and a note where it is assumed.
    """
    file = api / "package.json"
    dependencies = read_json(file).get("dependencies")
    declared = dependencies.get("inngest") if isinstance(dependencies, dict) else None
    if declared is None or (adopting and not _is_known_major(root, str(declared))):
        new = _major_and_minor(typescript_version) >= FIRST_TYPESCRIPT_FOR_SDK_4
        return (4 if new else 3), []
    asked = catalogued(root, "inngest", str(declared)).removeprefix("npm:").rpartition("@")[2]
    found = re.match(r"[~^>=v\s]*(\d+)", asked) or re.match(
        r"(\d+)", version_of(root, api, "inngest")
    )
    version = _major_and_minor(version_of(root, api, "inngest"))
    is_too_old = (0, 0) < version < FIRST_SDK
    if found and int(found[1]) in SDK_MAJORS and not is_too_old:
        return int(found[1]), []
    if not found and asked in {"latest", "*", ""}:
        note = (
            f"the api side depends on inngest {declared}, which is not installed: "
            f"{max(SDK_MAJORS)} is assumed (`--data sdk_major=3` says otherwise)."
        )
        return max(SDK_MAJORS), [note]
    raise Refusal(
        f"the api side depends on inngest {declared}: the plugin knows SDK 3 from version "
        f"3.{FIRST_SDK[1]} on, and SDK 4. Upgrade it first, or remove it to get the one that fits.",
        path=str(file),
    )


def _is_known_major(root: Path, declared: str) -> bool:
    found = re.search(r"\d+", catalogued(root, "inngest", declared))
    return found is None or int(found[0]) >= min(SDK_MAJORS)


def _major_and_minor(version: str) -> tuple[int, int]:
    """The first two numbers of a version; zeros where there are none."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)


def _has_module(stem: Path) -> bool:
    return any(stem.with_name(stem.name + suffix).is_file() for suffix in SOURCE_SUFFIXES)
