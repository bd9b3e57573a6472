"""Env files: a block is added at the end, once."""

from __future__ import annotations

import pytest
from redwood_inngest.codemods.env_file import add_variables

BLOCK = "# What it is.\n# KEY=\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", "# What it is.\n# KEY=\n"),
        ("A=1\n", "A=1\n\n# What it is.\n# KEY=\n"),
        ("A=1", "A=1\n\n# What it is.\n# KEY=\n"),
        ("A=1\r\n", "A=1\r\n\r\n# What it is.\r\n# KEY=\r\n"),
    ],
)
def test_the_block_goes_to_the_end(source: str, expected: str) -> None:
    assert add_variables(source, BLOCK) == expected
    assert add_variables(expected, BLOCK) == expected


@pytest.mark.parametrize("line", ["KEY=mine", "# KEY=", "#KEY = 1", "export KEY=1"])
def test_a_variable_that_the_team_knows_is_left_alone(line: str) -> None:
    assert add_variables(f"{line}\n", BLOCK) == f"{line}\n"
