"""The events of real apps, held against the tools that the field has for the same."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.apps import write
from tests.support.command import command
from tests.support.matrix import Kind, MatrixApp, sdk_packages
from tests.support.redwood import commit, redwood_app, run

SDL = """\
export const schema = gql`
  enum Color { RED GREEN }
  interface Node { id: ID! }
  type Author implements Node { id: ID! name: String }
  type Article implements Node {
    id: ID!
    title: String!
    color: Color
    tags: [String!]!
    written: DateTime!
    author: Author
    related: [Node!]!
  }
  input ArticleInput {
    title: String!
    color: Color = RED
    tags: [String!]
    written: DateTime
    parent: ArticleInput
  }
  type Query {
    article(slug: String!): Article @skipAuth
    articles(colors: [Color!], limit: Int): [Article!]! @skipAuth
    node(slug: String!): Node @skipAuth
  }
  type Mutation {
    writeArticle(input: ArticleInput!): Article! @skipAuth
  }
`
"""
SOURCES = {
    "web/src/components/ArticleCell/ArticleCell.tsx": """\
import type { FindArticle } from 'types/graphql'

export const QUERY = gql`
  query FindArticle($slug: String!) {
    article(slug: $slug) {
      ...Teaser
      written
      author { id name }
    }
  }
  ${TEASER}
`

export const beforeQuery = ({ slug }) => ({ variables: { slug } })

export const Success = ({ article }: { article: FindArticle['article'] }) => <p>{article.title}</p>
""",
    "web/src/components/ArticlesCell/ArticlesCell.jsx": """\
import { gql as graphqlTag } from '@apollo/client'

export const QUERY = graphqlTag`
  query FindArticles($colors: [Color!], $limit: Int = 10) {
    articles(colors: $colors, limit: $limit) { id color tags }
  }
`
""",
    "web/src/fragments.ts": """\
import { registerFragment } from '@redwoodjs/web/apollo'

registerFragment(gql`
  fragment Teaser on Article { id title color }
`)
""",
    "web/src/lib/write.js": """\
import gql from 'graphql-tag'
const WRITE = gql`
  mutation WriteArticle($input: ArticleInput!) { writeArticle(input: $input) { id title } }
`
export const other = gql(`query FindNode($slug: String!) {
  node(slug: $slug) { __typename id ... on Article { title related { id } } }
}`)
export const run = () => [WRITE, /* GraphQL */ `query Marked { articles { tags } }`]
// gql`query Commented { articles { id } }`
export const text = "gql`query Quoted { articles { id } }`"
""",
    "api/src/lib/call.ts": """\
declare function graphql(text: string): unknown
export const CALL = graphql(/* GraphQL */ `query Called { redwood { version } }` as const)
""",
}

PLUCK = """\
const { gqlPluckFromCodeStringSync } = require('@graphql-tools/graphql-tag-pluck')
const { Kind, parse } = require('graphql')
const fs = require('node:fs')
const found = process.argv.slice(1).flatMap((file) =>
  gqlPluckFromCodeStringSync(file, fs.readFileSync(file, 'utf8')).flatMap(({ body }) =>
    parse(body).definitions
      .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
      .map(({ name, operation }) => [file, operation, name?.value ?? null])
  )
)
console.log(JSON.stringify(found))
"""
# What `rw generate types` runs, with the Prisma client that it asks for the names of the models.
RW_TYPES = """\
const path = require('node:path')
const client = path.resolve('node_modules/@prisma/client')
require(client).ModelName = {}
const generators = path.resolve('node_modules/@redwoodjs/internal/dist/generate')
const { generateGraphQLSchema } = require(path.join(generators, 'graphqlSchema.js'))
const { generateTypeDefGraphQLWeb } = require(path.join(generators, 'graphqlCodeGen.js'))
const main = async () => {
  const { errors } = await generateGraphQLSchema()
  const types = await generateTypeDefGraphQLWeb()
  const failed = [...errors, ...types.errors].map(({ message, error }) => `${message} ${error}`)
  console.log(JSON.stringify({ errors: failed, files: types.typeDefFiles }))
}
main()
"""


def add_operations(app: Path) -> None:
    write(app / "api/src/graphql/articles.sdl.ts", SDL)
    for path, text in SOURCES.items():
        write(app / path, text)


def set_up(app: Path, template: Path, *options: str) -> None:
    data = [part for option in options for part in ("--data", option)]
    result = command(
        *("redwood-inngest", "setup", app, "--template", template, "--defaults", "--no-install"),
        *("--force", *data),
    )
    assert result.returncode == 0, result.stderr


def listed(app: Path) -> dict[str, Any]:
    result = command("redwood-inngest", "events", app, "--json")
    assert result.returncode == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.fixture(scope="module")
def redwood(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """A real app with operations, set up; its packages are those of the cache."""
    installed = redwood_app()
    app = tmp_path_factory.mktemp("events") / "my-shop"
    shutil.copytree(installed, app, ignore=shutil.ignore_patterns("node_modules"))
    (app / "node_modules").symlink_to(installed / "node_modules")
    add_operations(app)
    (app / ".gitignore").write_text("node_modules\n.redwood\ntypes\n")
    commit(app, "The app")
    set_up(app, template, "sdk_major=3", "include_raw_result=true")
    return app


def test_the_operations_are_those_that_graphql_tag_pluck_finds(redwood: Path) -> None:
    files = [path for path in SOURCES if not path.endswith(".graphql")]
    plucked = json.loads(run(["node", "-e", PLUCK, *files], redwood))
    found = [
        [each["file"], each["kind"], each["name"]]
        for each in listed(redwood)["operations"]
        if each["file"] in SOURCES
    ]
    assert sorted(found) == sorted(plucked)
    assert len(found) == len(set(map(tuple, found))) == 6
    assert listed(redwood)["mistakes"] == []


SCALARS = """\
const { rootSchema } = require('@redwoodjs/graphql-server')
const { BigInt: big, DateTime, Date: date, Time } = rootSchema.resolvers
const results = [big.serialize(5n), big.serialize(2n ** 70n)]
const taken = [big.parseValue(5), big.parseValue('5')]
const dates = [DateTime, date, Time].map((scalar) => {
  try {
    return scalar.parseValue(0)
  } catch {
    return typeof JSON.parse(JSON.stringify(scalar.serialize(new Date(0))))
  }
})
console.log(JSON.stringify({ results, taken: taken.map(Number), dates }))
"""


def test_a_long_integer_is_a_number_or_a_text_in_json_and_a_date_is_a_text(redwood: Path) -> None:
    said = json.loads(run(["node", "-e", SCALARS], redwood).splitlines()[-1])
    # Numbers as long as JavaScript can hold them, in results as in variables.
    assert said["results"] == [5, "1180591620717411303424"]
    assert said["taken"] == [5, 5]
    # A number is no date.
    assert said["dates"] == ["string", "string", "string"]


def test_the_types_agree_with_those_that_redwood_generates(redwood: Path) -> None:
    (redwood / ".redwood").mkdir(exist_ok=True)
    made = json.loads(run(["node", "-e", RW_TYPES], redwood).splitlines()[-1])
    assert made["errors"] == []
    theirs = Path(made["files"][0])
    assert "export type FindArticle" in theirs.read_text()
    names = [each["name"] for each in listed(redwood)["operations"] if each["file"] in SOURCES]
    module = (redwood / "api/src/inngest/events.ts").read_text()
    ours = {
        name: next(
            each for each in (f"{name}Query", f"{name}Mutation") if f"type {each} " in module
        )
        for name in names
        if name not in {"Called"}  # their documents are those of the web side
    }
    lines = ["declare global { type Buffer = Uint8Array }"]
    lines.append("import type * as ours from './api/src/inngest/events'")
    lines.append("import type * as theirs from './theirs'")
    for name, data in ours.items():
        lines.append(f"declare const {name}: ours.{data}")
        # `Exact` of theirs says of an operation without variables that any object will do.
        lines.append(f"export const variables{name}: theirs.{name}Variables = {name}.variables")
        lines.append(f"export const result{name}: theirs.{name} = {name}.result.data")
    for name in ("FindArticle", "WriteArticle"):
        lines.append(f"declare const their{name}: theirs.{name}Variables")
        lines.append(f"export const back{name}: ours.{ours[name]}['variables'] = their{name}")
    write(redwood / "check.ts", "\n".join(lines))
    shutil.copyfile(theirs, redwood / "theirs.ts")
    assert type_errors(redwood, "check.ts") == []
    write(redwood / "check.ts", "\n".join([*lines, f"export const wrong: number = {names[0]}"]))
    assert len(type_errors(redwood, "check.ts")) == 1


def type_errors(app: Path, file: str) -> list[str]:
    """What `tsc` says of a file and what it imports."""
    options = {
        "noEmit": True,
        "strict": True,
        "target": "esnext",
        "module": "esnext",
        "moduleResolution": "bundler",
        "skipLibCheck": True,
        "types": [],
        "baseUrl": ".",
        "paths": {
            "src/*": ["./api/src/*"],
            "inngest": [str(sdk_packages() / "node_modules" / "inngest3")],
            "@prisma/client": ["./prisma"],
        },
    }
    write(
        app / "prisma.d.ts",
        "export namespace Prisma { type JsonValue = unknown; type JsonObject = {} }\n",
    )
    config = {"compilerOptions": options, "files": [file]}
    write(app / "tsconfig.check.json", json.dumps(config))
    compiler = sdk_packages() / "node_modules/typescript/bin/tsc"
    script = f"node {compiler} -p tsconfig.check.json || true"
    return re.findall(r"^\S.*error TS.*", run(["sh", "-c", script], app), re.MULTILINE)


@pytest.fixture(scope="module", params=[("redwood", 3), ("cedar", 4)], ids=lambda each: each[0])
def typed_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template: Path
) -> Iterator[tuple[MatrixApp, int]]:
    framework, sdk = request.param
    app = MatrixApp(Kind(framework, "ts"), tmp_path_factory.mktemp("typed") / "my-shop")
    app.type_check_before(app.kind.installed() / "node_modules/typescript")
    add_operations(app.folder)
    set_up(app.folder, template, f"sdk_major={sdk}")
    app.link("inngest", sdk_packages() / "node_modules" / f"inngest{sdk}")
    yield app, sdk
    app.tools.close()


FUNCTION = """\
import {{ inngest }} from 'src/inngest/client'
import {{ {event} }} from 'src/inngest/events'

export const later = inngest.createFunction(
{trigger}
  async ({{ event }}) => {{
    return event.data.variables.{field}.toUpperCase()
  }}
)
"""
TRIGGERS = {
    3: "  {{ id: 'later' }},\n  {{ event: {event} }},",
    4: "  {{ id: 'later', triggers: [{event}] }},",
}


@pytest.mark.nightly  # in each run, test_functions has such errors in functions of each kind
@pytest.mark.parametrize(
    ("event", "field", "errors"),
    [
        ("writeArticleMutation", "input.title", []),
        (
            "writeArticelMutation",
            "input.title",
            ["'\"src/inngest/events\"' has no exported member"],
        ),
        ("writeArticleMutation", "input.titel", ["Property 'titel' does not exist"]),
    ],
)
def test_a_wrong_name_and_a_wrong_field_are_one_error_each(
    typed_app: tuple[MatrixApp, int], event: str, field: str, errors: list[str]
) -> None:
    app, sdk = typed_app
    trigger = TRIGGERS[sdk].format(event=event)
    text = FUNCTION.format(event=event, trigger=trigger, field=field)
    write(app.folder / "api/src/inngest/functions/later.ts", text)
    said = app.new_diagnostics(app.kind.installed() / "node_modules/typescript")
    ours = [each for each in said if "functions/later.ts" in each]
    assert said == ours
    assert len(ours) == len(errors), ours
    for error, expected in zip(ours, errors, strict=True):
        assert expected in error
