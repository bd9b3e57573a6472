"""Completion: bash, zsh and fish get code for it, and the command answers what that code asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.support.command import COMMANDS, command

SHELLS = ("bash", "zsh", "fish")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_code_asks_this_command(shell: str) -> None:
    result = command("redwood-inngest", "completion", shell)
    assert result.returncode == 0
    assert f"_REDWOOD_INNGEST_COMPLETE={shell}_complete" in result.stdout
    assert "redwood-inngest" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_help_has_the_line_for_each_shell(shell: str) -> None:
    said = command("redwood-inngest", "completion", "--help").stdout
    assert f"redwood-inngest completion {shell}" in said


def test_bash_completes_with_it() -> None:
    """A real bash runs the function that it has registered for the command."""
    bash = shutil.which("bash")
    assert bash
    script = """
        eval "$(redwood-inngest completion bash)"
        COMP_WORDS=(redwood-inngest g f) COMP_CWORD=2
        _redwood_inngest_completion redwood-inngest
        echo "${COMPREPLY[@]}"
        complete -p redwood-inngest
    """
    environment = {"PATH": f"{COMMANDS}:/usr/bin:/bin"}
    done = subprocess.run(
        [bash, "--norc", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    first, registered = done.stdout.splitlines()
    assert first == "function"
    assert registered.endswith("-F _redwood_inngest_completion redwood-inngest")


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("", {"setup", "remove", "dev", "completion", "generate", "destroy"}),
        ("d f", {"function"}),
        ("remove --y", {"--yes"}),
        ("completion ", {"bash", "zsh", "fish"}),
    ],
)
def test_commands_options_and_choices_are_offered(words: str, answers: set[str]) -> None:
    environment = {
        **os.environ,
        "_REDWOOD_INNGEST_COMPLETE": "bash_complete",
        "COMP_WORDS": f"redwood-inngest {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    said = subprocess.run(
        [COMMANDS / "redwood-inngest"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    offered = {line.partition(",")[2] for line in said.splitlines()}
    assert answers <= offered, offered


def test_the_module_is_the_command_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "redwood_inngest", "completion", "fish"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == command("redwood-inngest", "completion", "fish").stdout
