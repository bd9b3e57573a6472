"""The operations of an app, found in its sources."""

from __future__ import annotations

from typing import Any

import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.graphql.event_names import event_name
from redwood_inngest.graphql.event_types import events_module, export_names
from redwood_inngest.graphql.framework_schema import framework_schema
from redwood_inngest.graphql.operations import Operations, Sources, find_operations
from redwood_inngest.typescript.style import REDWOOD_STYLE

SDL = """\
export const schema = gql`
  interface Person { id: ID! name: String }
  type User implements Person { id: ID! name: String email: String }
  type Post { id: Int! title: String! author: Person }
  type Query {
    post(id: Int!): Post @skipAuth
    posts: [Post!]! @skipAuth
  }
  type Mutation { createPost(title: String!): Post! @skipAuth }
`
"""


def found(files: dict[str, str], **answers: Any) -> Operations:
    sdl = "api/src/graphql/posts.sdl.ts"
    framework = framework_schema("redwood", "8.9.0", realtime=True)
    return find_operations(Sources({sdl: SDL, **files}, frozenset({sdl}), framework), answers)


def told(operations: Operations) -> list[str]:
    return [str(mistake) for mistake in operations.mistakes]


def test_an_operation_has_its_event_variables_fields_and_place() -> None:
    cell = """\
import { Author } from 'src/fragments'

export const QUERY = gql`
  ${Author}
  query FindPost($id: Int!, $full: Boolean = true) {
    mine: post(id: $id) { id ...Author @include(if: $full) }
    posts { id }
    again: posts { title }
  }
`
"""
    fragments = "export const Author = gql`fragment Author on Post { author { name } }`"
    operations = found({"web/src/PostCell.tsx": cell, "web/src/fragments.ts": fragments})
    (operation,) = operations.operations
    assert told(operations) == []
    assert (operation.event, operation.kind) == ("graphql/find-post.query", "query")
    assert [(each.name, each.type, each.default) for each in operation.variables] == [
        ("id", "Int!", None),
        ("full", "Boolean", "true"),
    ]
    assert operation.fields == ("post", "posts")
    assert (operation.path, operation.line, operation.column) == ("web/src/PostCell.tsx", 5, 3)
    assert operation.is_sent


@pytest.mark.parametrize(
    "source",
    [
        "export const QUERY = gql`query A { posts { id } }`",
        "export const QUERY = graphql(`query A { posts { id } }`)",
        "export const QUERY = gql(/* GraphQL */ `query A { posts { id } }` as const)",
        "export const QUERY = /* GraphQL */ `query A { posts { id } }`",
        "export const QUERY = gql<Result>`query A { posts { id } }`",
        "import tag from 'graphql-tag'\nexport const QUERY = tag`query A { posts { id } }`",
        "import { gql as tag } from '@apollo/client'\nconst Q = tag`query A { posts { id } }`",
        "const FIELDS = 'id title'\nconst Q = gql`query A { posts { ${FIELDS} } }`",
        "const A = () => <p>{useQuery(gql`query A { posts { id } }`)}</p>",
    ],
)
def test_a_tag_is_found_however_it_is_written(source: str) -> None:
    operations = found({"web/src/a.tsx": source})
    assert told(operations) == []
    assert [each.event for each in operations.operations] == ["graphql/a.query"]


@pytest.mark.parametrize(
    "template", ["query ${name} { posts { id } }", "query A { posts { ${fields()} } }"]
)
def test_a_tag_that_cannot_be_read_is_told_with_its_place(template: str) -> None:
    operations = found({"web/src/a.ts": f"\nconst Q = gql`{template}`\n"})
    (mistake,) = told(operations)
    assert mistake.startswith(f"web/src/a.ts:2:{template.index('$') + 15}: the GraphQL around ${{")
    assert not operations.operations


def test_a_mistake_is_told_with_its_place_and_the_others_are_listed() -> None:
    files = {
        "web/src/a.ts": "const A = gql`\n  query A { post(id: 1) { titel } }\n`",
        "web/src/b.ts": "const B = gql`query B { posts { id } }`",
        "web/src/c.graphql": "query C {\n  posts {\n}\n",
    }
    operations = found(files)
    assert told(operations) == [
        "web/src/a.ts:2:27: Cannot query field 'titel' on type 'Post'. Did you mean 'title'?",
        "web/src/c.graphql:4:1: Syntax Error: Expected Name, found <EOF>.",
    ]
    assert [each.name for each in operations.operations if each.is_sent] == ["B"]


def test_a_broken_sdl_is_told_and_not_all_that_follows_from_it() -> None:
    files = {
        "api/src/graphql/posts.sdl.ts": "export const schema = gql`\n  type Post {\n`",
        "web/src/b.ts": "const B = gql`query B { posts { id } }`",
    }
    operations = found(files)
    assert told(operations) == [
        "api/src/graphql/posts.sdl.ts:3:1: Syntax Error: Expected Name, found <EOF>."
    ]
    assert [each.event for each in operations.operations] == ["graphql/b.query"]


def test_two_operations_with_one_event_are_told_and_copies_are_not() -> None:
    files = {
        "web/src/a.ts": "const A = gql`query FindPost { posts { id } }`",
        "web/src/b.ts": "const B = gql`query find_post { posts { title } }`",
        "web/src/c.ts": "const C = gql`query Same { posts { id } }`",
        "web/src/d.ts": "const D = gql`query Same { posts { id } }`",
    }
    (mistake,) = told(found(files))
    assert mistake.startswith("web/src/b.ts:1:15: query find_post has the event graphql/find-post.")
    assert "(web/src/a.ts:1)" in mistake


@pytest.mark.parametrize(
    ("operation", "answers", "kept"),
    [
        ("query A { posts { id } }", {}, None),
        ("query A { posts { id } }", {"operations": ["mutation"]}, "operations"),
        ("{ posts { id } }", {}, "send_anonymous_operations"),
        ("{ posts { id } }", {"send_anonymous_operations": True}, None),
        ("query A { __schema { types { name } } }", {}, "send_introspection"),
        ("query A { posts { author { name } } }", {"denied_types": ["User"]}, "denied_types"),
        (
            "query A { posts { author { name } } }",
            {"denied_coordinates": ["User.name"]},
            "denied_coordinates",
        ),
        ("query A { posts { id } }", {"denied_coordinates": ["Post.title"]}, None),
    ],
)
def test_what_is_kept_home_says_by_which_answer(
    operation: str, answers: dict[str, Any], kept: str | None
) -> None:
    (found_,) = found({"web/src/a.graphql": operation}, **answers).operations
    assert (found_.kept_home.answer if found_.kept_home else None) == kept


def test_what_only_apollo_client_knows_is_taken_out() -> None:
    query = "query A @live { posts @connection(key: 1) { id local @client } isOpen @client }"
    operations = found({"web/src/a.graphql": query})
    assert told(operations) == []
    assert operations.operations[0].fields == ("posts",)


def test_types_are_merged_as_the_framework_merges_them() -> None:
    more = "export const schema = gql`type Query { tags: [Tag!]! } type Tag { id: Int! }\n`"
    files = {"web/src/a.graphql": "query A { tags { id } posts { id } redwood { version } }"}
    sdl = {"api/src/graphql/posts.sdl.ts": SDL, "api/src/graphql/tags.sdl.ts": more}
    framework = framework_schema("redwood", "8.9.0", realtime=False)
    operations = find_operations(Sources({**sdl, **files}, frozenset(sdl), framework), {})
    assert told(operations) == []


def test_exports_are_named_after_operation_and_kind() -> None:
    names = ["FindPost", "FindPostQuery", "DeletePostQuery", "_1", "query", "A1", "a_1"]
    files = {f"web/src/{name}.graphql": f"query {name} {{ posts {{ id }} }}" for name in names}
    files["web/src/m.graphql"] = 'mutation CreatePostMutation { createPost(title: "a") { id } }'
    exported = export_names(found(files).operations)
    assert exported == {
        "graphql/a-1.query": "a1Query",
        "graphql/a1.query": "a1Query_",
        "graphql/find-post.query": "findPostQuery",
        "graphql/find-post-query.query": "findPostQueryQuery",
        "graphql/delete-post-query.query": "deletePostQuery",
        "graphql/1.query": "_1Query",
        "graphql/query.query": "queryQuery",
        "graphql/create-post-mutation.mutation": "createPostMutation",
    }


def test_the_name_of_an_event() -> None:
    assert event_name("shop", "FindPost", "query") == "shop/find-post.query"
    assert event_name("Shop", "__FIND_POST2", "query") == "shop/find-post2.query"
    assert len(event_name("shop", "a" * 300, "mutation")) == 256


def nested_fragments(count: int, fields: str) -> str:
    """Fragments that each use the next one; `fields` says how."""
    query = "query Q { post(id: 1) { author { ...F0 } } }"
    bodies = [fields.replace("NEXT", f"...F{number + 1}") for number in range(count)]
    parts = (f"fragment F{at} on Person {{ {body} }}" for at, body in enumerate([*bodies, "id"]))
    return "\n".join([*parts, query])


def test_fragments_that_are_spread_many_times_cost_no_more_than_once() -> None:
    operations = found({"web/src/a.graphql": nested_fragments(60, "NEXT NEXT ... { NEXT }")})
    assert told(operations) == []
    assert "qQuery" in events_module(operations, {}, REDWOOD_STYLE)
    assert operations.operations[0].fields == ("post",)


def test_fragments_nested_too_deeply_are_a_mistake_of_the_operation() -> None:
    operations = found({"web/src/a.graphql": nested_fragments(3_000, "NEXT")})
    (mistake,) = operations.mistakes
    assert "nested too deeply" in mistake.message
    assert (mistake.path, mistake.line) == ("web/src/a.graphql", 3_002)


def test_fields_that_multiply_are_refused() -> None:
    friends = "export const schema = gql`extend type User { one: User two: User }\n`"
    sdl = {"api/src/graphql/posts.sdl.ts": SDL, "api/src/graphql/friends.sdl.ts": friends}
    doubled = "... on User { one { NEXT } two { NEXT } }"
    files = {"web/src/a.graphql": nested_fragments(40, doubled)}
    framework = framework_schema("redwood", "8.9.0", realtime=False)
    operations = find_operations(Sources({**sdl, **files}, frozenset(sdl), framework), {})
    with pytest.raises(Refusal, match="more than 50,000 fields") as refusal:
        events_module(operations, {"include_raw_result": True}, REDWOOD_STYLE)
    assert refusal.value.path == "web/src/a.graphql"
