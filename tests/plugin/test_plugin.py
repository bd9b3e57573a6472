"""The plugin runs in real servers, type-checks in real apps, and reads well there."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cache import npm_packages
from tests.support.nightly import nightly
from tests.support.plugin import (
    CEDAR,
    CEDAR_4,
    OLDEST_REDWOOD,
    REDWOOD,
    REDWOOD_5,
    Framework,
    make_workspace,
    run_node,
    sdk_bundles,
)
from tests.support.rendering import rendered_code
from tests.support.template import REPOSITORY

NODE_TESTS = Path(__file__).parent / "node"
CEDAR_TESTS = ["event", "delivery", "sdk", "handler"]


@pytest.mark.parametrize(
    ("framework", "sdk", "tests", "language"),
    [
        (REDWOOD, "inngest3", ["event", "sdk", "handler", "properties"], "ts"),
        nightly(REDWOOD, "inngest3", ["delivery"], "ts"),
        (CEDAR, "inngest4", [*CEDAR_TESTS, "caches", "security", "shutdown"], "ts"),
        # Of the JavaScript that is made of it, what runs through all of its files.
        (CEDAR, "inngest4", ["handler"], "js"),
        nightly(CEDAR, "inngest4", ["event"], "js"),
        # What does not depend on the framework needs no third and fourth run.
        nightly(REDWOOD, "inngest4", ["handler", "sdk"], "ts"),
        nightly(CEDAR, "inngest3", ["handler", "sdk"], "ts"),
        nightly(CEDAR, "inngest4", ["sdks"], "ts"),
        (OLDEST_REDWOOD, "inngest3", ["handler"], "ts"),
        nightly(REDWOOD_5, "inngest3", ["handler"], "ts"),
        (CEDAR_4, "inngest4", ["handler"], "ts"),
    ],
    ids=[
        "redwood-sdk3",
        "redwood-sdk3-delivery",
        "cedar-sdk4",
        "cedar-sdk4-javascript",
        "cedar-sdk4-javascript-events",
        "redwood-sdk4",
        "cedar-sdk3",
        "every-sdk",
        "oldest",
        "redwood-5",
        "cedar-4",
    ],
)
def test_plugin_in_node(
    tmp_path: Path, framework: Framework, sdk: str, tests: list[str], language: str
) -> None:
    """Runs `tests/plugin/node/*.test.ts` with one framework and one SDK."""
    workspace = make_workspace(tmp_path, framework, NODE_TESTS, language=language)
    environment = {"SDK": sdk, "FRAMEWORK_SCOPE": framework.scope}
    environment["SECURITY_PAGE"] = str(REPOSITORY / "docs" / "security.md")
    if "sdks" in tests:
        environment["SDKS"] = str(sdk_bundles())
    files = [f"{name}.test.ts" for name in tests]
    result = run_node(
        workspace, "--test", "--test-concurrency=2", "--test-force-exit", *files, **environment
    )
    failed = re.findall(r"^not ok .*?^  \.\.\.$", result.stdout, re.DOTALL | re.MULTILINE)
    assert result.returncode == 0, "\n".join([*failed, result.stderr])
    for file in files:
        assert_all_ran(workspace / file, result.stdout)


def assert_all_ran(file: Path, output: str) -> None:
    """Every test that a file names has passed; a file that fails to load has none."""
    for name in re.findall(r"^test\('(.+?)'", file.read_text(), re.MULTILINE):
        assert re.search(rf"^ok \d+ - {re.escape(name)}$", output, re.MULTILINE), name


# Loads the client anew in each environment, sends an event, and asks for a run without signature.
CLIENT = """
import { createRequire } from 'node:module'

const require = createRequire(process.cwd() + '/')
const { InngestCommHandler } = require('SDK')
const own = { PATH: process.env.PATH, INNGEST_EVENT_KEY: 'key' }
let host = ''
globalThis.fetch = async (url) => {
  host = new URL(String(url)).host
  return Response.json({ ids: ['1'], status: 200 })
}
console.error = () => {}

function adapt() {
  return {
    body: () => ({ event: {}, events: [], steps: {}, ctx: {}, version: 1 }),
    headers: () => null,
    method: () => 'POST',
    url: () => new URL('https://a.b/inngest?fnId=app-f&stepId=step'),
    queryString: (name) => ({ fnId: 'app-f', stepId: 'step' })[name],
    transformResponse: ({ status, body }) => `${status} ${body}`,
  }
}

async function main() {
  for (const environment of JSON.parse(process.argv[2])) {
    for (const name of Object.keys(process.env)) {
      delete process.env[name]
    }
    Object.assign(process.env, own, environment)
    delete require.cache[require.resolve('./client')]
    const { inngest } = require('./client')
    await inngest.send({ name: 'app/a', data: {} })
    const options = { frameworkName: 'a', client: inngest, functions: [], handler: adapt }
    const said = await new InngestCommHandler(options).createHandler()()
    console.log(JSON.stringify({ host, said }))
  }
}

void main()
"""
CLOUD, DEV_SERVER = "inn.gs", "localhost:8288"


DEVELOPMENT = [
    ({"NODE_ENV": "development"}, DEV_SERVER),
    # No Cloud in tests, unless it is asked for.
    ({"NODE_ENV": "test"}, DEV_SERVER),
    ({"NODE_ENV": "test", "INNGEST_DEV": "0"}, CLOUD),
    ({"NODE_ENV": "development", "INNGEST_DEV": "0"}, CLOUD),
    ({"NODE_ENV": "development", "INNGEST_DEV": "off"}, CLOUD),
    ({"NODE_ENV": "development", "INNGEST_SIGNING_KEY": "signkey-a"}, DEV_SERVER),
    ({"NODE_ENV": "development", "INNGEST_DEV": "http://inngest:8288"}, "inngest:8288"),
    ({"NODE_ENV": "development", "INNGEST_DEV": "inngest:8288"}, "inngest:8288"),
    # A build for production that somebody tries at home.
    ({"NODE_ENV": "production", "INNGEST_DEV": "1"}, DEV_SERVER),
    ({"NODE_ENV": "production", "INNGEST_DEV": "dev.local"}, "dev.local"),
    # Tests in the build of a host, and what `vercel env pull` writes.
    ({"NODE_ENV": "test", "RENDER": "true"}, DEV_SERVER),
    ({"NODE_ENV": "development", "VERCEL": "1", "VERCEL_ENV": "development"}, DEV_SERVER),
]
# What each sets where it runs an app, as its documentation has it.
HOSTS = {
    "netlify": {"AWS_LAMBDA_FUNCTION_NAME": "a1b2", "SITE_ID": "3c4d", "URL": "https://a.b"},
    "vercel": {"VERCEL": "1", "VERCEL_ENV": "production", "VERCEL_REGION": "fra1"},
    "vercel-preview": {"VERCEL": "1", "VERCEL_ENV": "preview", "VERCEL_GIT_COMMIT_REF": "a"},
    "lambda": {"AWS_LAMBDA_FUNCTION_NAME": "api", "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x"},
    "fargate": {"AWS_EXECUTION_ENV": "AWS_ECS_FARGATE", "AWS_REGION": "eu-west-1"},
    "render": {"RENDER": "true", "RENDER_SERVICE_ID": "srv-1", "IS_PULL_REQUEST": "false"},
    "fly": {"FLY_APP_NAME": "shop", "FLY_MACHINE_ID": "148e", "FLY_REGION": "fra"},
    "heroku": {"DYNO": "web.1"},
    "cloud-run": {"K_SERVICE": "shop", "K_REVISION": "shop-1"},
    # Docker sets nothing. The key is what Inngest Cloud cannot do without.
    "docker": {"INNGEST_SIGNING_KEY": "signkey-prod-a1", "HOSTNAME": "3f2a"},
}
ACCIDENTS: list[dict[str, str]] = [
    {"NODE_ENV": "production"},
    {},
    {"INNGEST_DEV": " "},
    {"INNGEST_DEV": "off"},
    {"NODE_ENV": "production", "INNGEST_DEV": "1"},
    {"INNGEST_DEV": "true"},
    {"INNGEST_DEV": "http://localhost:8288"},
    {"NODE_ENV": "production", "INNGEST_DEV": "inngest:8288"},
]
# To have devDependencies installed, it is set on many a server. In Docker it is how apps are
# developed, too.
LEFT_IN_DEVELOPMENT = {"NODE_ENV": "development"}


def environments() -> Iterator[tuple[dict[str, str], str]]:
    """Each environment, and where the client has to send to."""
    yield from DEVELOPMENT
    yield {"INNGEST_DEV": "off"}, CLOUD
    for name, host in HOSTS.items():
        accidents = ACCIDENTS if name == "docker" else [*ACCIDENTS, LEFT_IN_DEVELOPMENT]
        for accident in accidents:
            yield {**host, **accident}, CLOUD


@pytest.mark.parametrize(
    ("sdk", "language"),
    [
        ("3.15.5", "ts"),
        ("4.24.0", "js"),
        pytest.param("3.54.2", "ts", marks=pytest.mark.nightly),
        pytest.param("3.54.2", "js", marks=pytest.mark.nightly),
        pytest.param("4.24.0", "ts", marks=pytest.mark.nightly),
    ],
)
def test_dev_mode_is_on_where_one_develops_and_cannot_be_where_an_app_is_deployed(
    tmp_path: Path, sdk: str, language: str
) -> None:
    """The client that lands in an app, in each environment: where it sends, and whom it obeys."""
    source = rendered_code(language=language)[f"api/src/inngest/client.{language}"]
    source = source.replace("'inngest'", f"'{sdk_bundles() / sdk}.cjs'")
    source = re.sub(r"import { logger } .*", "const logger = console", source)
    (tmp_path / f"client.{language}").write_text(source)
    (tmp_path / "send.ts").write_text(CLIENT.replace("SDK", f"{sdk_bundles() / sdk}.cjs"))
    (tmp_path / "node_modules").symlink_to(REDWOOD.install() / "node_modules")
    expected = list(environments())
    given = json.dumps([environment for environment, _ in expected])
    result = run_node(tmp_path, "send.ts", given)
    said = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert len(said) == len(expected), result.stderr
    for (environment, host), answer in zip(expected, said, strict=True):
        # Earlier versions of the SDK call the same place by its address.
        sent_to = answer["host"].replace("127.0.0.1", "localhost")
        assert (environment, sent_to) == (environment, host)
        looked_up = re.search(
            "not found in this app|No function ID|not find function", answer["said"]
        )
        assert (environment, bool(looked_up)) == (environment, host != CLOUD), answer["said"]


USAGE = """
import { createGraphQLHandler } from '{scope}/graphql-server'
import {{ Inngest }} from '{sdk}'

import {{ flushInngest, useInngest }} from './src/inngest/useInngest'

const client = new Inngest({{ id: 'app' }})
const plugin = useInngest({{
  inngestClient: client,
  buildEventNamePrefixFunction: () => 'app',
  buildEventNameFunction: async ({{ eventNamePrefix, params }}) => {{
    return `${{eventNamePrefix}}/${{params.args.operationName}}`
  }},
  buildUserContextFunction: ({{ params }}) => params.args.contextValue.currentUser,
  sendOperations: ['query', 'mutation', 'subscription'],
  denylist: {{ types: ['User'], schemaCoordinates: ['Query.users'] }},
  redactRawResultOptions: {{ paths: ['*.email'], censor: '***' }},
  logging: console,
  delivery: 'auto',
}})
type Handler = NonNullable<Parameters<typeof createGraphQLHandler>[0]>
export const extraPlugins: NonNullable<Handler['extraPlugins']> = [plugin]
export const flushed: Promise<boolean> = flushInngest(100)
// @ts-expect-error A client has to be there.
useInngest({{}})
// @ts-expect-error There is no such operation.
useInngest({{ inngestClient: client, sendOperations: ['queries'] }})
""".replace("import { createGraphQLHandler }", "import {{ createGraphQLHandler }}")


@pytest.mark.parametrize(
    ("framework", "sdks", "resolution"),
    [
        nightly(REDWOOD, ["inngest3", "inngest4"], "Node16"),
        (CEDAR, ["inngest3", "inngest4"], "Node16"),
        nightly(REDWOOD_5, ["inngest3"], "node"),
    ],
    ids=lambda each: each.name if isinstance(each, Framework) else "",
)
def test_types(tmp_path: Path, framework: Framework, sdks: list[str], resolution: str) -> None:
    """The plugin fits `extraPlugins` under the framework's compiler options and `strict`."""
    workspace = make_workspace(tmp_path, framework)
    for sdk in sdks:
        usage = USAGE.format(scope=framework.scope, sdk=sdk)
        (workspace / f"usage-{sdk}.ts").write_text(usage)
    options = {
        # As in `api/tsconfig.json` of an app.
        "noEmit": True,
        "allowJs": True,
        "esModuleInterop": True,
        "target": "ES2022" if resolution == "node" else "ES2023",
        "module": "esnext" if resolution == "node" else resolution,
        "moduleResolution": resolution,
        "jsx": "react-jsx",
        # Stricter than an app has to be.
        "strict": True,
        "noUnusedLocals": True,
        "noUnusedParameters": True,
        "noFallthroughCasesInSwitch": True,
        "noUncheckedIndexedAccess": True,
        "noPropertyAccessFromIndexSignature": True,
        "noImplicitOverride": True,
        "noImplicitReturns": True,
        "exactOptionalPropertyTypes": True,
        "isolatedModules": True,
        # An app checks the declarations of its packages too. They have errors
        # of their own; our files are checked in the same way without that.
        "skipLibCheck": True,
        "types": ["node", "jest"],
    }
    config = {"compilerOptions": options, "include": ["src", "usage-*.ts"]}
    (workspace / "tsconfig.json").write_text(json.dumps(config))
    compiler = workspace / "node_modules" / "typescript-compiler" / "lib" / "tsc.js"
    result = subprocess.run(
        ["node", compiler, "--pretty", "false"], cwd=workspace, capture_output=True, text=True
    )
    assert result.stdout == ""


REDWOOD_STYLE: dict[str, object] = {
    "semi": False,
    "singleQuote": True,
    "trailingComma": "es5",
    "arrowParens": "always",
}


@pytest.mark.nightly  # in each run, test_functions has ESLint read all files of an app
def test_eslint_of_redwood_has_nothing_to_say(tmp_path: Path) -> None:
    packages = npm_packages(
        "redwood-lint",
        {
            "@redwoodjs/eslint-config": "8.9.0",
            "@redwoodjs/babel-config": "8.9.0",
            "typescript": "5.6.2",
        },
    )
    app = make_workspace(tmp_path / "api", REDWOOD)
    (tmp_path / "node_modules").symlink_to(packages / "node_modules")
    (app / "node_modules").unlink()
    (tmp_path / "redwood.toml").write_text("[api]\n")
    (tmp_path / "prettier.config.js").write_text(f"module.exports = {json.dumps(REDWOOD_STYLE)}\n")
    eslint_config = {"extends": "@redwoodjs/eslint-config", "root": True}
    (tmp_path / "package.json").write_text(json.dumps({"eslintConfig": eslint_config}))
    result = subprocess.run(
        [
            "node_modules/.bin/eslint",
            "--resolve-plugins-relative-to=node_modules/@redwoodjs/eslint-config",
            "--max-warnings=0",
            "--ext=.ts",
            "api/src",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
