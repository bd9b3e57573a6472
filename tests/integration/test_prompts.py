"""The questions at a real pseudo-terminal."""

from __future__ import annotations

from pathlib import Path

import pexpect
import pytest

from tests.support.apps import small_app, tree
from tests.support.command import COMMANDS
from tests.support.terminal import plain_environment


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "my-shop")


def at_a_terminal(app: Path, template: Path) -> pexpect.spawn[str]:
    terminal = pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        ["setup", str(app), "--template", str(template)],
        env=plain_environment(),
        encoding="utf-8",
        dimensions=(40, 80),
        timeout=60,
    )
    terminal.expect("of this machine?")
    terminal.send("y\r")
    terminal.expect("events start with")
    terminal.expect("graphql")
    return terminal


def test_a_bad_event_prefix_is_refused_at_the_prompt_with_the_rule(
    app: Path, template: Path
) -> None:
    terminal = at_a_terminal(app, template)
    terminal.sendcontrol("u")
    terminal.send("a b\r")
    terminal.expect("Use only letters, digits, . _ -")
    for bad in ("it's", "${x}", 'a"b', "a/b", "1a"):
        terminal.sendcontrol("u")
        terminal.send(f"{bad}\r")  # were one accepted, the next would answer the next question
    terminal.sendcontrol("u")
    terminal.send("good-1\r")
    terminal.expect("Which GraphQL operations")
    screen = terminal.before or ""
    assert "done" not in screen
    assert "good-1" in screen
    terminal.sendcontrol("c")
    terminal.expect("nothing was changed")
    terminal.expect(pexpect.EOF)


def test_stopping_at_a_question_changes_nothing(app: Path, template: Path) -> None:
    before = tree(app)
    terminal = at_a_terminal(app, template)
    terminal.sendcontrol("c")
    terminal.expect("stopped at the questions: nothing was changed")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert tree(app) == before


def test_the_answers_given_by_hand_are_used(app: Path, template: Path) -> None:
    terminal = at_a_terminal(app, template)
    terminal.sendcontrol("u")
    terminal.send("shop\r")
    terminal.expect("Subscriptions")
    terminal.send(" \r")  # takes queries out
    terminal.expect("npm package envelop-plugin-inngest")
    terminal.send("\r")
    terminal.expect(r"\[id\]")
    terminal.sendcontrol("u")
    terminal.send("[id, email]\r")
    # Without queries there is nothing for the example to run on, and it is not asked for.
    terminal.expect("y/N")
    terminal.send("y")
    terminal.expect("What fits the platform")
    terminal.send("\r")
    for question in ("have no name", "introspection", "has errors", "whole result"):
        terminal.expect(question)
        terminal.expect("y/N")
        terminal.send("y")
    for question in ("of these types", "of these fields", "should be redacted"):
        terminal.expect(question)
        terminal.expect(r"\[\]")
        terminal.send("\r")
    for question, none in (("from this one on", r"\[\]"), ("{Money: string}", r"{}")):
        terminal.expect_exact(question)
        terminal.expect(none)
        terminal.send("\r")
    terminal.expect("from outside")
    terminal.send("/api/inngest\r")
    terminal.expect("id at Inngest")
    terminal.send("\r")
    terminal.expect("major of the Inngest SDK")
    terminal.send("\r")
    terminal.expect("yarn now")
    terminal.expect("Y/n")
    terminal.send("n")
    terminal.expect("Make these changes?")
    terminal.send("y\r")
    terminal.expect("Inngest is set up")
    terminal.expect(pexpect.EOF)
    plugin = (app / "api/src/inngest/plugin.ts").read_text()
    assert "buildEventNamePrefixFunction: () => 'shop'," in plugin
    assert "sendOperations: ['mutation']," in plugin
    assert "  sendErrors: true,\n  includeRawResult: true,\n" in plugin
    assert "      id: user.id,\n      email: user.email,\n" in plugin
    assert not (app / "api/src/inngest/functions/helloWorld.ts").exists()
