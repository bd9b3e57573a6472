"""package.json: one member is added, and nothing else moves."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, strategies as st
from redwood_inngest.codemods.package_json import (
    add_dependency,
    add_script,
    raise_dependency,
    remove_dependency,
    remove_dev_dependency,
    remove_script,
    replace_script,
)
from redwood_inngest.errors import Refusal

NAMES = st.text(st.sampled_from("abcxyz@/-"), min_size=1, max_size=6)
SECTION = st.dictionaries(NAMES, st.text(max_size=5), max_size=4)
PACKAGES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=5),
        "dependencies": SECTION,
        "scripts": SECTION,
        "nested": st.lists(SECTION, max_size=2),
    },
)
LAYOUTS = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 4},
        {"indent": "\t"},
        {"separators": (",", ":")},
        {},
    ]
)


def test_a_dependency_goes_to_its_place_by_name() -> None:
    source = '{\n  "dependencies": {\n    "a": "1",\n    "z": "1"\n  }\n}\n'
    assert add_dependency(source, "inngest", "^3.54.2") == (
        '{\n  "dependencies": {\n    "a": "1",\n    "inngest": "^3.54.2",\n    "z": "1"\n  }\n}\n'
    )


def test_a_script_goes_after_the_others() -> None:
    source = '{\n\t"scripts": {\n\t\t"b": "1"\n\t}\n}\n'
    assert add_script(source, "a", "2") == (
        '{\n\t"scripts": {\n\t\t"b": "1",\n\t\t"a": "2"\n\t}\n}\n'
    )


def test_a_missing_section_is_added_at_the_end() -> None:
    source = '{\r\n    "name": "app"\r\n}'
    assert add_script(source, "a", "b") == (
        '{\r\n    "name": "app",\r\n    "scripts": {\r\n        "a": "b"\r\n    }\r\n}'
    )


def test_a_file_on_one_line_stays_on_one_line() -> None:
    assert add_script('{"name": "app"}', "a", "b") == '{"name": "app","scripts": {"a": "b"}}'


def test_a_dependency_that_is_there_keeps_its_version() -> None:
    source = '{"dependencies": {"inngest": "3.1.0"}}'
    assert add_dependency(source, "inngest", "^3.54.2") == source


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a JSON object"),
        ('{"dependencies": []}', '"dependencies" of this package.json is not an object'),
    ],
)
def test_what_is_no_package_json_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        add_dependency(source, "inngest", "^3.54.2")


@given(package=PACKAGES, layout=LAYOUTS, newline=st.sampled_from(["\n", "\r\n"]), name=NAMES)
def test_only_one_member_is_added(
    package: dict[str, object], layout: dict[str, Any], newline: str, name: str
) -> None:
    source = json.dumps(package, **layout).replace("\n", newline)
    result = add_dependency(source, name, "1")
    section = package.get("dependencies", {})
    assert isinstance(section, dict)
    expected = {**package, "dependencies": {name: "1", **section}}
    assert json.loads(result) == expected
    assert add_dependency(result, name, "1") == result
    start = same(source, result)
    end = same(source[start:][::-1], result[start:][::-1])
    replaced = source[start : len(source) - end]
    assert not replaced.strip()


@given(package=PACKAGES, layout=LAYOUTS, newline=st.sampled_from(["\n", "\r\n"]), data=st.data())
def test_one_member_is_removed_and_the_others_stay_as_they_are(
    package: dict[str, object], layout: dict[str, Any], newline: str, data: st.DataObject
) -> None:
    def printed(content: dict[str, object]) -> str:
        return json.dumps(content, **layout).replace("\n", newline)

    section = package.get("dependencies", {})
    assert isinstance(section, dict)
    name = data.draw(st.sampled_from([*section, "not there"]))
    left = {other: version for other, version in section.items() if other != name}
    expected = {**package, "dependencies": left} if section else package
    assert remove_dependency(printed(package), name) == printed(expected)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("^3.50.0", "^3.54.2"),
        ("~3.50.0", "~3.54.2"),
        ("3.9.10", "3.54.2"),
        ("^3.54.2", "^3.54.2"),
        ("^4.0.0", "^4.0.0"),
        ("latest", "latest"),
        ("workspace:*", "workspace:*"),
        (">=3.50.0", ">=3.50.0"),
        ("3.50.0-beta.1", "3.50.0-beta.1"),
    ],
)
def test_a_lower_version_is_raised_and_no_other(declared: str, expected: str) -> None:
    source = '{ "dependencies": {"a": "1.0.0",  "inngest": "%s" } }\n'
    assert raise_dependency(source % declared, "inngest", "^3.54.2") == source % expected


@pytest.mark.parametrize("source", ["{}", '{"dependencies": {"a": "1.0.0"}}'])
def test_a_package_that_is_not_there_is_not_raised(source: str) -> None:
    assert raise_dependency(source, "inngest", "^3.54.2") == source


@pytest.mark.parametrize(
    ("present", "expected"),
    [("run --port 1", "run --port 2"), ("run --port 2", "run --port 2"), ("ours", "ours")],
)
def test_a_script_is_replaced_where_an_earlier_version_wrote_it(
    present: str, expected: str
) -> None:
    source = '{\n\t"scripts": { "dev": "%s" }\n}\n'
    former = re.compile(r"run --port \d")
    assert replace_script(source % present, "dev", "run --port 2", former) == source % expected
    assert replace_script("{}", "dev", "run --port 2", former) == "{}"


def same(one: str, other: str) -> int:
    """How many characters the two have in common at the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


@given(PACKAGES, LAYOUTS)
def test_a_script_is_removed_only_as_it_was_written(
    package: dict[str, object], layout: dict[str, Any]
) -> None:
    source = json.dumps({"scripts": {"z": "ls"}, **package}, **layout)
    written = re.compile(r"inngest dev \d+")
    added = add_script(source, "inngest:dev", "inngest dev 8911")
    assert remove_script(added, "inngest:dev", written) == source
    edited = add_script(source, "inngest:dev", "inngest dev 8911 --verbose")
    assert remove_script(edited, "inngest:dev", written) == edited


def test_a_dev_dependency_is_removed_from_its_own_section() -> None:
    source = '{ "dependencies": { "a": "1" }, "devDependencies": { "a": "1", "b": "1" } }'
    assert remove_dev_dependency(source, "a") == (
        '{ "dependencies": { "a": "1" }, "devDependencies": { "b": "1" } }'
    )
