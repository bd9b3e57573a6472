"""What holds for every module that `upgrade-sdk` takes, on generated ones."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st
from redwood_inngest.codemods.sdk.codemod import upgrade
from redwood_inngest.errors import Refusal

from tests.support.node import NodeTools, tools_folder

WORDS = st.sampled_from(["order", "user", "mail", "Invoice", "Über uns", "daily report", "a-b"])
TIMES = st.sampled_from(["'1s'", "'2 hours'", "90000", "event.data.wait"])
EVENTS = st.sampled_from(["'shop/order.placed'", "'shop/user.created'", "'shop/mail.sent'"])
# Code that has the SDK's words, and nothing to do with it.
CODE = st.sampled_from(
    [
        "class Step {\n  sleep( time: string ) { return this.serve(time, [ ]) }\n}",
        "export const step = { sleep: (time: string) => time }\nawait step.sleep('1s')",
        "for (const name of ['inngest']) { console.log( { name }, `${name}` ) } // serve()",
        "type Inngest = { name: string; serve?: () => void }",
        "lambda.createFunction({ FunctionName: 'a' }, (error) => { throw error })",
        "const serve = (client: unknown,functions: unknown) => [client, functions]\nserve(1, 2)",
    ]
)
COMMENTS = ["// a line", "/* a block */", "/**\n * Two lines.\n */"]


@st.composite
def steps(draw: st.DrawFn, version: int) -> str:
    """A statement of a handler, as the version has it."""
    time, event, word = draw(TIMES), draw(EVENTS), draw(WORDS)
    old = {
        "sleep": f"await step.sleep({time})",
        "until": "await step.sleepUntil(new Date())",
        "run": f"await step.run('{word}', () => 1)",
        "wait": f"await step.waitForEvent({event}, {{ timeout: '1d', match: 'data.id' }})",
        "wait long": f"await step.waitForEvent({event}, '2d')",
        "send": f"await step.sendEvent({{ name: {event}, data: {{ id: 1 }} }})",
        "other": "await other.sleep('1s')",
    }
    new = {
        "sleep": f"await step.sleep('pause', {time})",
        "run": f"await step.run('{word}', () => 1)",
        "wait": f"await step.waitForEvent('wait', {{ event: {event}, timeout: '1d' }})",
        "invoke": "await step.invoke('call', { function: 'shop-other', data: {} })",
    }
    kinds = old if version == 2 else new
    return kinds[draw(st.sampled_from(sorted(kinds)))]


@st.composite
def functions(draw: st.DrawFn, version: int, number: int) -> str:
    """A function, as the version has it."""
    name, event = draw(WORDS), draw(EVENTS)
    body = "".join(f"    {step}\n" for step in draw(st.lists(steps(version), max_size=3)))
    handler = f"async ({{ event, step }}) => {{\n{body}    return event.data\n  }}"
    if version == 2:
        options = draw(
            st.sampled_from([f"'{name}'", f"{{ name: '{name}' }}", f"{{ name: `{name}` }}"])
        )
        trigger = draw(st.sampled_from([event, f"{{ event: {event} }}", "{ cron: '* * * * *' }"]))
    else:
        options = draw(st.sampled_from([f"{{ id: 'f{number}' }}", "{ id: 'x', retries: 2 }"]))
        trigger = draw(
            st.sampled_from(
                [f"{{ event: {event} }}", f"[{{ event: {event} }}, {{ cron: '1 * * * *' }}]", "[]"]
            )
        )
    return (
        f"export const f{number} = inngest.createFunction(\n"
        f"  {options},\n  {trigger},\n  {handler}\n)\n"
    )


@st.composite
def modules(draw: st.DrawFn, version: int) -> str:
    """A module with a client, functions and an endpoint, among code that is not the SDK's."""
    name = "name" if version == 2 else "id"
    made = [draw(functions(version, number)) for number in range(draw(st.integers(0, 3)))]
    names = ", ".join(f"f{number}" for number in range(len(made)))
    extra = draw(st.sampled_from(["", "servePath: '/api/x'", "logLevel: 'debug'"]))
    if version == 2:
        serve = f"serve(inngest, [{names}]{f', {{ {extra} }}' * bool(extra)})"
    else:
        serve = f"serve({{ client: inngest, functions: [{names}]{f', {extra}' * bool(extra)} }})"
    parts = [
        "import { Inngest } from 'inngest'\nimport { serve } from 'inngest/redwood'\n",
        f"export const inngest = new Inngest({{ {name}: 'shop' }})\n",
        *made,
        "export const other = { sleep: (time: string) => time }\n",
        f"export const handler = {serve}\n",
    ]
    return "\n".join(parts)


BOTH = st.sampled_from([2, 3]).flatmap(
    lambda version: st.tuples(st.just(version), modules(version))
)


@pytest.fixture(scope="module")
def node() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@settings(max_examples=60, deadline=None)
@given(module=BOTH, to=st.sampled_from([3, 4]))
def test_a_second_run_changes_nothing(module: tuple[int, str], to: int) -> None:
    once = upgrade(module[1], to=to).source
    assert upgrade(once, to=to).source == once


@settings(max_examples=40, deadline=None)
@given(module=BOTH)
def test_one_go_is_as_two(module: tuple[int, str]) -> None:
    by_way_of_3 = upgrade(upgrade(module[1], to=3).source, to=4).source
    assert upgrade(module[1], to=4).source == by_way_of_3


@settings(max_examples=30, deadline=None)
@given(module=BOTH, to=st.sampled_from([3, 4]), code=CODE)
def test_code_without_the_sdk_stays(module: tuple[int, str], to: int, code: str) -> None:
    place = module[1].index("export const other")
    around = f"{module[1][:place]}{code}\n\n{module[1][place:]}"
    assert code in upgrade(around, to=to).source
    assert upgrade(code, to=to).source == code


@settings(max_examples=40, deadline=None)
@given(module=BOTH, to=st.sampled_from([3, 4]), newline=st.just("\r\n"))
def test_line_ends_stay(module: tuple[int, str], to: int, newline: str) -> None:
    expected = upgrade(module[1], to=to).source.replace("\n", newline)
    assert upgrade(module[1].replace("\n", newline), to=to).source == expected


def on_one_line(text: str) -> str:
    """A text with single blanks for its whitespace."""
    return " ".join(text.split())


@settings(max_examples=60, deadline=None)
@given(
    module=BOTH,
    to=st.sampled_from([3, 4]),
    comment=st.sampled_from(COMMENTS),
    place=st.integers(0, 10_000),
)
def test_no_comment_is_lost(module: tuple[int, str], to: int, comment: str, place: int) -> None:
    source = module[1]
    gaps = [match.end() for match in re.finditer(r"[,({\n](?=\s)", source)]
    at = gaps[place % len(gaps)]
    commented = f"{source[:at]} {comment}\n{source[at:]}"
    try:
        done = upgrade(commented, to=to).source
    except Refusal:
        return  # it says that there is no place for the comment
    assert on_one_line(comment) in on_one_line(done)  # it may be indented more
    assert upgrade(done, to=to).source == done


@settings(max_examples=25, deadline=None)
@given(module=BOTH, to=st.sampled_from([3, 4]))
def test_what_prettier_formatted_stays_so(
    module: tuple[int, str], to: int, node: NodeTools
) -> None:
    formatted = node.call("format", module[1], "x.ts", None)
    done = upgrade(formatted, to=to).source
    again = node.call("format", done, "x.ts", None)
    assert done == again, "\n".join(difflib.unified_diff(done.split("\n"), again.split("\n")))


@given(module=BOTH, to=st.sampled_from([3, 4]))
@settings(max_examples=20, deadline=None)
def test_another_quote_and_indent_give_the_same_in_that_style(
    module: tuple[int, str], to: int
) -> None:
    quoted = module[1].replace("'", '"')
    assert Counter(upgrade(quoted, to=to).source)["'"] == 0
