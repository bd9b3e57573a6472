"""The answers to the questionnaire: how they are read, and the rules for each.

A check says the rule first, in one sentence: the prompt shows one line, half of which is Copier's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ..app.code_style import style_answers
from ..app.files import load_yaml, read_if_there, read_yaml
from ..app.framework import FRAMEWORKS
from ..app.versions import SDK_MAJORS
from ..errors import Refusal
from ..typescript.style import REDWOOD_STYLE


def check_event_prefix(answer: object) -> str:
    """Check the start of the event names.

    Returns:
        The answer.

    Raises:
        Refusal: It has other characters than those allowed, or is Inngest's own.
    """
    if isinstance(answer, str) and answer.lower().startswith("inngest"):
        raise Refusal(
            "Use an event prefix that does not start with inngest, as in graphql or my-app.api: "
            f"Inngest keeps such names for itself and refuses the events, so not {_shown(answer)}."
        )
    if isinstance(answer, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{,29}", answer):
        return answer
    raise Refusal(
        "Use only letters, digits, . _ - (a letter first, 30 at most) in the event prefix, as in "
        f"graphql or my-app.api: {_shown(answer)} is something else."
    )


def check_operations(answer: object) -> list[str]:
    """Check which operations become events.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of at least one kind of operation.
    """
    kinds = {"query", "mutation", "subscription"}
    if isinstance(answer, list) and answer and all(each in kinds for each in answer):
        return answer
    raise Refusal(
        "Choose at least one operation: query, mutation or subscription, as a list; "
        f"{_shown(answer)} is none."
    )


def check_user_fields(answer: object) -> list[str]:
    """Check which fields of `currentUser` the events carry.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of names.
    """
    return _list_of(
        r"[A-Za-z_$][\w$]{,29}",
        answer,
        "Give a list, like [id, email] or [], of fields of currentUser",
    )


def check_denied_types(answer: object) -> list[str]:
    """Check the types whose operations are never sent.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of names of types.
    """
    return _list_of(_NAME, answer, "Give a list, like [Session] or [], of names of types")


def check_denied_coordinates(answer: object) -> list[str]:
    """Check the fields whose operations are never sent.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of schema coordinates of fields.
    """
    rule = "Give a list, like [User.email] or [], of schema coordinates"
    return _list_of(rf"{_NAME}\.{_NAME}", answer, rule)


def check_redact_paths(answer: object) -> list[str]:
    """Check the paths that are redacted.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of paths.
    """
    return _list_of(r"[^\s\x00-\x1f]+", answer, "Give a list, like [input.email] or [], of paths")


def check_serve_path(answer: object) -> str:
    """Check the path of the endpoint.

    Returns:
        The answer; empty for the path that the app sees.

    Raises:
        Refusal: It is not a path of a URL.
    """
    if isinstance(answer, str) and re.fullmatch(r"(?=.{,60}$)(/[\w.~-]+)*", answer, re.ASCII):
        return answer
    raise Refusal(
        f"Give a path, like /api/inngest, or nothing; {_shown(answer)} is neither: letters, "
        "digits, . _ ~ - and slashes make a path."
    )


def check_app_id(answer: object) -> str:
    """Check the app's id at Inngest.

    Returns:
        The answer.

    Raises:
        Refusal: It has other characters than those allowed.
    """
    if isinstance(answer, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{,59}", answer):
        return answer
    raise Refusal(
        f"Use only letters, digits, _ and - in the id, as in my-app: {_shown(answer)} has "
        "something else."
    )


def check_operation_folders(answer: object) -> list[str]:
    """Check which folders hold operations, beside the sides of the app.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a list of paths that are relative to the app's folder.
    """
    rule = "Give a list, like [../mobile/src] or [], of folders, from the app's folder on"
    return _list_of(r"(?!/)[^\x00-\x1f\\:]+", answer, rule)


def check_scalars(answer: object) -> dict[str, str]:
    """Check the JSON types of the app's own scalars.

    Returns:
        The answer.

    Raises:
        Refusal: It is not a mapping of names to types of TypeScript.
    """
    plain = "(string|number|boolean|null|unknown)"
    if isinstance(answer, dict) and all(
        re.fullmatch(_NAME, str(name), re.ASCII)
        and re.fullmatch(rf"{plain}( \| {plain})*", str(type_))
        for name, type_ in answer.items()
    ):
        return answer
    raise Refusal(
        "Give a mapping, like {Money: string} or {}, to string, number, boolean, null, unknown, "
        f"or several with | between; {_shown(answer)} is none."
    )


_NAME = r"[A-Za-z_]\w*"


def _list_of(pattern: str, answer: object, rule: str) -> list[str]:
    right = isinstance(answer, list) and all(
        isinstance(item, str) and re.fullmatch(pattern, item, re.ASCII) for item in answer
    )
    if isinstance(answer, list) and right:
        return answer
    raise Refusal(f"{rule}; {_shown(answer)} is none.")


# The answers without which an app cannot be wired.
NEEDED = (
    "framework",
    "api_path",
    "api_port",
    "graphql_handler",
    "package_manager",
    "sdk_major",
)

_TEXTS = ("event_prefix", "serve_path", "app_id")

CHECKS: dict[str, Callable[[object], object]] = {
    "event_prefix": check_event_prefix,
    "operations": check_operations,
    "user_fields": check_user_fields,
    "denied_types": check_denied_types,
    "denied_coordinates": check_denied_coordinates,
    "redact_paths": check_redact_paths,
    "operation_folders": check_operation_folders,
    "scalars": check_scalars,
    "serve_path": check_serve_path,
    "app_id": check_app_id,
}


def check_given(answers: Mapping[str, object]) -> None:
    """Check the answers that were given beforehand.

    Args:
        answers: Answers by question; a text stands for the YAML value in it, as with `--data`.

    Raises:
        Refusal: One of them is wrong.
    """
    for name, answer in answers.items():
        if name.startswith("_"):
            raise Refusal(f"there is no question {name}: such names are Copier's own.")
        _check(name, answer_value(name, answer))


def answer_value(name: str, answer: object) -> object:
    """An answer that was given beforehand: a text stands for the YAML value in it."""
    is_yaml = isinstance(answer, str) and name not in _TEXTS
    return _parsed(str(answer)) if is_yaml else answer


def _parsed(text: str) -> object:
    """The YAML value in a text; the text itself where there is none."""
    try:
        return load_yaml(text)
    except ValueError:
        return text


def _check(name: str, answer: object) -> None:
    """Check an answer to any question."""
    if name in CHECKS:
        CHECKS[name](answer)
    elif name in CHOICES and not any(answer == choice for choice in CHOICES[name]):
        known = ", ".join(map(str, CHOICES[name]))
        raise Refusal(f"{name} is one of {known}: {_shown(answer)} is none of them.")
    elif name in YES_OR_NO and str(answer).lower() not in _BOOLEANS:
        raise Refusal(f"{name} is true or false: {_shown(answer)} is neither.")
    elif name in FOUND and not FOUND[name](answer):
        raise Refusal(f"{name} cannot be {_shown(answer)}.")


def answers_in(file: Path) -> dict[str, Any]:
    """Read answers that are given beforehand from a YAML file.

    Args:
        file: The file.

    Returns:
        Answers by question.

    Raises:
        Refusal: The file cannot be read, or holds something else.
    """
    answers = read_yaml(file)
    if not isinstance(answers, dict):
        reason = "this is not a mapping of answers, such as `event_prefix: my-app`: repair it."
        raise Refusal(reason, path=str(file))
    for name in answers:
        if not isinstance(name, str):
            raise Refusal(f"{_shown(name)} is no name of a question: repair it.", path=str(file))
    return answers


def read_answers(file: Path) -> dict[str, Any]:
    """Read an answers file.

    Args:
        file: The file that Copier wrote.

    Returns:
        The answers by question.

    Raises:
        Refusal: The file is missing, or holds something else.
    """
    content = read_if_there(file)
    if content is None:
        raise Refusal("this answers file is missing.", path=str(file))
    try:
        answers = parsed_answers(content)
        check_kept(answers, NEEDED)
    except Refusal as refusal:
        raise Refusal(
            f"this answers file is damaged: take it from Git as Copier wrote it. {refusal.reason}",
            path=str(file),
        ) from None
    return answers


def parsed_answers(content: bytes) -> dict[str, Any]:
    """The answers by question in the content of an answers file.

    Raises:
        Refusal: It holds no answers.
    """
    try:
        answers = load_yaml(content.decode())
    except ValueError:
        raise Refusal("It is not YAML.") from None
    if not isinstance(answers, dict) or not all(isinstance(name, str) for name in answers):
        raise Refusal("It holds no answers.")
    return answers


def check_kept(answers: Mapping[str, object], needed: Iterable[str]) -> None:
    """Check answers as an answers file has them.

    Args:
        answers: Answers by question.
        needed: The questions that must be among them.

    Raises:
        Refusal: One is missing, or is not what Copier wrote.
    """
    for name in needed:
        if name not in answers:
            raise Refusal(f"{name} is missing.")
    for name in answers:
        _check(name, answers[name])


def _is_path(answer: object) -> bool:
    return (
        isinstance(answer, str)
        and bool(answer)
        and not PurePosixPath(answer).is_absolute()
        and ".." not in PurePosixPath(answer).parts
    )


def _is_port(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and 0 < answer < 65536


def _is_function_name(answer: object) -> bool:
    return isinstance(answer, str) and bool(re.fullmatch(r"[A-Za-z0-9_-]{1,60}", answer))


def _is_code_style(answer: object) -> bool:
    known = style_answers(REDWOOD_STYLE)["code_style"]
    return isinstance(answer, dict) and all(
        name in known and type(value) is type(known[name]) for name, value in answer.items()
    )


def _is_width(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and 0 < answer <= 1_000_000


CHOICES: dict[str, tuple[object, ...]] = {
    "framework": tuple(FRAMEWORKS),
    "language": ("ts", "js"),
    "module": ("cjs", "esm"),
    "package_manager": ("yarn", "npm", "pnpm"),
    "plugin": ("bundled", "package"),
    "delivery": ("auto", "background", "await"),
    "sdk_major": SDK_MAJORS,
}

YES_OR_NO = {
    "workspaces",
    "old_setup",
    "old_typescript",
    "has_logger",
    "example_function",
    "adjust_details",
    "send_anonymous_operations",
    "send_introspection",
    "send_errors",
    "include_raw_result",
    "install_dependencies",
}
# Texts that Copier takes for true or for false.
_BOOLEANS = {"true", "yes", "y", "t", "on", "1", "false", "no", "n", "f", "off", "0"}

# Answers found in the app that have more values than can be listed, with their checks.
FOUND: dict[str, Callable[[object], bool]] = {
    "api_path": _is_path,
    "api_port": _is_port,
    "code_style": _is_code_style,
    "endpoint": _is_function_name,
    "graphql_handler": _is_path,
    "print_width": _is_width,
}


def _shown(answer: object) -> str:
    shown = repr(answer)
    return shown if len(shown) <= 60 else shown[:57] + "..."
