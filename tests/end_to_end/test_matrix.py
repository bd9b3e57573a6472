"""Every kind of app, with every SDK and every plugin: nothing to complain about, and it builds.

The packages are installed once for each framework. A case links its SDK in, and where it has the
npm package of the plugin, a stand-in with the options that this publishes, since not every npm
registry has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import command
from tests.support.matrix import (
    ERRORS_OF_THE_PACKAGE,
    Kind,
    MatrixApp,
    plugin_package,
    sdk_packages,
)
from tests.support.nightly import nightly
from tests.support.node import NodeError

REDWOOD = Kind("redwood", "ts")
CEDAR = Kind("cedar", "ts")
KINDS = [REDWOOD, Kind("redwood", "js"), CEDAR, Kind("cedar", "js")]


def by_name(value: object) -> str:
    return f"{value.framework}-{value.language}" if isinstance(value, Kind) else str(value)


@pytest.fixture(scope="module", params=KINDS, ids=by_name)
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MatrixApp]:
    app = MatrixApp(request.param, tmp_path_factory.mktemp("matrix") / "my-shop")
    yield app
    app.tools.close()


def typescript_for(app: MatrixApp, sdk: int) -> Path:
    """The app's own TypeScript; for SDK 4 one that it asks for, 5.8 or later.

    Redwood 8.9 brings 5.6, with which a setup takes SDK 3. A team that wants SDK 4 there needs a
    newer TypeScript, and has it here.
    """
    newer = sdk == 4 and app.kind.framework == "redwood"
    packages = sdk_packages() if newer else app.kind.installed()
    return packages / "node_modules" / "typescript"


def set_up(
    app: MatrixApp, template: Path, sdk: int, plugin: str, answers: Mapping[str, str] | None = None
) -> list[str]:
    """Set the app up, as it came, and link what an installation would bring; the code files."""
    given = {"sdk_major": str(sdk), "plugin": plugin, **(answers or {})}
    data = [part for name, answer in given.items() for part in ("--data", f"{name}={answer}")]
    options = ("--template", template, "--defaults", "--no-install", "--force", *data)
    result = command("redwood-inngest", "setup", str(app.folder), *map(str, options))
    assert result.returncode == 0, result.stderr
    app.link("inngest", sdk_packages() / "node_modules" / f"inngest{sdk}")
    if plugin == "package":
        app.link("envelop-plugin-inngest", plugin_package())
    suffix = f".{app.kind.language}"
    return [file for file in app.changed_files() if file.endswith(suffix)]


# In each run test_functions checks setups of Redwood so, and the tests that serve them build them.
IN_EACH_RUN = [(KINDS[2], 4, "package")]
ALL = [(kind, sdk, plugin) for kind in KINDS for sdk in (3, 4) for plugin in ("bundled", "package")]


@pytest.mark.parametrize(
    ("app", "sdk", "plugin"),
    [case if case in IN_EACH_RUN else nightly(*case) for case in ALL],
    indirect=["app"],
    ids=by_name,
)
def test_what_a_setup_makes_is_clean_and_builds(
    app: MatrixApp, template: Path, sdk: int, plugin: str
) -> None:
    app.reset()
    typescript = typescript_for(app, sdk)
    app.type_check_before(typescript)
    code = set_up(app, template, sdk, plugin)
    own_plugin = f"api/src/inngest/useInngest.{app.kind.language}"
    assert (own_plugin in code) == (plugin == "bundled")
    known = ERRORS_OF_THE_PACKAGE if plugin == "package" else None
    said = app.new_diagnostics(typescript)
    assert [each for each in said if known is None or known not in each] == []
    assert app.lint(code) == []
    assert app.unformatted([*code, "package.json", "api/package.json"]) == []
    built = app.build("inngest/plugin.js", "functions/inngest.js")
    assert built == {"problems": [], "exported": [["inngestPlugin"], ["handler"]]}


MINE = """\
import { inngest } from 'src/inngest/client'
import { helloWorldQuery } from 'src/inngest/events'

export const mine = inngest.createFunction(
  CONFIGURATION,
  async ({ event }) => event.data.operation.name
)
"""
SERVICE = """\
import { inngest } from 'src/inngest/client'

export const tell = () => inngest.id
"""


@pytest.mark.nightly
@pytest.mark.parametrize("sdk", [3, 4])
@pytest.mark.parametrize("app", [REDWOOD, CEDAR], indirect=True, ids=by_name)
def test_what_stays_after_a_removal_compiles_and_builds(
    app: MatrixApp, template: Path, sdk: int
) -> None:
    app.reset()
    typescript = typescript_for(app, sdk)
    app.type_check_before(typescript)
    set_up(app, template, sdk, "bundled")
    old = "{ id: 'mine' },\n  { event: helloWorldQuery }"
    configuration = old if sdk == 3 else "{ id: 'mine', triggers: { event: helloWorldQuery } }"
    functions = app.folder / "api/src/inngest/functions"
    (functions / "mine.ts").write_text(MINE.replace("CONFIGURATION", configuration))
    index = functions / "index.ts"
    index.write_text(
        "import { mine } from 'src/inngest/functions/mine'\n"
        + index.read_text().replace("[helloWorld]", "[helloWorld, mine]")
    )
    (app.folder / "api/src/lib/tell.ts").write_text(SERVICE)
    assert app.new_diagnostics(typescript) == []
    arguments = ("remove", app.folder, "--template", template, "--no-install")
    result = command("redwood-inngest", *arguments)
    assert result.returncode == 0, result.stderr
    assert "[mine]" in index.read_text()
    assert not (app.folder / "api/src/inngest/plugin.ts").exists()
    assert app.new_diagnostics(typescript) == []
    built = app.build("inngest/functions/index.js", "lib/tell.js")
    assert built == {"problems": [], "exported": [["functions"], ["tell"]]}


@pytest.mark.nightly
def test_the_sdk_that_npm_gets_beside_typescript_5_6(template: Path, tmp_path: Path) -> None:
    app = MatrixApp(REDWOOD, tmp_path / "my-shop")
    typescript = typescript_for(app, 3)
    app.type_check_before(typescript)
    set_up(app, template, 3, "bundled")
    (app.folder / "api/node_modules/inngest").unlink()
    app.link("inngest", sdk_packages() / "node_modules" / "inngest3.41")
    assert app.new_diagnostics(typescript) == []
    assert app.build("functions/inngest.js")["problems"] == []
    app.tools.close()


REDWOODS_STYLE = {"trailingComma": "es5", "semi": False, "singleQuote": True}
STYLES: dict[str, dict[str, Any]] = {
    "semicolons, 100 columns": {"semi": True, "printWidth": 100},
    "double quotes, 120 columns": {"singleQuote": False, "printWidth": 120},
    "tabs, trailing commas": {"useTabs": True, "trailingComma": "all"},
    "4 spaces, no trailing commas": {"tabWidth": 4, "trailingComma": "none"},
    "tabs of 4": {"useTabs": True, "tabWidth": 4},
    "Prettier's own": {"semi": True, "singleQuote": False, "trailingComma": "all"},
    "another": {"arrowParens": "avoid", "bracketSpacing": False, "quoteProps": "consistent"}
    | {"semi": True, "tabWidth": 4, "trailingComma": "none", "printWidth": 90},
}
# As much code as the questionnaire can ask for, and names as long as it allows.
LONGEST_ANSWERS = {
    "event_prefix": "p" * 30,
    "operations": "[query, mutation, subscription]",
    "user_fields": f"[id, roles, {'f' * 30}]",
    "send_anonymous_operations": "true",
    "send_introspection": "true",
    "send_errors": "true",
    "include_raw_result": "true",
    "delivery": "background",
    # Names that the schema has; whatever they are, the code has the same form.
    "denied_types": "[Post, JSONObject, DateTime, BigInt, Time]",
    "denied_coordinates": "[Query.post, Post.title, Mutation.createPost, Redwood.currentUser]",
    "redact_paths": "[title, 'data.post.title', 'data.redwood.currentUser[\"it''s\"]']",
    "serve_path": "/" + "s" * 59,
    "app_id": "i" * 60,
}


# The integration tests check many more styles, with Prettier alone: here ESLint reads them too.
@pytest.mark.parametrize(
    "style",
    [style if style == "another" else nightly(style) for style in STYLES],
)
@pytest.mark.parametrize("app", [nightly(REDWOOD), KINDS[1]], indirect=True, ids=by_name)
def test_every_file_is_clean_in_the_apps_own_style(
    app: MatrixApp, template: Path, style: str
) -> None:
    for plugin, sdk in (("bundled", 4), ("package", 3)):
        app.reset()
        (app.folder / "prettier.config.js").unlink()
        (app.folder / ".prettierrc").write_text(json.dumps(REDWOODS_STYLE | STYLES[style]))
        code = set_up(app, template, sdk, plugin, LONGEST_ANSWERS)
        rendered = [file for file in code if "functions/graphql" not in file]
        assert app.unformatted(rendered) == []
        assert app.lint(rendered, with_prettier=False) == []


# What teams add to `strict`.
STRICTEST = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noImplicitReturns": True,
    "noPropertyAccessFromIndexSignature": True,
    "noUncheckedIndexedAccess": True,
    "noUnusedLocals": True,
    "noUnusedParameters": True,
}


@pytest.mark.nightly
@pytest.mark.parametrize("app", [REDWOOD], indirect=True, ids=by_name)
def test_nothing_is_said_of_our_files_where_a_team_is_stricter_than_redwood(
    app: MatrixApp, template: Path
) -> None:
    typescript = typescript_for(app, 4)
    for sdk in (3, 4):
        app.reset()
        config = app.folder / "api" / "stricter" / "tsconfig.json"
        config.parent.mkdir()
        config.write_text(json.dumps({"extends": "../tsconfig.json", "compilerOptions": STRICTEST}))
        app.type_check_before(typescript, "api/stricter")
        set_up(app, template, sdk, "bundled", LONGEST_ANSWERS)
        said = app.new_diagnostics(typescript, "api/stricter")
        assert [each for each in said if "/node_modules/" not in each] == []  # as in SDK 3's own


@pytest.mark.nightly
@pytest.mark.parametrize("app", [REDWOOD], indirect=True, ids=by_name)
def test_with_the_typescript_of_redwood_sdk_4_brings_errors_in_declarations_and_none_in_the_app(
    app: MatrixApp, template: Path
) -> None:
    app.reset()
    typescript = app.kind.installed() / "node_modules" / "typescript"
    app.type_check_before(typescript)
    set_up(app, template, 4, "bundled")
    said = app.new_diagnostics(typescript)
    assert len(said) == 4
    assert all("/node_modules/@bufbuild/protobuf/" in each for each in said)


@pytest.mark.parametrize(
    "app", [nightly(REDWOOD), KINDS[1], nightly(CEDAR)], indirect=True, ids=by_name
)
def test_a_mistake_in_what_a_setup_makes_would_be_found(app: MatrixApp, template: Path) -> None:
    app.reset()
    typescript = typescript_for(app, 3)
    app.type_check_before(typescript)
    set_up(app, template, 3, "bundled")
    name = f"api/src/inngest/plugin.{app.kind.language}"
    file = app.folder / name
    file.write_text(file.read_text().replace("logging: logger", 'logging: "noise"'))
    rules = [each.split()[1].removeprefix("@typescript-eslint/") for each in app.lint([name])]
    assert sorted(rules) == ["no-unused-vars", "prettier/prettier"]
    assert app.unformatted([name]) == [name]
    file.write_text(file.read_text() + "export const = 1\n")
    assert any(name in each for each in app.new_diagnostics(typescript))
    with pytest.raises(NodeError, match="Unexpected"):
        app.build("inngest/plugin.js")
