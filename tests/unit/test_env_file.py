"""Env files: a block is added at the end, once."""

from __future__ import annotations

import pytest
from redwood_inngest.codemods.env_file import add_variables, remove_variables, replace_variables

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


NEWER = "# What it is now.\n# KEY=\n# OTHER=\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_block_of_an_earlier_version_is_replaced_once(newline: str) -> None:
    source, expected = (f"A=1\n\n{block}B=2\n".replace("\n", newline) for block in (BLOCK, NEWER))
    assert replace_variables(source, NEWER, [BLOCK]) == expected
    assert replace_variables(expected, NEWER, [BLOCK]) == expected


def test_a_block_that_only_grew_is_not_added_again() -> None:
    longer = f"{BLOCK}# OTHER=\n"
    assert replace_variables(longer, longer, [BLOCK]) == longer


@pytest.mark.parametrize("source", ["", "A=1\n", "# What it is.\nKEY=ours\n"])
def test_a_block_that_the_team_changed_or_removed_stays_so(source: str) -> None:
    assert replace_variables(source, NEWER, [BLOCK]) == source


@pytest.mark.parametrize("source", ["", "A=1\n", "A=1\r\n", "A=1\n\n\nB=2\n"])
@pytest.mark.parametrize("after", ["", "C=3\n"])
def test_a_block_is_removed_again(source: str, after: str) -> None:
    newline = "\r\n" if "\r\n" in source else "\n"
    after = after.replace("\n", newline)
    added = add_variables(source, BLOCK) + after
    assert remove_variables(added, [BLOCK]) == source + after


def test_the_longest_block_is_removed_where_one_begins_another() -> None:
    longer = BLOCK + "# OTHER=\n"
    assert remove_variables(add_variables("A=1\n", longer), [BLOCK, longer]) == "A=1\n"


def test_a_block_that_was_edited_is_not_removed() -> None:
    edited = "A=1\n\n# What it is.\nKEY=mine\n"
    assert remove_variables(edited, [BLOCK]) == edited
