"""Our prompts, with keys as a terminal sends them."""

from __future__ import annotations

import pytest
import questionary
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from redwood_inngest.cli.questions import own_prompts

MESSAGE = "What should the names start with?\n  "


def ask(keys: str, **question: object) -> object:
    """Ask as Copier does, and press keys."""
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text(keys)
        with own_prompts():
            asked = {"message": MESSAGE, "name": "it", "qmark": "🎤", **question}
            return questionary.unsafe_prompt([asked])["it"]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("\r", "graphql"),
        ("shop\r", "shop"),
        ("\x1b[F-api\r", "graphql-api"),  # End
        ("\x05-api\r", "graphql-api"),  # Ctrl+E
        ("\x1b[Hmy-\r", "my-graphql"),  # Home
        ("\x01my-\r", "my-graphql"),  # Ctrl+A
        ("\x1b[D\x7f\x7f\r", "grapl"),  # Left, then Backspace twice
        ("\x7fapi\r", "api"),  # Backspace takes all of it
        ("\x15\r", ""),  # Ctrl+U, too
        ("\x17a\r", "a"),  # and Ctrl+W
        ("\x1b[200~shop\n\x1b[201~\r", "shop"),  # a paste
        ("\x1b[200~shop\x1b[201~\x1b[200~.api\x1b[201~\r", "shop.api"),
    ],
)
def test_what_is_offered_is_replaced_by_what_is_typed_or_edited(keys: str, answer: str) -> None:
    asked = ask(keys, type="input", default="graphql", validate=lambda _: True)
    assert asked == answer


def test_what_was_refused_is_offered_again(capsys: pytest.CaptureFixture[str]) -> None:
    def check(text: str) -> bool | str:
        return " " not in text or f"Validation error for question 'it': no blanks, as in {text!r}"

    asked = ask("a b\r\x1b[F\x7f\x7fc\r", type="input", default="graphql", validate=check)
    assert asked == "ac"
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "no blanks, as in 'a b'"
    assert printed.endswith("? What should the names start with? ac\n")


@pytest.mark.parametrize(
    ("default", "said"),
    [
        ("[id]", "A list is written like [a, b], and [] is an empty one: '[x' is neither."),
        ("{}", "A mapping is written like {A: b}, and {} is an empty one: '[x' is neither."),
    ],
)
def test_what_is_no_yaml_is_told_how_it_is_written(
    default: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ask("[x\r[x]\r", type="input", default=default, validate=lambda _: True)
    assert asked == "[x]"
    assert capsys.readouterr().out.splitlines()[0] == said


def test_several_choices_are_named_once_they_are_made(capsys: pytest.CaptureFixture[str]) -> None:
    choices = [questionary.Choice(name, checked=name < "C") for name in "ABC"]
    check = {"validate": lambda some: bool(some) or "Choose at least one."}
    asked = ask("aa\r \x1b[B\x1b[B \r", type="checkbox", choices=choices, **check)
    assert asked == ["A", "C"]
    assert capsys.readouterr().out == (
        "Choose at least one.\n? What should the names start with? A, C\n"
    )


def test_one_choice_and_a_yes(capsys: pytest.CaptureFixture[str]) -> None:
    choices = [questionary.Choice(name, value=name.lower()) for name in "AB"]
    assert ask("\x1b[B\r", type="select", choices=choices, default=choices[0]) == "b"
    assert ask("y", type="confirm", default=False) is True
    assert [line[-3:] for line in capsys.readouterr().out.splitlines()] == ["? B", "Yes"]


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_stopping_is_an_interruption(key: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask("\x15" + key, type="input", default="graphql", validate=lambda _: True)


def test_afterwards_the_prompts_are_questionarys_own() -> None:
    before = dict(questionary.prompts.AVAILABLE_PROMPTS)
    ask("\r", type="input", default="graphql", validate=lambda _: True)
    assert before == questionary.prompts.AVAILABLE_PROMPTS
