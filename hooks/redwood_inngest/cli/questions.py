"""Copier's questions, asked in the manner of this command.

Copier asks through questionary, which looks its prompts up in a table by the type of the question.
Here the table has ours: what is prefilled is replaced by what is typed, a reason for a refusal is
printed whole, and an answer stays on the screen with its question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ..errors import Refusal
from .printing import tell, terminal_width, wrapped

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings
    from questionary import Choice, Question

Validate = Callable[[Any], "str | bool"]


@contextmanager
def own_prompts() -> Iterator[None]:
    """Have Copier ask with these prompts."""
    from questionary.prompts import AVAILABLE_PROMPTS

    theirs = dict(AVAILABLE_PROMPTS)
    AVAILABLE_PROMPTS.update(input=_text, confirm=_confirm, select=_select, checkbox=_checkbox)
    try:
        yield
    finally:
        AVAILABLE_PROMPTS.update(theirs)


def ask_text(message: str, validate: Validate, default: str = "") -> str:
    """Ask for a text.

    Args:
        message: The question, and what else there is to say on the lines after it.
        validate: True for an answer that can be used, or else the reason why it cannot.
        default: The text that is offered.

    Raises:
        Refusal: The user has stopped.
    """
    try:
        return str(_text(message, validate, default).unsafe_ask())
    except KeyboardInterrupt:
        raise Refusal(STOPPED) from None


STOPPED = "stopped at the questions: nothing was changed."


@dataclass(frozen=True)
class _Prompt:
    """A question, in questionary's form."""

    ask: Callable[[], Any]

    def unsafe_ask(self, patch_stdout: bool = False) -> Any:
        """Ask; stopping is a KeyboardInterrupt."""
        try:
            return self.ask()
        except EOFError:
            raise KeyboardInterrupt from None


def _text(message: str, validate: Validate, default: str = "", **_: Any) -> _Prompt:
    def ask() -> str:
        typed = default
        while True:
            typed = _edited(f"{_shown(message)}\n>", typed)
            reason = _not_yaml(typed, default) or _refused(validate, typed)
            if not reason:
                _print_answer(message, typed or "(nothing)")
                return typed
            tell(click.style(reason, fg="red"))

    return _Prompt(ask)


def _confirm(message: str, default: bool = True, **_: Any) -> _Prompt:
    def ask() -> bool:
        from questionary import confirm

        yes: bool = confirm(_shown(message), default=default, erase_when_done=True).unsafe_ask()
        _print_answer(message, "Yes" if yes else "No")
        return yes

    return _Prompt(ask)


def _select(message: str, choices: list[Choice], default: Any = None, **_: Any) -> _Prompt:
    def ask() -> Any:
        from questionary import select

        value = select(
            _shown(message),
            choices,
            default,
            instruction="\n  (arrow keys move, enter chooses)",
            erase_when_done=True,
        ).unsafe_ask()
        _print_answer(message, *(str(each.title) for each in choices if each.value == value))
        return value

    return _Prompt(ask)


def _checkbox(message: str, choices: list[Choice], validate: Validate, **_: Any) -> _Prompt:
    def ask() -> list[Any]:
        from questionary import checkbox

        while True:
            values: list[Any] = checkbox(
                _shown(message),
                choices,
                instruction="\n  (arrow keys move, space chooses or drops, enter goes on)",
                erase_when_done=True,
            ).unsafe_ask()
            reason = _refused(validate, values)
            if not reason:
                chosen = (str(each.title) for each in choices if each.value in values)
                _print_answer(message, *chosen)
                return values
            for choice in choices:
                choice.checked = choice.value in values
            tell(click.style(reason, fg="red"))

    return _Prompt(ask)


def _shown(message: str) -> str:
    """A message of Copier's in lines that fit, below the question mark."""
    width = terminal_width() - 4
    lines = [row for line in message.strip().split("\n") for row in _rows(line, width)]
    return "\n  ".join(lines)


def _rows(line: str, width: int) -> list[str]:
    return wrapped(line.strip(), width).split("\n")


def _print_answer(message: str, *answers: str) -> None:
    question = message.strip().split("\n")[0]
    mark, answer = click.style("?", fg="cyan"), click.style(", ".join(answers), fg="yellow")
    tell(f"{mark} {click.style(question, bold=True)} {answer}")


def _edited(message: str, default: str) -> str:
    """Ask for a text; the one that is offered is replaced by what is typed, or edited."""
    from questionary import text

    question = text(message, default, erase_when_done=True, key_bindings=_bindings())
    _select_all(question)
    answer: str = question.unsafe_ask()
    return answer


def _select_all(question: Question) -> None:
    buffer = question.application.current_buffer
    buffer.cursor_position = 0
    buffer.start_selection()
    if buffer.selection_state:
        buffer.selection_state.enter_shift_mode()  # as if selected with shift and an arrow key
    buffer.cursor_position = len(buffer.text)


def _bindings() -> KeyBindings:
    """What keys do to a selection, where prompt_toolkit leaves it out."""
    from prompt_toolkit.filters import has_selection
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.keys import Keys

    bindings = KeyBindings()

    @bindings.add(Keys.BracketedPaste, filter=has_selection)
    def replace(event: KeyPressEvent) -> None:
        event.current_buffer.cut_selection()
        event.current_buffer.insert_text(event.data.strip())

    @bindings.add("c-u", filter=has_selection)
    @bindings.add("c-w", filter=has_selection)
    @bindings.add("c-k", filter=has_selection)
    @bindings.add("c-d", filter=has_selection)
    def take_out(event: KeyPressEvent) -> None:
        event.current_buffer.cut_selection()

    @bindings.add("c-a", filter=has_selection)
    @bindings.add("c-b", filter=has_selection)
    def to_start(event: KeyPressEvent) -> None:
        event.current_buffer.exit_selection()
        event.current_buffer.cursor_position = 0

    @bindings.add("c-e", filter=has_selection)
    @bindings.add("c-f", filter=has_selection)
    def to_end(event: KeyPressEvent) -> None:
        event.current_buffer.exit_selection()
        event.current_buffer.cursor_position = len(event.current_buffer.text)

    return bindings


def _refused(validate: Validate, answer: Any) -> str:
    """The reason why a check refuses an answer; empty where it does not."""
    from ..flows.copier_runs import reason_alone

    verdict = validate(answer)
    return "" if verdict is True else reason_alone(str(verdict))


def _not_yaml(typed: str, default: str) -> str:
    """How a list or a mapping is written, where one is asked for and this is not even YAML."""
    from ..app.files import load_yaml

    forms = {
        "[": "A list is written like [a, b], and",
        "{": "A mapping is written like {A: b}, and",
    }
    form = forms.get(default[:1])
    try:
        load_yaml(typed)
    except ValueError:
        empty = "[]" if default.startswith("[") else "{}"
        return f"{form} {empty} is an empty one: {typed!r} is neither." if form else ""
    return ""
