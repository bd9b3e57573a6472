"""The help of the commands for later: it fits a screen, and has examples that can be typed."""

from __future__ import annotations

import re

import pytest

from tests.support.command import command

WITH_EXAMPLES = ("doctor", "remove", "dev", "completion")


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_it_fits_a_screen(name: str) -> None:
    lines = command("redwood-inngest", name, "--help").stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "\\b" not in "".join(lines)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_options_in_the_examples_exist(name: str) -> None:
    said = command("redwood-inngest", name, "--help").stdout
    examples = re.findall(rf"redwood-inngest {name}\b([^\n]*)", said.partition("\n\n")[2])
    assert examples
    options = {each for example in examples for each in re.findall(r"(?<!\S)--\w[\w-]*", example)}
    listed = set(re.findall(r"--\w[\w-]*", said.partition("Options:")[2]))
    assert options <= listed
