"""What developers install is pinned with hashes, and what users install has bounds."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement
from redwood_inngest.app.files import load_toml

REPOSITORY = Path(__file__).parents[2]
PROJECT = load_toml((REPOSITORY / "pyproject.toml").read_text())
PINS = (REPOSITORY / "requirements-dev.txt").read_text()


def test_each_dependency_is_pinned() -> None:
    """`make requirements` does it."""
    pinned = {name.lower() for name in re.findall(r"^([\w.-]+)==", PINS, re.MULTILINE)}
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    assert {Requirement(one).name.lower() for one in asked} <= pinned


def test_each_pin_has_hashes() -> None:
    entries = re.split(r"\n(?=\w)", PINS.strip())
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_each_dependency_of_users_has_bounds() -> None:
    for one in PROJECT["project"]["dependencies"]:
        operators = {specifier.operator for specifier in Requirement(one).specifier}
        assert {">=", "<"} <= operators, one
