"""What a function runs on, and which field of it serves to show its work."""

from __future__ import annotations

from typing import Any

import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.functions.files import Recipe, function_code
from redwood_inngest.flows.functions.subjects import Triggers, suggested_name
from redwood_inngest.graphql.framework_schema import framework_schema
from redwood_inngest.graphql.operations import Sources, find_operations

SDL = """\
export const schema = gql`
  input Address { street: String! city: City }
  input City { name: String! }
  input SignUpInput { password: String!, newsletter: Boolean, address: Address, email: String! }
  enum Size { SMALL LARGE }
  scalar Blob
  type User { id: Int! }
  type Query { users(ids: [Int!], size: Size, blob: Blob): [User!]! @skipAuth }
  type Mutation {
    signUp(input: SignUpInput!): User! @skipAuth
    rename(name: String!, userId: Int!): User! @skipAuth
    remove(id: Int!): User! @skipAuth
    move(address: Address): User! @skipAuth
    log(class: String!, event: String!): User! @skipAuth
  }
`
"""


def triggers(*operations: str, **answers: Any) -> Triggers:
    given = {"sdk_major": 4, "event_prefix": "shop", "user_fields": ["id"], **answers}
    files = {f"web/src/{n}.ts": f"gql`{each}`" for n, each in enumerate(operations)}
    sdl = "api/src/graphql/users.sdl.ts"
    framework = framework_schema("redwood", "8.9.0", realtime=False)
    sources = Sources({sdl: SDL, **files}, frozenset({sdl}), framework)
    return Triggers(find_operations(sources, given), given)


def read_from(operation: str, name: str) -> str:
    """The line by which a function reads a field of an operation's event."""
    found = triggers(operation)
    recipe = Recipe("background", "x", found.subject(found.operation(name)))
    code = function_code(recipe, {"sdk_major": 4, "language": "ts"})
    return next(line.strip() for line in code.splitlines() if "event.data" in line)


@pytest.mark.parametrize(
    ("operation", "line"),
    [
        (
            "mutation X($input: SignUpInput!) { signUp(input: $input) { id } }",
            "const { email } = event.data.variables.input",  # no password, nothing that may miss
        ),
        (
            "mutation X($n: String!, $userId: Int!) { rename(name: $n, userId: $userId) { id } }",
            "const { userId } = event.data.variables",
        ),
        (
            "mutation X($address: Address) { move(address: $address) { id } }",
            "const street = event.data.variables.address?.street",
        ),
        (
            "query X($size: Size, $ids: [Int!]) { users(size: $size, ids: $ids) { id } }",
            "const { size } = event.data.variables",
        ),
        (
            "query X($blob: Blob) { users(blob: $blob) { id } }",
            "const { identifiers } = event.data",  # its type is unknown
        ),
        (
            "mutation X($event: String!, $class: String!) {log(event: $event, class: $class) {id}}",
            "const { identifiers } = event.data",  # names that the function's code has already
        ),
        ("query X { users { id } }", "const { identifiers } = event.data"),
    ],
)
def test_the_field_is_one_that_is_there_and_tells_something(operation: str, line: str) -> None:
    assert read_from(operation, "X") == line


REMOVE = "mutation Remove($id: Int!) { remove(id: $id) { id } }"
RENAME = (
    "mutation Rename($name: String!, $userId: Int!) { rename(name: $name, userId: $userId) { id } }"
)
SIGN_UP = "mutation SignUp($input: SignUpInput!) { signUp(input: $input) { id } }"


def test_two_events_belong_together_by_a_field_of_both_or_else_by_the_user() -> None:
    again = "mutation Again($id: Int!) { remove(id: $id) { id } }"
    found = triggers(REMOVE, RENAME, SIGN_UP, again)
    same = "async.data.variables.id == event.data.variables.id"
    assert found.pair("Remove", "Again")[2] == same
    by_user = "async.data.user.id == event.data.user.id"
    assert found.pair("SignUp", "Remove")[2] == by_user
    without_user = triggers(REMOVE, RENAME, user_fields=[])
    assert without_user.pair("Remove", "Rename")[2] == (
        "async.data.variables.userId == event.data.variables.id"
    )


def test_operations_with_one_event_and_different_variables_are_read_by_what_they_share() -> None:
    found = triggers(REMOVE, REMOVE.replace("$id", "$user"))
    assert found.subject(found.operation("Remove")).path == ("identifiers",)


def test_the_type_of_what_is_touched_is_the_schemas() -> None:
    found = triggers(REMOVE)
    assert found.identifiers(found.operation("Remove")).value == [{"typename": "User", "id": 1}]


def test_an_operation_goes_by_its_name_and_by_that_of_its_event() -> None:
    found = triggers(REMOVE)
    assert found.operation("Remove") is found.operation("shop/remove.mutation")
    with pytest.raises(Refusal, match="Did you mean Remove"):
        found.operation("Removed")


@pytest.mark.parametrize(
    ("operation", "kind", "taken", "name"),
    [
        ("PlaceOrderMutation", "steps", [], "onPlaceOrder"),
        ("placeOrder", "steps", ["ONPLACEORDER"], "onPlaceOrderSteps"),
        ("placeOrder", "steps", ["onPlaceOrder", "onPlaceOrderSteps"], "onPlaceOrder2"),
        ("Mutation", "steps", [], "onMutation"),
        ("x" * 100, "rate-limited", [], "onX" + "x" * 37),
    ],
)
def test_a_name_is_suggested(operation: str, kind: str, taken: list[str], name: str) -> None:
    assert suggested_name(operation, kind, taken) == name
