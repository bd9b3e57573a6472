"""What a team has written in its client, plugin and endpoint is all there after an adoption."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings, strategies as st
from redwood_inngest.codemods.adoption.carry import Target, carry
from redwood_inngest.codemods.adoption.imports import names_at_top, used_at_top
from redwood_inngest.codemods.adoption.options import plugin_answers
from redwood_inngest.codemods.adoption.parts import PLUGIN, Part, find_part
from redwood_inngest.codemods.sdk.objects import key_of
from redwood_inngest.typescript.bindings import Module
from redwood_inngest.typescript.nodes import is_kind
from redwood_inngest.typescript.parser import parse
from redwood_inngest.typescript.style import REDWOOD_STYLE

from tests.support.rendering import rendered_code

RENDERED = rendered_code(plugin_too=False)["api/src/inngest/plugin.ts"]

# Options with the statements and the imports that they need; those on the left are answers.
ANSWERS = [
    "sendErrors: true",
    "sendOperations: ['mutation']",
    "denylist: { types: ['Session'] }",
    "buildEventNamePrefixFunction: async () => 'shop'",
]
KEPT = [
    ("sendIntrospection: isLoud", "const isLoud = process.env.LOUD === '1'", ""),
    ("includeRawResult: whole", "let whole = false", ""),
    (
        "buildEventNameFunction: async ({ params }) => {\n    return named(params)\n  }",
        "// How events are called.\nconst named = (params) => slug(params.args.operationName)",
        "import { slug } from 'src/lib/slug'",
    ),
    ("redactRawResultOptions: { paths, censor: '-' }", "", "import paths from './paths'"),
    (
        "logging: { ...console, trace: say }",
        "function say(text: Text) {}",
        "import type { Text } from 'a'",
    ),
    ("...more", "", "import * as more from '../more'"),
    (
        "sendAnonymousOperations: (() => flag())()",
        "export class Flags {}",
        "import { f as flag } from 'b'",
    ),
]
COMMENTS = ["", "// One line.", "/* A block. */", "/**\n   * A long one.\n   */"]


@dataclass(frozen=True)
class Written:
    """A module with a plugin, and the comments above the options that are kept."""

    text: str
    comments: list[str]


@st.composite
def plugins(draw: st.DrawFn) -> Written:
    answered = draw(st.lists(st.sampled_from(ANSWERS), unique=True))
    kept = draw(st.lists(st.sampled_from(KEPT), unique=True))
    members = [f"  {one}," for one in answered]
    comments: list[str] = []
    for option, _, _ in kept:
        comment = draw(st.sampled_from(COMMENTS))
        beside = draw(st.sampled_from(["", "// Beside it.", "/* Beside. */"]))
        comments += filter(None, [comment, beside])
        lead = f"  {comment}\n" if comment else ""
        members.append(f"{lead}  {option}, {beside}".rstrip())
    members = draw(st.permutations(members))
    imports = "".join(f"{one[2]}\n" for one in kept if one[2])
    above = draw(st.sampled_from(["", "// A statement.\n", "/** Documented. */\n"]))
    after = draw(st.sampled_from(["", " // After it."]))
    statements = "".join(f"{above}{one[1]}{after}\n\n" for one in kept if one[1])
    comments += [each.strip() for one in kept if one[1] for each in (above, after) if each]
    options = "\n".join(["  inngestClient: inngest,", *members])
    return Written(
        "import { useInngest } from 'envelop-plugin-inngest'\n"
        "import { inngest } from 'src/lib/inngest'\n"
        f"{imports}\n{statements}export const inngestPlugin = useInngest({{\n{options}\n}})\n",
        comments,
    )


def carried(old: Part) -> str:
    """The template's plugin with what no answer can say."""
    answered = {*plugin_answers(old), "inngestClient"}
    members = [one for one in old.members if key_of(one) not in answered]
    statements = [
        one
        for one in old.module.program.parts
        if one is not old.statement and not is_kind(one, "import_statement", "end_of_file")
    ]
    target = Target(RENDERED, ".ts", REDWOOD_STYLE, lambda one: one, bundled=True)
    return carry(target, old, members, statements)


@settings(max_examples=150, deadline=None)
@given(plugins())
def test_nothing_is_lost_and_every_name_is_known(written: Written) -> None:
    old = find_part(written.text, ".ts", PLUGIN)
    text = carried(old)
    for option, statement, _ in KEPT:
        if option in written.text:
            assert option in text
            assert statement.split("\n")[-1] in text
    for comment in written.comments:
        assert text.count(comment) >= written.comments.count(comment)
    for option in ANSWERS:
        assert option not in text or option in RENDERED
    module = Module(parse(text, ".ts"))
    names = [one.name.text for one in names_at_top(module)]
    assert len(names) == len(set(names))
    before = {one.name.text for one in used_at_top(old.module, old.module.program.parts)}
    after = {one.name.text for one in used_at_top(module, module.program.parts)}
    used_by_answers = {"useInngest", "inngest"}
    assert before - used_by_answers <= after | {"inngestPlugin"}
