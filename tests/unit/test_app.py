"""What is found in an app, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from redwood_inngest.app.code_style import style_answers
from redwood_inngest.app.find import find_app, find_root
from redwood_inngest.errors import HasInngest, Refusal
from redwood_inngest.git import uncommitted_changes
from redwood_inngest.typescript.style import REDWOOD_STYLE

from tests.support.apps import small_app, write


def test_what_is_found_in_a_redwood_app(tmp_path: Path) -> None:
    assert find_app(small_app(tmp_path / "My Shop", git=False)).facts() == {
        "framework": "redwood",
        "framework_version": "8.9.0",
        "api_path": "api",
        "api_port": 8911,
        "language": "ts",
        "module": "cjs",
        **style_answers(REDWOOD_STYLE),
        "package_manager": "yarn",
        "workspaces": True,
        "typescript_version": "5.6.2",
        "repository_path": ".",
        "other_templates": [],
        "old_setup": False,
        "app_id": "my-shop",
        "sdk_major": 3,
        "endpoint": "inngest",
        "graphql_handler": "api/src/functions/graphql.ts",
        "has_logger": True,
    }


def test_the_api_side_may_be_elsewhere(tmp_path: Path) -> None:
    app = find_app(small_app(tmp_path / "app", api="packages/backend", git=False))
    assert app.api_path == "packages/backend"
    assert app.graphql_handler == "packages/backend/src/functions/graphql.ts"


def test_what_is_assumed_is_said(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "prettier.config.js", "module.exports = require('./shared')")
    found = find_app(app)
    assert found.code_style == REDWOOD_STYLE
    assert "\nNote: " in found.greeting()
    assert "Redwood's own style is assumed." in found.greeting()


def test_the_handler_may_have_another_name(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    functions = app / "api/src/functions"
    (functions / "graphql.ts").rename(functions / "api.ts")
    assert find_app(app).graphql_handler == "api/src/functions/api.ts"


@pytest.mark.parametrize(
    ("lock", "content", "major"),
    [
        ("yarn.lock", "typescript@npm:5.6.2:\n  version: 5.6.2\n", 3),
        ("yarn.lock", '"typescript@npm:^5.7.0, typescript@npm:5.8.3":\n  version: 5.8.3\n', 4),
        ("yarn.lock", 'typescript@^5.0.0:\n  version "5.9.3"\n', 4),
        ("package-lock.json", '{"packages": {"node_modules/typescript": {"version": "5.9.3"}}}', 4),
        ("pnpm-lock.yaml", "packages:\n\n  typescript@5.9.3:\n    resolution: {}\n", 4),
        ("pnpm-lock.yaml", "packages:\n\n  '@types/typescript@6.0.0':\n    resolution: {}\n", 3),
    ],
)
def test_the_sdk_fits_the_locked_typescript(
    tmp_path: Path, lock: str, content: str, major: int
) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "yarn.lock").unlink()
    write(app / lock, content)
    assert find_app(app).sdk_major == major


YARN_LOCK = """\
"@redwoodjs/core@npm:8.9.0":
  version: 8.9.0
  dependencies:
    typescript: "npm:5.6.2"

"@redwoodjs/internal@npm:8.9.0":
  version: 8.9.0
  dependencies:
    typescript: "npm:5.6.2"

"some-tool@npm:1.0.0":
  version: 1.0.0
  dependencies:
    typescript: "npm:^4.9.5"

"typescript@npm:^4.9.5":
  version: 4.9.5

"typescript@npm:5.6.2":
  version: 5.6.2

"typescript@npm:~5.8.0":
  version: 5.8.3
"""
NPM_LOCK = """\
{
  "packages": {
    "node_modules/typescript": {
      "version": "4.9.5"
    },
    "api/node_modules/typescript": {
      "version": "5.9.3"
    }
  }
}
"""
PNPM_LOCK = """\
importers:

  .: {}

  api:
    dependencies:
      '@redwoodjs/api':
        specifier: 8.9.0
        version: 8.9.0
      typescript:
        specifier: ^5.8.0
        version: 5.8.3

packages:

  typescript@4.9.5:
    resolution: {}

  typescript@5.8.3:
    resolution: {}
"""


@pytest.mark.parametrize(
    ("lock", "content", "asked", "version"),
    [
        ("yarn.lock", YARN_LOCK, None, "5.6.2"),
        ("yarn.lock", YARN_LOCK, "~5.8.0", "5.8.3"),
        ("package-lock.json", NPM_LOCK, None, "5.9.3"),
        ("pnpm-lock.yaml", PNPM_LOCK, None, "5.8.3"),
    ],
)
def test_of_several_locked_versions_it_is_the_one_that_the_api_side_gets(
    tmp_path: Path, lock: str, content: str, asked: str | None, version: str
) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "yarn.lock").unlink()
    write(app / lock, content)
    manifest = json.loads((app / "package.json").read_text())
    write(
        app / "package.json",
        json.dumps({**manifest, "devDependencies": {"typescript": asked} if asked else {}}),
    )
    assert find_app(app).typescript_version == version


def test_the_sdk_fits_the_installed_typescript_rather_than_the_locked(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "node_modules/typescript/package.json", '{"version": "5.8.2"}')
    assert find_app(app).sdk_major == 4


def test_an_sdk_that_is_there_stays(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "api/package.json", '{"dependencies": {"inngest": "^4.1.0"}}')
    assert find_app(app).sdk_major == 4


LOCKED_3 = "inngest@npm:latest:\n  version: 3.54.2\n"
LOCKED_4 = "inngest@npm:latest:\n  version: 4.24.0\n"


@pytest.mark.parametrize(
    ("asked", "files", "major"),
    [
        ("^4.1.0", {}, 4),
        ("npm:inngest@^4.1.0", {}, 4),
        ("npm:@acme/inngest-4@3.54.2", {}, 3),
        ("3.x", {}, 3),
        ("latest", {"node_modules/inngest/package.json": '{"version": "3.54.2"}'}, 3),
        ("latest", {"yarn.lock": f"__metadata:\n  version: 8\n\n{LOCKED_3}"}, 3),
        ("*", {"yarn.lock": f"__metadata:\n  version: 8\n\n{LOCKED_4}"}, 4),
        ("workspace:*", {"node_modules/inngest/package.json": '{"version": "4.2.0"}'}, 4),
        ("catalog:", {"pnpm-workspace.yaml": "catalog:\n  inngest: ^4.1.0\n"}, 4),
        ("catalog:default", {"pnpm-workspace.yaml": "catalogs: {default: {inngest: ^3.1.0}}"}, 3),
        ("catalog:jobs", {"pnpm-workspace.yaml": "catalogs: {jobs: {inngest: ^4.1.0}}"}, 4),
        ("catalog:", {".yarnrc.yml": "catalog:\n  inngest: ^4.1.0\n"}, 4),
        ("catalog:", {"node_modules/inngest/package.json": '{"version": "3.54.2"}'}, 3),
    ],
)
def test_the_sdk_that_is_there_however_it_is_asked_for(
    tmp_path: Path, asked: str, files: dict[str, str], major: int
) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "api/package.json", json.dumps({"dependencies": {"inngest": asked}}))
    for path, content in files.items():
        write(app / path, content)
    found = find_app(app)
    assert (found.sdk_major, found.notes) == (major, ())


def test_the_latest_sdk_that_is_not_installed_is_assumed_and_said(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "api/package.json", '{"dependencies": {"inngest": "latest"}}')
    found = find_app(app)
    assert found.sdk_major == 4
    assert "Note: the api side depends on inngest latest, which is not ins" in found.greeting()


def test_the_root_is_found_upward(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    assert find_root(app / "api/src/functions") == app
    assert find_root(tmp_path) is None


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("redwood.toml", "[api", "redwood.toml: this is not valid TOML"),
        ("redwood.toml", '[api]\npath = "../api"\n', "not a folder inside the app"),
        ("redwood.toml", '[api]\npath = "."\n', "not a folder inside the app"),
        ("redwood.toml", '[api]\npath = "web"\n', "has no folder src"),
        ("redwood.toml", "[api]\npath = 1\n", "path is not a string"),
        ("cedar.toml", "", "both redwood.toml and cedar.toml"),
        ("package.json", "{", "package.json: this is not valid JSON"),
        ("package-lock.json", "{}", "lock files of npm and yarn"),
        ("api/package.json", '{"dependencies": {"inngest": "^2.4.0"}}', "inngest \\^2.4.0"),
        ("api/package.json", '{"dependencies": {"inngest": "3.14.2"}}', "SDK 3 from version 3.15"),
        ("api/package.json", '{"dependencies": {"inngest": "next"}}', "inngest next: the plugin"),
        ("api/package.json", '{"dependencies": {"inngest": "git://x/y"}}', "inngest git://x/y"),
    ],
)
def test_what_cannot_be_told_for_certain_is_refused(
    tmp_path: Path, path: str, content: str, reason: str
) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / path, content)
    with pytest.raises(Refusal, match=reason):
        find_app(app)


PACKAGE = {"name": "api", "dependencies": {"@redwoodjs/graphql-server": "8.9.0"}}
TYPESCRIPT_4 = "typescript@npm:4.5.2:\n  version: 4.5.2\n"
TYPESCRIPT_5_8 = "typescript@npm:5.8.3:\n  version: 5.8.3\n"


@pytest.mark.parametrize(
    ("path", "content", "differences"),
    [
        # What differs in the second app, and what is then found there.
        (
            "api/package.json",
            json.dumps({"dependencies": {"@redwoodjs/graphql-server": "^7.7.5"}}),
            {"framework_version": "7.7.5"},
        ),
        (
            "node_modules/@redwoodjs/graphql-server/package.json",
            '{"version": "8.8.1"}',
            {"framework_version": "8.8.1"},
        ),
        ("api/package.json", json.dumps({**PACKAGE, "type": "module"}), {"module": "esm"}),
        (
            "package.json",
            '{"workspaces": ["api", "web"], "packageManager": "yarn@4.9.3"}',
            {"package_manager": "yarn"},
        ),
        ("package.json", '{"workspaces": ["./*"], "name": "Shop"}', {"app_id": "shop"}),
        ("package.json", '{"workspaces": ["web"]}', {"workspaces": False}),
        ("yarn.lock", TYPESCRIPT_5_8, {"typescript_version": "5.8.3", "sdk_major": 4}),
        (
            "prettier.config.js",
            "module.exports = { semi: false, singleQuote: true, printWidth: 100 }\n",
            {"print_width": 100},
        ),
        (".copier-answers.yml", "_commit: v1\n", {"other_templates": [".copier-answers.yml"]}),
        (".copier-answers.inngest.yml", "_commit: v1\n", {}),
        (
            "package.json",
            '{"workspaces": ["*"], "devDependencies": {"inngest-setup-redwoodjs": "1"}}',
            {"old_setup": True},
        ),
        ("redwood.toml", "[api]\n  port = 4000\n", {"api_port": 4000}),
    ],
)
def test_apps_that_look_alike_but_differ_in_one_thing(
    tmp_path: Path, path: str, content: str, differences: dict[str, object]
) -> None:
    one = small_app(tmp_path / "one" / "shop", git=False)
    other = small_app(tmp_path / "other" / "shop", git=False)
    write(other / path, content)
    found = find_app(other).facts()
    style = {"code_style": found["code_style"]} if path.startswith("prettier") else {}
    assert found == {**find_app(one).facts(), **differences, **style}


def test_a_side_of_another_language_or_without_a_logger(tmp_path: Path) -> None:
    app = small_app(tmp_path / "shop", git=False)
    (app / "api/tsconfig.json").unlink()
    (app / "api/src/lib/logger.ts").unlink()
    functions = app / "api/src/functions"
    (functions / "graphql.ts").rename(functions / "graphql.js")
    facts = find_app(app).facts()
    assert (facts["language"], facts["has_logger"]) == ("js", False)


def test_an_app_in_a_larger_repository(tmp_path: Path) -> None:
    app = small_app(tmp_path / "apps" / "shop", git=False)
    (app / "yarn.lock").unlink()
    write(app / "package.json", "{}")
    alone = find_app(app)
    write(tmp_path / "package.json", '{"workspaces": ["apps/*", "apps/*/*"]}')
    write(tmp_path / "pnpm-lock.yaml", "packages:\n\n  typescript@5.9.3:\n    resolution: {}\n")
    (tmp_path / ".git").mkdir()
    found = find_app(app)
    assert (alone.repository_path, found.repository_path) == (".", "apps/shop")
    assert (alone.workspaces, found.workspaces) == (False, True)
    assert (alone.package_manager, found.package_manager) == ("yarn", "pnpm")
    assert (alone.sdk_major, found.sdk_major) == (3, 4)


def test_the_workspaces_of_pnpm(tmp_path: Path) -> None:
    app = small_app(tmp_path / "shop", git=False)
    write(app / "package.json", "{}")
    assert not find_app(app).workspaces
    write(app / "pnpm-workspace.yaml", "packages:\n  # Both sides.\n  - 'web'\n  - api\n")
    assert find_app(app).workspaces
    write(app / "pnpm-workspace.yaml", "packages: [web, api]\n")
    assert find_app(app).workspaces
    write(app / "pnpm-workspace.yaml", "packages: [web, api\n")
    with pytest.raises(Refusal, match=r"pnpm-workspace\.yaml: this is not valid YAML"):
        find_app(app)


@pytest.mark.parametrize(
    ("globs", "reached"),
    [
        (["apps/shop/api"], True),
        (["./apps/*/*/"], True),
        (["apps/**"], True),
        (["{apps,packages}/*/*"], True),
        (["api"], False),
        (["shop/api"], False),
        (["apps/*"], False),
        (["apps/**", "!**/api"], False),
        (["apps/!(shop)/api"], False),
    ],
)
def test_workspaces_are_globs_from_their_root(
    tmp_path: Path, globs: list[str], reached: bool
) -> None:
    app = small_app(tmp_path / "apps/shop", git=False)
    write(app / "package.json", "{}")
    write(tmp_path / "package.json", json.dumps({"workspaces": globs}))
    (tmp_path / ".git").mkdir()
    assert find_app(app).workspaces == reached


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"package-lock.json": "{}"}, "npm"),
        ({"npm-shrinkwrap.json": "{}"}, "npm"),
        ({"pnpm-lock.yaml": ""}, "pnpm"),
        ({"pnpm-workspace.yaml": "packages: [api, web]"}, "pnpm"),
        ({"pnpm-workspace.yaml": "packages: [api, web]", "yarn.lock": ""}, "yarn"),
        ({"package.json": '{"packageManager": "npm@10.9.0"}'}, "npm"),
        ({"package.json": '{"devEngines": {"packageManager": {"name": "pnpm"}}}'}, "pnpm"),
        (
            {
                "package.json": '{"devEngines": {"packageManager": [{"name": "bun"}, '
                '{"name": "npm"}, {"name": "pnpm"}]}}',
                "pnpm-lock.yaml": "",
            },
            "pnpm",
        ),
        (
            {
                "package.json": '{"packageManager": "npm@10.9.0"}',
                "package-lock.json": "{}",
                "yarn.lock": "",
                "bun.lock": "{}",
            },
            "npm",
        ),
    ],
)
def test_the_package_manager(tmp_path: Path, files: dict[str, str], found: str) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "yarn.lock").unlink()
    for path, content in files.items():
        write(app / path, content)
    answered = find_app(app)
    assert (answered.package_manager, answered.notes) == (found, ())


def test_a_package_manager_that_nothing_tells_is_assumed_and_said(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "yarn.lock").unlink()
    found = find_app(app)
    assert found.package_manager == "yarn"
    assert "tells the package manager: yarn is assumed." in found.greeting()


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {"bun.lock": "{}"},
            r"it has bun\.lock, and Redwood and Cedar run with yarn, npm and pnpm",
        ),
        ({"bun.lockb": ""}, r"it has bun\.lockb, and Redwood and Cedar run with yarn, npm and pnp"),
        (
            {"package.json": '{"packageManager": "bun@1.2.0"}'},
            "packageManager is bun, and Redwood and Cedar run with yarn, npm and pnpm only",
        ),
        (
            {"package.json": '{"devEngines": {"packageManager": {"name": "bun"}}}'},
            r"devEngines\.packageManager is bun, and Redwood and Cedar run with yarn, npm and pnpm",
        ),
        (
            {
                "package.json": '{"packageManager": "npm@10.9.0", '
                '"devEngines": {"packageManager": {"name": "pnpm"}}}'
            },
            r"packageManager is npm and devEngines\.packageManager is pnpm: name one",
        ),
        (
            {"package.json": '{"packageManager": "pnpm@10.1.0"}', "yarn.lock": ""},
            r"packageManager is pnpm, and what is there is yarn\.lock: remove the lock file",
        ),
        ({"bun.lock": "{}", "yarn.lock": ""}, "lock files of bun and yarn: remove those not in"),
    ],
)
def test_package_managers_that_do_not_fit_are_refused(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "yarn.lock").unlink()
    for path, content in files.items():
        write(app / path, content)
    with pytest.raises(Refusal, match=reason):
        find_app(app)


def test_versions_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    app = small_app(tmp_path / "shop", git=False)
    write(app / "yarn.lock", TYPESCRIPT_4)
    with pytest.raises(Refusal, match=r"TypeScript 4\.5\.2, .* need 4\.7 or later"):
        find_app(app)
    note = "TypeScript is too old for the Inngest SDK: `rw type-check` will report"
    assert note in find_app(app, {"old_typescript": "true"}).greeting()
    write(app / ".copier-answers.inngest.yml", "old_typescript: true\n")
    assert note in find_app(app).greeting()
    (app / ".copier-answers.inngest.yml").unlink()
    write(app / "yarn.lock", "typescript@npm:4.7.4:\n  version: 4.7.4\n")
    assert find_app(app).notes == ()
    write(app / "yarn.lock", TYPESCRIPT_4)
    (app / "api/tsconfig.json").unlink()
    functions = app / "api/src/functions"
    (functions / "graphql.ts").rename(functions / "graphql.js")
    assert find_app(app).sdk_major == 3  # JavaScript has no types to check
    dependencies = {"dependencies": {"@redwoodjs/graphql-server": "0.38.3"}}
    write(app / "api/package.json", json.dumps(dependencies))
    with pytest.raises(Refusal, match=r"Redwood 0\.38\.3, .* needs 0\.39 or later"):
        find_app(app)
    dependencies = {"dependencies": {"@redwoodjs/api": "0.30.1"}}  # there was no other package yet
    write(app / "api/package.json", json.dumps(dependencies))
    with pytest.raises(Refusal, match=r"Redwood 0\.30\.1, .* needs 0\.39 or later"):
        find_app(app)


@pytest.mark.parametrize(
    ("config", "version", "noted"),
    [
        ("redwood.toml", "8.9.0", False),
        ("redwood.toml", "9.0.0", True),
        ("cedar.toml", "3.1.0", True),
        ("cedar.toml", "4.2.0", False),
        ("cedar.toml", "5.0.3", False),
        ("cedar.toml", "6.0.0", True),
    ],
)
def test_a_version_that_was_never_tried_is_told(
    tmp_path: Path, config: str, version: str, noted: bool
) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "redwood.toml").rename(app / config)
    scope = f"@{config.removesuffix('.toml')}js"
    server = {f"{scope}/graphql-server": version}
    write(app / "api/package.json", json.dumps({"dependencies": server}))
    assert (f"never with {scope[1:-2].capitalize()} {version}" in find_app(app).greeting()) == noted


@pytest.mark.parametrize(("kind", "said"), [("commonjs", True), ("module", False)])
def test_universal_deploy_needs_ecmascript_modules(tmp_path: Path, kind: str, said: bool) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / "api/package.json", json.dumps({**PACKAGE, "type": kind}))
    assert "Universal Deploy" not in find_app(app).greeting()
    write(app / "web/vite.config.ts", "export default { plugins: [cedarUniversalDeployPlugin()] }")
    greeting = find_app(app).greeting()
    assert "--ud` has the endpoint at http://localhost:8910/.redwood/functions/inngest" in greeting
    assert ("Note: the api side is CommonJS: there, `cedar build --ud`" in greeting) == said


def test_the_older_setup_is_refused_as_long_as_its_files_are_there(tmp_path: Path) -> None:
    app = small_app(tmp_path / "shop", git=False)
    plugin = app / "api/src/inngest/plugin.ts"
    write(plugin, "import { useInngest } from 'envelop-plugin-inngest'\n")
    with pytest.raises(HasInngest, match=r"plugin\.ts: this app has Inngest already"):
        find_app(app)
    assert find_app(app, adopting=True).api_path == "api"
    write(app / ".copier-answers.inngest.yml", "plugin: package\n")
    assert find_app(app).api_path == "api"  # this one is ours


def test_an_app_without_a_handler_is_refused(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    (app / "api/src/functions/graphql.ts").unlink()
    with pytest.raises(Refusal, match="no GraphQL handler was found"):
        find_app(app)


RE_EXPORT = "// createGraphQLHandler is called in lib.\nexport { handler } from 'src/lib/graphql'\n"


def test_a_handler_that_only_re_exports_is_followed_to_the_call(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    handler = app / "api/src/functions/graphql.ts"
    write(app / "api/src/lib/graphql.ts", handler.read_text())
    handler.write_text(RE_EXPORT)
    assert find_app(app).graphql_handler == "api/src/lib/graphql.ts"


def test_a_handler_that_re_exports_from_where_nothing_calls_is_refused(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    handler = app / "api/src/functions/graphql.ts"
    handler.write_text("export { handler } from '@acme/graphql'\n")
    with pytest.raises(Refusal, match=r"^api/src/functions/graphql\.ts: this file does not call"):
        find_app(app)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("functions/api.test.ts", None),
        ("functions/api.spec.js", None),
        ("functions/__tests__/api.ts", None),
        ("functions/dist/api.js", None),
        ("dist/functions/api.js", None),
        (".cache/api.js", None),
        ("node_modules/x/api.js", None),
        ("lib/api.d.ts", "export declare const handler: typeof createGraphQLHandler\n"),
        ("lib/notes.ts", "// createGraphQLHandler({}) is in functions\nexport const a = 1\n"),
        ("lib/notes.ts", "/* createGraphQLHandler */ export {}\n"),
    ],
)
def test_what_only_mentions_the_call_is_no_second_handler(
    tmp_path: Path, path: str, content: str | None
) -> None:
    app = small_app(tmp_path / "app", git=False)
    functions = app / "api/src/functions"
    (functions / "graphql.ts").rename(functions / "api.ts")
    write(app / "api/src" / path, content or (functions / "api.ts").read_text())
    assert find_app(app).graphql_handler == "api/src/functions/api.ts"


def test_a_handler_from_a_namespace_or_with_a_syntax_error_is_found(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    functions = app / "api/src/functions"
    (functions / "graphql.ts").unlink()
    namespace = "import * as server from '@redwoodjs/graphql-server'\n"
    for content in (
        f"{namespace}export const handler = server.createGraphQLHandler({{}})\n",
        "export const = createGraphQLHandler({})\n",
    ):
        write(functions / "api.ts", content)
        assert find_app(app).graphql_handler == "api/src/functions/api.ts"


SERVER = """\
import fastify from 'fastify'
import { redwoodFastifyGraphQLServer } from '@redwoodjs/fastify'
import { __rw_graphqlOptions } from 'src/functions/graphql'

const server = fastify()
"""
BY_HAND = "registers redwoodFastifyGraphQLServer with options of its own, and where that server"


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("api/src/server.ts", "server.register(redwoodFastifyGraphQLServer, { sdls })", True),
        ("api/server.js", "await server.register(redwoodFastifyGraphQLServer, options)", True),
        ("api/src/server.ts", "server.register(redwoodFastifyGraphQLServer, {", True),
        ("api/src/server.ts", "// server.register(redwoodFastifyGraphQLServer, { sdls })", False),
        (
            "api/src/server.ts",
            "server.register(redwoodFastifyGraphQLServer, __rw_graphqlOptions)",
            False,
        ),
        (
            "api/src/server.ts",
            "server.register(redwoodFastifyGraphQLServer, { extraPlugins: [inngestPlugin] })",
            False,
        ),
    ],
)
def test_a_server_that_serves_graphql_past_the_handler_is_told(
    tmp_path: Path, path: str, code: str, said: bool
) -> None:
    app = small_app(tmp_path / "app", git=False)
    write(app / path, f"{SERVER}\n{code}\n")
    assert (f"Note: {path} {BY_HAND}" in find_app(app).greeting()) == said


def test_an_app_with_two_possible_handlers_is_refused(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app", git=False)
    functions = app / "api/src/functions"
    handler = functions / "graphql.ts"
    write(functions / "one.ts", handler.read_text())
    write(functions / "two.ts", handler.read_text())
    handler.unlink()
    with pytest.raises(Refusal, match=r"one\.ts, api/src/functions/two\.ts"):
        find_app(app)


def two_handlers(app: Path) -> Path:
    functions = app / "api/src/functions"
    for name in ("one.ts", "two.ts"):
        write(functions / name, (functions / "graphql.ts").read_text())
    (functions / "graphql.ts").unlink()
    return app


def test_of_two_handlers_one_may_be_named(tmp_path: Path) -> None:
    app = two_handlers(small_app(tmp_path / "app", git=False))
    named = "api/src/functions/two.ts"
    assert find_app(app, {"graphql_handler": named}).graphql_handler == named
    write(app / ".copier-answers.inngest.yml", f"graphql_handler: {named}\n")
    assert find_app(app).graphql_handler == named  # as answered before


@pytest.mark.parametrize(
    "named", ["api/src/functions/three.ts", "redwood.toml", "/etc/hosts", "api/src/../src/a.ts", ""]
)
def test_a_name_that_is_no_handlers_is_refused(tmp_path: Path, named: str) -> None:
    app = small_app(tmp_path / "app", git=False)
    with pytest.raises(Refusal, match="which is no file under api/src"):
        find_app(app, {"graphql_handler": named})


def test_the_style_of_a_larger_repository_is_that_of_the_app(tmp_path: Path) -> None:
    app = small_app(tmp_path / "apps" / "shop", git=False)
    (app / "prettier.config.js").unlink()
    write(tmp_path / ".prettierrc", "printWidth: 100\ntabWidth: 4\n")
    assert (
        find_app(app).code_style.print_width == 80
    )  # what lies above a repository is not looked at
    (tmp_path / ".git").mkdir()
    found = find_app(app)
    assert (found.code_style.print_width, found.code_style.indent) == (100, "    ")


def test_uncommitted_changes(tmp_path: Path) -> None:
    app = small_app(tmp_path / "app")
    assert uncommitted_changes(app) == []
    write(app / "package.json", json.dumps({}))
    assert uncommitted_changes(app) == ["package.json"]
    assert uncommitted_changes(small_app(tmp_path / "no-git", git=False)) is None
