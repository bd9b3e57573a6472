"""Code before an upgrade under the old SDK does what the code after it does under the new one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from redwood_inngest.codemods.sdk import three_to_four, two_to_three
from redwood_inngest.codemods.sdk.codemod import upgrade

from tests.support.sdk import Files, packages, sdk

FIXTURES = Path(__file__).parents[1] / "fixtures" / "upgrade_sdk"
NAMES = {to: sorted(path.name for path in (FIXTURES / f"to-{to}").iterdir()) for to in (3, 4)}
CASES = [(to, name) for to, names in NAMES.items() for name in names]
# Runs that SDK 2 began go on by the protocol 0, which SDK 3 speaks too; SDK 3 and 4 have 1.
PROTOCOL = {3: 0, 4: 1}


def before(to: int, name: str) -> Files:
    """The modules of a fixture before the upgrade."""
    return _files(FIXTURES / f"to-{to}" / name, "input")


def after(to: int, name: str) -> Files:
    """The modules of a fixture after the upgrade."""
    return _files(FIXTURES / f"to-{to}" / name, "output")


def _files(folder: Path, side: str) -> Files:
    if (folder / side).is_dir():
        return {path.name: path.read_text() for path in sorted((folder / side).iterdir())}
    (file,) = folder.glob(f"{side}.*")
    return {file.name: file.read_text()}


def straight_to_4(name: str) -> Files:
    """The modules of a fixture of SDK 2, brought to SDK 4 in one go."""
    return {
        file.replace("input", "output"): upgrade(source, Path(file).suffix, to=4).source
        for file, source in before(3, name).items()
    }


@cache
def type_errors(version: int, side: str) -> dict[str, list[str]]:
    """What TypeScript says of all fixtures under a version, all at once."""
    if side == "straight":
        cases = {name: straight_to_4(name) for name in NAMES[3]}
    elif side == "before":
        cases = {name: before(version + 1, name) for name in NAMES[version + 1]}
    else:
        cases = {name: after(version, name) for name in NAMES[version]}
    return sdk(version).type_errors(cases)


@pytest.mark.parametrize(("to", "name"), CASES)
def test_it_type_checks_before_and_after(to: int, name: str) -> None:
    assert type_errors(to - 1, "before")[name] == []
    assert type_errors(to, "after")[name] == []


@pytest.mark.parametrize("name", NAMES[3])
def test_it_type_checks_straight_from_2_to_4(name: str) -> None:
    assert type_errors(4, "straight")[name] == []


@pytest.mark.parametrize(("to", "name"), CASES)
def test_it_does_the_same_before_and_after(to: int, name: str) -> None:
    protocol = PROTOCOL[to]
    old = sdk(to - 1).run(name, before(to, name), [protocol])
    new = sdk(to).run(name, after(to, name), [protocol])
    assert new["app"] == old["app"]
    assert _functions(new) == _functions(old)
    assert _runs(new) == _runs(old)


@pytest.mark.parametrize("name", NAMES[3])
def test_it_does_the_same_straight_from_2_to_4(name: str) -> None:
    by_way_of_3 = sdk(3).run(name, after(3, name), [1])
    straight = sdk(4).run(name, straight_to_4(name), [1])
    assert _functions(straight) == _functions(by_way_of_3)
    assert _runs(straight) == _runs(by_way_of_3)


def _functions(ran: dict[str, Any]) -> dict[str, Any]:
    """What Inngest is told of each function, by its id."""
    return {function["id"]: function for function in ran["functions"]}


def _runs(ran: dict[str, Any]) -> dict[str, Any]:
    """The steps of each function, their ids among them, what they send, and the result."""
    (runs,) = ran["runs"].values()
    assert all(run["status"] == 200 for run in runs.values()), runs
    return dict(runs)


@pytest.mark.parametrize(("to", "gone"), [(3, two_to_three.GONE), (4, three_to_four.GONE)])
def test_what_is_told_to_be_gone_is_what_the_packages_lack(to: int, gone: dict[str, str]) -> None:
    assert set(gone) == _exports(to - 1) - _exports(to)


def _exports(version: int) -> set[str]:
    """What `inngest` declares to export at a major version, types among it."""
    declared = (packages(version) / "node_modules/inngest/index.d.ts").read_text()
    lists = re.findall(r"export (?:type )?\{(.*?)\}", declared, re.DOTALL)
    names = [name.strip() for names in lists for name in names.split(",")]
    return {name.removeprefix("type ").rpartition(" as ")[2] for name in names if name}
