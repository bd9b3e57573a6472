"""Options for how code is written that are not in Prettier's own configuration.

Biome's (https://biomejs.dev/reference/configuration), as the options of Prettier that they are
named after; and those that ESLint's rule `prettier/prettier` is given
(https://github.com/prettier/eslint-plugin-prettier), which come before Prettier's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Refusal, Unreadable
from ..typescript.bindings import Module
from ..typescript.expressions import string_value
from ..typescript.module_values import expression_value
from ..typescript.nodes import Branch, Node
from ..typescript.parser import parse
from .files import load_json, load_yaml, read_text
from .packages import up_to

_BIOME = ("biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc")
_ESLINT = (
    *map("eslint.config{}".format, (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")),
    *map(".eslintrc{}".format, (".js", ".cjs", ".yaml", ".yml", ".json")),
    "package.json",
)
_RULE = "prettier/prettier"


@dataclass(frozen=True)
class Found:
    """Options that were found.

    Attributes:
        file: The file that has them.
        options: Prettier's options by name.
        notes: One sentence for each option that could not be read.
    """

    file: Path
    options: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def biome_config(file: Path, root: Path) -> Path | None:
    """The Biome configuration for a file, if there is one."""
    candidates = (folder / name for folder in up_to(file.parent, root) for name in _BIOME)
    return next(filter(Path.is_file, candidates), None)


def biome_options(config: Path, editorconfig: Mapping[str, Any]) -> Found | None:
    """The options of a Biome configuration.

    Args:
        config: The configuration.
        editorconfig: The properties of EditorConfig, which count only where Biome is told so.

    Returns:
        The options; None where Biome does not format.
    """
    try:
        content = expression_value(read_text(config)).value
    except (Unreadable, Refusal):
        return Found(config, {}, (f"{config.name} cannot be read: Biome's defaults are assumed.",))
    general, own = _table(content, "formatter"), _table(_table(content, "javascript"), "formatter")
    if general.get("enabled") is False or own.get("enabled") is False:
        return None
    options: dict[str, Any] = {"useTabs": True}
    if general.get("useEditorconfig") is True:
        options |= editorconfig
    options |= _as_prettiers({**general, **own})
    notes = [
        f"{config.name} has {key}, which are not followed: beyond them, what it says is."
        for key in ("extends", "overrides")
        if _table({"of": content}, "of").get(key)
    ]
    return Found(config, options, tuple(notes))


def _table(value: Any, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _as_prettiers(biome: Mapping[str, Any]) -> dict[str, Any]:
    """Biome's options under Prettier's names; options without an equivalent are left out."""
    names: dict[str, tuple[str, Mapping[Any, Any] | None]] = {
        "indentStyle": ("useTabs", {"tab": True, "space": False}),
        "indentWidth": ("tabWidth", None),
        "lineWidth": ("printWidth", None),
        "lineEnding": ("endOfLine", None),
        "quoteStyle": ("singleQuote", {"single": True, "double": False}),
        "semicolons": ("semi", {"always": True, "asNeeded": False}),
        "trailingCommas": ("trailingComma", None),
        "trailingComma": ("trailingComma", None),  # its name before Biome 1.8
        "arrowParentheses": ("arrowParens", {"always": "always", "asNeeded": "avoid"}),
        "bracketSpacing": ("bracketSpacing", None),
        "quoteProperties": ("quoteProps", {"asNeeded": "as-needed", "preserve": "preserve"}),
    }
    options = {}
    for name, value in biome.items():
        theirs, values = names.get(name, (None, None))
        if theirs and (values is None or value in values):
            options[theirs] = value if values is None else values[value]
    return options


def eslint_options(file: Path, root: Path) -> Found | None:
    """The options that ESLint's rule `prettier/prettier` is given for a file.

    Returns:
        The options; None where it has none.
    """
    candidates = (folder / name for folder in up_to(file.parent, root) for name in _ESLINT)
    for config in filter(Path.is_file, candidates):
        try:
            given = _given_to_rule(config)
        except (Unreadable, Refusal, ValueError):
            given = [None]
        if not given:
            continue
        if len(given) == 1 and isinstance(given[0], dict):
            return Found(config, given[0])
        note = f"what {config.name} gives to {_RULE} cannot be read: it is left out."
        return Found(config, {}, (note,))
    return None


def _given_to_rule(config: Path) -> list[Any]:
    """The different options that a configuration gives to the rule, wherever in it."""
    text = read_text(config)
    if _RULE not in text:
        return []
    if config.suffix in {".json", ".yaml", ".yml"}:
        data = load_json(text) if config.suffix == ".json" else load_yaml(text)
        found = [rule[1] for rule in _rules(data) if isinstance(rule, list) and len(rule) > 1]
    else:
        found = [expression_value(code).value for code in _rules_in_code(text, config.suffix)]
    return [each for place, each in enumerate(found) if each not in found[:place]]


def _rules(data: Any) -> Iterator[Any]:
    """The values that the rule is set to, anywhere in data."""
    if isinstance(data, dict) and _RULE in data:
        yield data[_RULE]
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _rules(each)


def _rules_in_code(text: str, suffix: str) -> Iterator[str]:
    """The code of the options that the rule is given, anywhere in a module."""
    for pair in Module(parse(text, suffix)).of_kind("pair"):
        value = pair.part("value")
        if string_value(pair.part("key")) == _RULE and isinstance(value, Branch):
            items: list[Node] = value.named()
            if value.kind == "array" and len(items) > 1:
                yield items[1].source
