"""Makes docs/reference.md and docs/messages.md from the sources: `make docs`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml
from redwood_inngest.cli.main import main

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
PACKAGE = REPOSITORY / "hooks" / "redwood_inngest"
# The classes of what is told to a user, by their names in the sources.
_REFUSALS = {"Refusal", "UsageError", "BadParameter"}
# Fewer letters are a part of a sentence, which is made elsewhere.
_SHORT = 10
_TYPES = {"str": "text", "int": "number", "bool": "true or false", "yaml": "YAML"}


def pages() -> dict[Path, str]:
    """The pages that are made, with their texts."""
    return {DOCS / "reference.md": reference(), DOCS / "messages.md": messages()}


# Questions and commands


def reference() -> str:
    """The page with all questions and all commands."""
    return "\n".join([_REFERENCE_HEAD, *_questions(), *_commands()]) + "\n"


_REFERENCE_HEAD = """\
# Reference

Made from `copier.yml` and from the commands themselves by `make docs`.
[Messages](messages.md) lists what they can say.

## Questions

An answer is given at the prompt, with `--data NAME=VALUE`, or in a YAML file with
`--data-file FILE`. A list is written as YAML writes it, in brackets, and a mapping in braces. In a
shell they stand in quotes:

```sh
redwood-inngest setup --diff --data 'user_fields=[id, roles]' --data 'scalars={Money: string}'
```

The answers are kept in `.copier-answers.inngest.yml`. `redwood-inngest update --data NAME=VALUE`
changes one later.
"""


def _questions() -> Iterator[str]:
    loaded = yaml.safe_load((REPOSITORY / "copier.yml").read_text())
    questions = {name: each for name, each in loaded.items() if not name.startswith("_")}
    asked = {name: each for name, each in questions.items() if each.get("ask") is not False}
    details = {name for name, each in asked.items() if "adjust_details" in str(each.get("ask"))}
    for name, question in asked.items():
        yield from _question(name, question, is_detail=name in details)
    yield "### Found in the app\n"
    yield (
        "These answers are not asked: setup finds them. `--data` overrides one where it finds "
        "something else than you mean.\n"
    )
    yield "| Answer | Type |"
    yield "| --- | --- |"
    for name, question in questions.items():
        if name not in asked:
            yield f"| `{name}` | {_type(question)} |"
    yield ""


def _question(name: str, question: Mapping[str, Any], *, is_detail: bool) -> Iterator[str]:
    help_text = " ".join(str(question["help"]).split())
    help_text = help_text.replace("{{ package_manager }}", "the package manager")
    yield f"### `{name}`\n"
    yield f"{help_text}\n"
    yield f"- Type: {_type(question)}"
    if "{{" not in str(question["default"]):
        yield f"- Default: `{_written(question['default'])}`"
    if is_detail:
        yield "- Asked after a yes to `adjust_details`."
    if (example := _example(question, help_text)) is not None:
        value = f"'{name}={example}'" if re.search(r"[^\w./-]", example) else f"{name}={example}"
        yield f"- As an option: `--data {value}`"
    yield ""


def _type(question: Mapping[str, Any]) -> str:
    choices = question.get("choices")
    if choices:
        values = choices.values() if isinstance(choices, Mapping) else choices
        listed = ", ".join(f"`{value}`" for value in values)
        return f"a list of some of {listed}" if question.get("multiselect") else f"one of {listed}"
    default = question.get("default")
    if isinstance(default, list):
        return "a list"
    if isinstance(default, dict):
        return "a mapping"
    return _TYPES[question["type"]]


def _written(value: Any) -> str:
    """A value as YAML writes it in one line."""
    if value == "":
        return '""'
    text: str = yaml.safe_dump(value, default_flow_style=True, width=1000)
    return text.replace("\n...", "").strip()


def _example(question: Mapping[str, Any], help_text: str) -> str | None:
    """An answer in the form that `--data` takes: the one of the help, or the default."""
    default = question["default"]
    if isinstance(default, bool):
        return _written(not default)
    if shown := re.search(r"like (\[(\[.*?\]|[^\]])*\]|\{.*?\})", help_text):
        return shown[1]
    return None if "{{" in str(default) or default in ("", [], {}) else _written(default)


def _commands() -> Iterator[str]:
    yield "## Commands\n"
    yield "Each is what `--help` prints.\n"
    for name, text in help_texts():
        yield f"### `{name}`\n"
        yield f"```text\n{text}\n```\n"


def help_texts() -> Iterator[tuple[str, str]]:
    """The names of all commands, groups too, and what `--help` prints at 80 columns."""
    pending: list[tuple[click.Command, click.Context]] = []
    root = click.Context(main, info_name="redwood-inngest", terminal_width=80)
    pending.append((main, root))
    while pending:
        command, context = pending.pop(0)
        yield context.command_path, command.get_help(context).rstrip()
        if isinstance(command, click.Group):
            pending[:0] = [
                (each, click.Context(each, parent=context, info_name=name, terminal_width=80))
                for name, each in sorted(command.commands.items())
            ]


# Messages


def messages() -> str:
    """The page with all refusals."""
    listed = [f"\n## {title}\n\n{text}" for title, text in _by_part()]
    return _MESSAGES_HEAD + "".join(listed)


_MESSAGES_HEAD = """\
# Messages

Made from the sources by `make docs`. Each is a reason why something is refused: one sentence that
says what was found and what to do, and nothing is written. The exit code is 1, and 2 where the
command was not understood. An `…` stands for what was found. Where there is one, a file with its
line stands before the sentence.
"""
_PARTS = {
    "app": "Looking at the app",
    "changes.py": "Writing",
    "cli": "On the command line",
    "codemods": "Editing the app's own files",
    "errors.py": "Checks of an edit",
    "flows": "Commands",
    "git.py": "Git",
    "graphql": "Operations and schema",
    "journal.py": "Interrupted runs",
    "typescript": "Reading TypeScript and JavaScript",
}


def _by_part() -> Iterator[tuple[str, str]]:
    found: dict[str, set[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        part = file.relative_to(PACKAGE).parts[0]
        for message in messages_in(file.read_text()):
            found.setdefault(_PARTS[part], set()).add(message)
    for title in sorted(found):
        yield title, "".join(f"- {each}\n" for each in sorted(found[title], key=str.lower))


def messages_in(source: str) -> Iterator[str]:
    """The sentences that a module refuses with, an `…` for each value in them."""
    tree = ast.parse(source)
    # Sentences that are put together before, by the names that they have there.
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
        is_super = name == "__init__" and "Refusal" in source
        if name in _REFUSALS or is_super:
            for expression in named.get(_name(node.args[0]), [node.args[0]]):
                text = re.sub(r"\s+", " ", _text(expression)).strip()
                if len(re.sub(r"[…\W]+", "", text)) > _SHORT:
                    yield _in_markdown(text)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr) -> str:
    """The text that an expression makes, as far as it is written out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return "…"


def _in_markdown(text: str) -> str:
    """The text with everything literal that Markdown would take for something else."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([*_<\[\]|])", r"\\\1", part) for part in parts
    )


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text)
