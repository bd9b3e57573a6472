"""The codemods of `adopt`: options that are answers, code that is carried, imports that change."""

from __future__ import annotations

from typing import Any

import pytest
from redwood_inngest.codemods import package_json
from redwood_inngest.codemods.adoption.carry import Target, carry, list_functions, with_id
from redwood_inngest.codemods.adoption.configuration import without_section
from redwood_inngest.codemods.adoption.imports import respecified
from redwood_inngest.codemods.adoption.options import plugin_answers
from redwood_inngest.codemods.adoption.parts import CLIENT, ENDPOINT, PLUGIN, find_part
from redwood_inngest.codemods.adoption.sends import computed_sends
from redwood_inngest.errors import Refusal
from redwood_inngest.typescript.style import REDWOOD_STYLE

from tests.support.adoptable import PLUGIN as OLD_PLUGIN


def plugin(options: str, before: str = "") -> str:
    """A module with a plugin of these options."""
    return (
        "import { useInngest } from 'envelop-plugin-inngest'\n\n"
        f"{before}\nexport const inngestPlugin = useInngest({{ {options} }})\n"
    )


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        ("sendErrors: true", {"send_errors": True}),
        ("sendErrors: isLoud", {}),
        ("sendIntrospection: false", {"send_introspection": False}),
        ("sendOperations: ['query', 'subscription']", {"operations": ["query", "subscription"]}),
        ("sendOperations: [SendableOperation.QUERY]", {"operations": ["query"]}),
        ("sendOperations: [...others]", {}),
        ("sendOperations: []", {}),
        ("buildEventNamePrefixFunction: async () => 'shop'", {"event_prefix": "shop"}),
        ("buildEventNamePrefixFunction: () => { return 'shop' }", {"event_prefix": "shop"}),
        ("buildEventNamePrefixFunction: () => { log(); return 'shop' }", {}),
        ("buildEventNamePrefixFunction: () => `${stage}-shop`", {}),
        ("denylist: { types: ['Session'] }", {"denied_types": ["Session"]}),
        (
            "denylist: { types: ['A'], schemaCoordinates: ['Query.me'] }",
            {"denied_types": ["A"], "denied_coordinates": ["Query.me"]},
        ),
        ("denylist: { types: secret }", {}),
        ("redactRawResultOptions: { paths: ['a.b'] }", {"redact_paths": ["a.b"]}),
        ("redactRawResultOptions: { paths: ['a.b'], censor: '-' }", {}),
        ("...others", {}),
    ],
)
def test_options_that_are_answers(options: str, answers: dict[str, Any]) -> None:
    found = plugin_answers(find_part(plugin(options), ".ts", PLUGIN))
    assert {name: answer for one in found.values() for name, answer in one.items()} == answers


@pytest.mark.parametrize(
    ("returned", "fields"),
    [
        ("{ id: currentUser.id }", ["id"]),
        ("{ id: currentUser.id, email: currentUser.email }", ["id", "email"]),
        ("{}", []),
        ("{ id: currentUser.email }", None),
        ("{ id: String(currentUser.id) }", None),
    ],
)
def test_the_users_fields_in_the_function_of_the_old_tool(
    returned: str, fields: list[str] | None
) -> None:
    text = OLD_PLUGIN.replace("{ id: currentUser.id }", returned)
    found = plugin_answers(find_part(text, ".ts", PLUGIN)).get("buildUserContextFunction", {})
    assert found.get("user_fields") == fields


RENDERED = """\
import { Inngest } from 'inngest'

import { logger } from 'src/lib/logger'

const mode = {}

/**
 * The client.
 */
export const inngest = new Inngest({
  id: 'shop',
  ...mode,
  logger,
})
"""


def target(text: str = RENDERED) -> Target:
    return Target(text, ".ts", REDWOOD_STYLE, lambda specifier: specifier)


def test_options_and_statements_are_carried_with_their_comments() -> None:
    text = """\
import { Inngest } from 'inngest'

import { ours } from 'src/lib/logger'
import type { Region } from 'src/lib/regions'

// Where we are.
const region: Region = 'eu'

export const inngest = new Inngest({
  name: 'shop',
  // Ours counts.
  logger: ours,
  /** By region. */
  env: region,
})
"""
    old = find_part(text, ".ts", CLIENT)
    members = old.members[1:]
    statements = [one for one in old.module.program.parts if "const region" in one.code][:1]
    assert (
        carry(target(), old, members, statements)
        == """\
import { Inngest } from 'inngest'

import { ours } from 'src/lib/logger'
import type { Region } from 'src/lib/regions'

const mode = {}

// Where we are.
const region: Region = 'eu'

/**
 * The client.
 */
export const inngest = new Inngest({
  id: 'shop',
  ...mode,
  // Ours counts.
  logger: ours,
  /** By region. */
  env: region,
})
"""
    )


MADE = (
    "import {{ Inngest }} from 'inngest'\n{}\nexport const inngest = new Inngest({{ env: mode }})\n"
)


def test_a_name_that_both_modules_have_is_refused() -> None:
    text = MADE.format("const mode = 1")
    old = find_part(text, ".ts", CLIENT)
    statements = [old.module.program.parts[1]]
    with pytest.raises(Refusal, match="mode is a name that the module which takes"):
        carry(target(), old, old.members, statements)


def test_an_import_by_a_name_of_something_else_is_refused() -> None:
    text = MADE.format("import { mode } from 'a'")
    old = find_part(text, ".ts", CLIENT)
    with pytest.raises(Refusal, match="mode is imported from a here, and is something else"):
        carry(target(), old, old.members)


def test_an_id_in_the_quotes_of_the_app() -> None:
    assert 'id: "It\'s mine",' in with_id(target(), "It's mine").text


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("inngest.send({ name: 'a/b', data: {} })", []),
        ("inngest.send([{ name: 'a/b' }, { name: `a/c` }])", []),
        ("inngest.send({ name: event, data: {} })", [3]),
        ("inngest.send(events)", [3]),
        ("inngest.send([{ name: 'a/b' }, other])", [3]),
        ("mail.send(letter)", []),
    ],
)
def test_events_that_are_sent_by_a_name_that_is_not_written_out(
    code: str, lines: list[int]
) -> None:
    text = f"import {{ inngest }} from 'src/inngest/client'\n\n{code}\n"
    assert computed_sends(text, ".ts") == lines


def test_a_long_list_of_functions_is_broken_as_prettier_breaks_it() -> None:
    names = [f"sendTheReceiptOfOrder{number}" for number in range(4)]
    imports = "".join(f"import {{ {name} }} from 'src/jobs/{name}'\n" for name in names)
    text = (
        f"import {{ serve }} from 'inngest/redwood'\n\n{imports}\n"
        f"export const handler = serve({{ functions: [{', '.join(names)}] }})\n"
    )
    old = find_part(text, ".ts", ENDPOINT)
    nodes = old.value("functions").named()  # type: ignore[union-attr]
    rendered = "/** The functions. */\nexport const functions = []\n"
    listed = list_functions(target(rendered), old, names, nodes)
    lines = "".join(f"  {name},\n" for name in names)
    assert listed == f"{imports}\n/** The functions. */\nexport const functions = [\n{lines}]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import { a } from 'old'\n", "import { a } from 'src/new'\n"),
        ('import { a } from "old";\n', 'import { a } from "src/new";\n'),
        ("export * from 'old'\n", "export * from 'src/new'\n"),
        ("jest.mock('old')\n", "jest.mock('src/new')\n"),
        ("const a = () => import('old')\n", "const a = () => import('src/new')\n"),
        ("const old = 'old' // old\n", "const old = 'old' // old\n"),
        (
            "import { b } from 'a'\nimport { a } from 'old' // mine\nimport { c } from 'z'\n",
            "import { b } from 'a'\nimport { a } from 'src/new' // mine\nimport { c } from 'z'\n",
        ),
        (
            "import { a } from 'old'\nimport { b } from 'package'\n",
            "import { b } from 'package'\n\nimport { a } from 'src/new'\n",
        ),
    ],
)
def test_specifiers_change_where_they_name_the_module(before: str, after: str) -> None:
    assert respecified(before, ".ts", REDWOOD_STYLE, {"old": "src/new"}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[web]\nport = 1\n\n[experimental.inngest]\n", "[web]\nport = 1\n"),
        (
            "[experimental.inngest]\n  enabled = true\n[web]\nport = 1\n",
            "[web]\nport = 1\n",
        ),
        ("[experimental.inngest]\nother = 1\n", "[experimental.inngest]\nother = 1\n"),
        ("[experimental.other]\n", "[experimental.other]\n"),
        (
            "[experimental]\n  [experimental.inngest]\n  [experimental.rsc]\n  enabled = true\n",
            "[experimental]\n  [experimental.rsc]\n  enabled = true\n",
        ),
    ],
)
def test_the_section_of_the_old_tool_goes(before: str, after: str) -> None:
    assert without_section(before) == after


@pytest.mark.parametrize(
    ("asked", "after"),
    [
        ("1.8.2", "^3.54.2"),
        ("^2.0.0", "^3.54.2"),
        (">=2 <3", "^3.54.2"),
        ("^3.20.0", "^3.54.2"),
        ("^3.60.0", "^3.60.0"),
    ],
)
def test_the_sdk_goes_to_another_major(asked: str, after: str) -> None:
    text = f'{{ "dependencies": {{ "inngest": "{asked}" }} }}'
    expected = f'{{ "dependencies": {{ "inngest": "{after}" }} }}'
    assert package_json.set_version(text, "inngest", "^3.54.2") == expected
