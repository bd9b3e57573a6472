"""`redwood-inngest events`, on small apps that are set up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.command import command
from tests.support.redwood import commit

SDL = """\
export const schema = gql`
  type Post {
    id: Int!
    title: String!
  }

  type Query {
    post(id: Int!): Post @skipAuth
  }

  type Mutation {
    createPost(input: CreatePostInput!): Post! @skipAuth
  }

  input CreatePostInput {
    title: String!
    email: String
  }
`
"""
CELL = """\
export const QUERY = gql`
  query FindPost($id: Int!) {
    post(id: $id) {
      id
      title
    }
  }
`
"""


def app_with_operations(folder: Path, template: Path, *options: str, language: str = "ts") -> Path:
    app = small_app(folder, language=language)
    write(app / f"api/src/graphql/posts.sdl.{language}", SDL)
    write(app / f"web/src/PostCell.{language}x", CELL)
    commit(app, "Posts")
    data = [part for option in options for part in ("--data", option)]
    result = command("redwood-inngest", "setup", app, "--template", template, "--no-install", *data)
    assert result.returncode == 0, result.stderr
    commit(app, "Inngest")
    return app


@pytest.fixture
def app(tmp_path: Path, template: Path) -> Path:
    return app_with_operations(tmp_path / "my-shop", template)


def events(app: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return command("redwood-inngest", "events", app, *options)


def test_the_operations_are_listed_with_their_events(app: Path) -> None:
    write(app / "web/src/own.graphql", "subscription Ticks { tick }\n\n{ redwood { version } }\n")
    result = events(app)
    assert result.returncode == 0
    assert result.stderr == (
        "web/src/own.graphql:1:1: The subscription operation is not supported by the schema.\n"
    )
    assert (
        result.stdout
        == """\
Sent as events (2)
  graphql/find-post.query
    query FindPost($id: Int!)
    runs post
    web/src/PostCell.tsx:2:3
  graphql/hello-world.query
    query HelloWorld
    runs redwood
    api/src/inngest/functions/helloWorld.graphql:2:1

Kept home (2)
  graphql/anonymous-….query
    query (no name)
    runs redwood
    web/src/own.graphql:3:1
    kept home by send_anonymous_operations: it has no name
    give it a name: nothing tells its events apart
  graphql/ticks.subscription
    subscription Ticks
    web/src/own.graphql:1:1
    kept home by operations: a subscription
    does not fit the schema

"""
    )


def test_the_list_is_there_as_json(app: Path) -> None:
    listed = json.loads(events(app, "--json").stdout)
    assert listed["operations"][0] == {
        "event": "graphql/find-post.query",
        "export": "findPostQuery",
        "name": "FindPost",
        "kind": "query",
        "variables": [{"name": "id", "type": "Int!", "default": None}],
        "fields": ["post"],
        "file": "web/src/PostCell.tsx",
        "line": 2,
        "column": 3,
        "sent": True,
        "keptHome": None,
        "fitsSchema": True,
    }
    assert listed["mistakes"] == []


def test_check_says_what_changed_and_write_brings_it_up_to_date(app: Path) -> None:
    assert events(app, "--check").stdout == "api/src/inngest/events.ts is up to date.\n"
    cell = app / "web/src/PostCell.tsx"
    cell.write_text(CELL.replace("$id: Int!", "$id: Int! = 1"))
    write(app / "web/src/new.ts", 'gql`mutation Add { createPost(input: {title: ""}) { id } }`\n')
    result = events(app, "--check")
    assert result.returncode == 1
    assert (
        result.stderr
        == """\
api/src/inngest/events.ts is out of date: run `redwood-inngest events --write`.
  added graphql/add.mutation
  changed graphql/find-post.query
"""
    )
    assert events(app, "--write").returncode == 0
    assert events(app, "--check").returncode == 0
    module = (app / "api/src/inngest/events.ts").read_text()
    assert "export const addMutation = 'graphql/add.mutation'\n" in module


def test_line_ends_of_windows_are_no_change(app: Path) -> None:
    module = app / "api/src/inngest/events.ts"
    module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    assert events(app, "--check").returncode == 0


def test_own_events_are_never_touched(app: Path) -> None:
    own = app / "api/src/inngest/ownEvents.ts"
    own.write_text("export type OwnEvents = { 'a/b': { data: { id: number } } }\n")
    (app / "api/src/inngest/events.ts").unlink()
    assert events(app, "--write").returncode == 0
    assert "'a/b'" in own.read_text()


def test_watch_follows_edits(app: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "redwood_inngest", "events", str(app), "--watch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    module = app / "api/src/inngest/events.ts"
    try:
        write(app / "web/src/new.ts", "gql`query Seen { post(id: 1) { id } }`\n")
        deadline = time.monotonic() + 30
        while "seenQuery" not in module.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "seenQuery" in module.read_text()
    finally:
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(30) == 0


def test_a_broken_schema_is_told_and_nothing_is_written(app: Path) -> None:
    sdl = app / "api/src/graphql/posts.sdl.ts"
    sdl.write_text(SDL.replace("type Post {", "type Post {{"))
    before = tree(app)
    for option in ("--write", "--check"):
        result = events(app, option)
        assert result.returncode == 1
        assert "api/src/graphql/posts.sdl.ts:2:14: Syntax Error" in result.stderr
        assert "Traceback" not in result.stderr
    listed = events(app)
    assert listed.returncode == 0
    assert "graphql/find-post.query" in listed.stdout
    assert tree(app) == before


def test_an_app_without_operations_says_so(tmp_path: Path, template: Path) -> None:
    app = app_with_operations(tmp_path / "empty", template, "example_function=false")
    (app / "web/src/PostCell.tsx").unlink()
    result = events(app)
    assert result.returncode == 0
    assert result.stdout.startswith("There are no GraphQL operations in the sources of this app.")
    assert events(app, "--write").returncode == 0


def test_an_app_that_is_not_set_up_is_refused(tmp_path: Path) -> None:
    app = small_app(tmp_path / "bare")
    result = events(app)
    assert result.returncode == 1
    assert result.stderr.endswith("Run `redwood-inngest setup`.\n")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("denied_types=[Psot]", "The schema has no type Psot. Did you mean Post?"),
        (
            "denied_coordinates=[Query.pots]",
            "The schema has no field Query.pots. Did you mean Query.post?",
        ),
        (
            "redact_paths=[input.emial]",
            "Nothing in variables or results is called emial, in input.emial. Did you mean email?",
        ),
        ("redact_paths=['data.post.titel']", "in data.post.titel. Did you mean title?"),
        ("operation_folders=[../../elsewhere]", "which leads out of the app's repository"),
        ("operation_folders=[mobile]", "operation_folders has mobile, which is no folder"),
        ("scalars={Money: Map<string>}", "Give a mapping, like {Money: string}"),
    ],
)
def test_an_answer_that_names_nothing_is_refused_with_what_is_near(
    tmp_path: Path, template: Path, answer: str, reason: str
) -> None:
    app = small_app(tmp_path / "my-shop")
    write(app / "api/src/graphql/posts.sdl.ts", SDL)
    write(app / "web/src/PostCell.tsx", CELL)
    commit(app, "Posts")
    before = tree(app)
    options = ("--template", template, "--no-install", "--data", answer)
    result = command("redwood-inngest", "setup", app, *options)
    assert result.returncode == 1
    assert reason in result.stderr
    assert "Traceback" not in result.stderr
    assert tree(app) == before


def test_answers_that_name_what_is_there_are_taken(tmp_path: Path, template: Path) -> None:
    app_with_operations(
        tmp_path / "my-shop",
        template,
        "denied_types=[CreatePostInput]",
        "denied_coordinates=[Post.title]",
        "redact_paths=[input.email, '*.title', 'data.post.title', id]",
    )


def test_a_folder_elsewhere_in_the_repository_is_searched(tmp_path: Path, template: Path) -> None:
    write(tmp_path / "repo/mobile/src/posts.graphql", "query OnMobile { post(id: 1) { id } }\n")
    commit(tmp_path / "repo", "Mobile")
    small_app(tmp_path / "repo/shop", git=False)
    app = app_with_operations(tmp_path / "repo/shop", template, "operation_folders=[../mobile/src]")
    assert "onMobileQuery" in (app / "api/src/inngest/events.ts").read_text()
    assert "../mobile/src/posts.graphql:1:1" in events(app).stdout


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("denied_types=[Redwood]", "denied_types: Redwood"),
        ("denied_coordinates=[Query.redwood]", "denied_coordinates: Query.redwood"),
        ("operations=[mutation]", "operations: a query"),
    ],
)
def test_there_is_no_example_where_its_event_would_not_be_sent(
    tmp_path: Path, template: Path, answer: str, reason: str
) -> None:
    app = small_app(tmp_path / "my-shop")
    options = ("--template", template, "--no-install", "--data", "example_function=true")
    result = command("redwood-inngest", "setup", app, *options, "--data", answer)
    assert result.returncode == 0, result.stderr
    assert (
        f"There is no example function: its query would send no event ({reason}).\n"
    ) in result.stderr
    functions = app / "api/src/inngest/functions"
    assert [file.name for file in functions.iterdir()] == ["index.ts"]
    assert "InngestFunction.Any[] = []" in (functions / "index.ts").read_text()
    assert "helloWorld" not in (app / "api/src/inngest/events.ts").read_text()


def test_an_answer_that_keeps_events_home_lists_the_functions_that_wait_for_them(
    app: Path, template: Path
) -> None:
    options = ("--data", "denied_types=[Redwood]", "--template", template)
    result = command("redwood-inngest", "update", app, *options)
    assert result.returncode == 0, result.stderr
    assert (
        "these places would wait for ever:\n"
        "  api/src/inngest/functions/helloWorld.ts:2: helloWorldQuery (graphql/hello-world.query) "
        "is not sent any more\n"
    ) in result.stdout


def test_another_prefix_lists_what_named_the_old_one(app: Path, template: Path) -> None:
    function = app / "api/src/inngest/functions/byName.ts"
    write(
        function,
        "import { inngest } from 'src/inngest/client'\n\n"
        "export const byName = inngest.createFunction(\n"
        "  { id: 'by-name' },\n"
        "  { event: 'graphql/find-post.query' },\n"
        "  async () => {}\n"
        ")\n",
    )
    commit(app, "A function")
    place = (
        "api/src/inngest/functions/byName.ts:5: graphql/find-post.query is shop/find-post.query now"
    )
    options = ("--data", "event_prefix=shop", "--template", template)
    refused = command("redwood-inngest", "setup", app, "--defaults", *options)
    assert refused.returncode == 1
    assert "redwood-inngest update --data event_prefix=shop" in refused.stderr
    assert place in refused.stderr
    result = command("redwood-inngest", "update", app, *options)
    assert result.returncode == 0, result.stderr
    assert f"  {place}\n" in result.stdout
    module = (app / "api/src/inngest/events.ts").read_text()
    assert "export const findPostQuery = 'shop/find-post.query'\n" in module
    assert "export const helloWorldQuery = 'shop/hello-world.query'\n" in module
    assert "graphql/" not in module
