"""Any function of any kind is laid out as Prettier has it, in any style and at any width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings, strategies as st
from redwood_inngest.app.code_style import style_answers
from redwood_inngest.flows.functions.files import (
    Recipe,
    Subject,
    function_code,
    function_id,
    test_code as code_of_test,
)
from redwood_inngest.flows.functions.kinds import KINDS
from redwood_inngest.flows.functions.subjects import MAX_NAME
from redwood_inngest.typescript.style import CodeStyle

from tests.support.node import NodeTools, tools_folder
from tests.support.styles import prettier_options
from tests.unit.test_house_style import STYLES

# Short ones and long ones: a line's length depends on them.
NAMES = st.from_regex(r"[a-z][A-Za-z0-9]{1,38}", fullmatch=True)
VALUES = st.sampled_from(["text", 1, 1.5, True, "2026-01-31T12:00:00.000Z"])


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    if draw(st.integers(0, 4)) == 0:
        quoted = f"'shop/{draw(NAMES)}.{draw(NAMES)}'"
        return Subject("event of ours", quoted, quoted, "", (), value={"id": "1"})
    export = draw(NAMES) + draw(st.sampled_from(["Query", "Mutation", "Subscription" * 2]))
    event_name = draw(st.sampled_from([export, f"{export}.name"]))
    names = draw(st.lists(NAMES, min_size=1, max_size=3))
    assume(len(".".join(names)) <= MAX_NAME)  # longer ones are not chosen
    path = ("variables", *names)
    optional = draw(st.integers(0, len(path)))
    value = draw(VALUES)
    what = f"mutation {export}"
    return Subject(what, export, event_name, export, path, max(optional, 0), value, can_key=True)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    kind = draw(st.sampled_from(list(KINDS.values())))
    name = "on" + draw(NAMES)
    if kind.runs_on == "schedule":
        return Recipe(kind.name, name, cron="TZ=America/Argentina/Buenos_Aires 0 9 * * 1", zone="x")
    subject, other = draw(subjects()), draw(subjects())
    if kind.name == "fan-out":
        touched = [{"typename": "Order", "id": 1}]
        path = ("identifiers",)
        subject = Subject(
            "mutation X", subject.event, subject.event_name, subject.exported, path, value=touched
        )
        return Recipe(kind.name, name, subject, child=f"{name}Each")
    match = f"async.{'.'.join(other.path)} == event.{'.'.join(subject.path)}"
    return Recipe(kind.name, name, subject, other if kind.other else None, match)


@pytest.fixture(scope="module")
def tools() -> Iterator[NodeTools]:
    tools = NodeTools(tools_folder())
    yield tools
    tools.close()


@given(
    recipes(),
    st.sampled_from(STYLES),
    st.integers(80, 200),
    st.sampled_from([3, 4]),
    st.sampled_from(["ts", "js"]),
    st.sampled_from(["cjs", "esm"]),
)
@settings(suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
def test_a_function_and_its_test_are_as_prettier_has_them(
    tools: NodeTools,
    recipe: Recipe,
    style: CodeStyle,
    width: int,
    sdk: int,
    language: str,
    module: str,
) -> None:
    answers: dict[str, Any] = {
        "sdk_major": sdk,
        "language": language,
        "module": module,
        **style_answers(replace(style, print_width=width)),
    }
    options = prettier_options(replace(style, print_width=width))
    for code in (function_code(recipe, answers), code_of_test(recipe, answers)):
        assert tools.call("format", code, f"x.{language}", options) == code


@given(NAMES)
@example("onPlaceOrder2x")
def test_the_id_of_a_function_is_one_of_inngests(name: str) -> None:
    identifier = function_id(name)
    assert identifier
    assert set(identifier) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert identifier.replace("-", "") == name.lower()
