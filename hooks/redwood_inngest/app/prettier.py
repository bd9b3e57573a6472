"""The app's Prettier options, as literal values, read without running any of the app's code.

The files, their order and what EditorConfig adds are described in Prettier's documentation
(https://prettier.io/docs/configuration); where it is silent, as Prettier 3 does it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Refusal, UnknownGlob, Unreadable
from ..typescript.module_values import (
    ModuleValue,
    Unread,
    exported_value,
    expression_value,
)
from ..typescript.style import REDWOOD_STYLE, CodeStyle
from .editorconfig import editorconfig_properties
from .files import load_json, load_toml, load_yaml, read_json, read_text
from .formatters import biome_config, biome_options, eslint_options
from .globs import glob_pattern

_MODULES = (".js", ".ts", ".mjs", ".mts", ".cjs", ".cts")
# In each folder, from the file's own upward, the first of these that is there counts.
_CONFIG_FILES = (
    "package.json",
    "package.yaml",
    ".prettierrc",
    *map(".prettierrc{}".format, (".json", ".yaml", ".yml", ".json5")),
    *map(".prettierrc{}".format, _MODULES),
    *map("prettier.config{}".format, _MODULES),
    ".prettierrc.toml",
)
_DEFAULTS: dict[str, Any] = {
    "printWidth": 80,
    "tabWidth": 2,
    "useTabs": False,
    "semi": True,
    "singleQuote": False,
    "quoteProps": "as-needed",
    "trailingComma": "all",
    "bracketSpacing": True,
    "arrowParens": "always",
    "endOfLine": "lf",
}
_CHOICES = {
    "quoteProps": ("as-needed", "consistent", "preserve"),
    "trailingComma": ("all", "es5", "none"),
    "arrowParens": ("always", "avoid"),
    "endOfLine": ("lf", "crlf", "cr", "auto"),
}
# Options with which Prettier lays lines out in a way that our sources are not written for.
_OTHER_LAYOUTS = {
    "experimentalTernaries": False,
    "experimentalOperatorPosition": "end",
    "objectWrap": "preserve",
}
# Plugins for classes in markup, and for other languages.
_OTHER_PLUGINS = ("prettier-plugin-tailwindcss", "prettier-plugin-prisma")
_NEWEST_MAJOR = 3
_ENDLESS = 1_000_000
# Values outside these ranges are no style, and would only take memory.
_RANGES = {"printWidth": (1, _ENDLESS), "tabWidth": (0, 100)}
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_PROBLEMS = (Unreadable, Refusal, ValueError)
_ASSUMED = "Redwood's own style is assumed."


@dataclass(frozen=True)
class PrettierFinding:
    """The style in an app's Prettier configuration.

    Args:
        style: The style of the code.
        source: The files that it is from, as paths from the root; empty where there are none.
        notes: One sentence for each thing that could not be read, and what is assumed instead.
    """

    style: CodeStyle
    source: str
    notes: tuple[str, ...] = ()


def read_prettier(folder: Path, root: Path, name: str = "client.ts") -> PrettierFinding:
    """Find the Prettier options for the files of a folder.

    Args:
        folder: The folder of the files; it may not exist yet.
        root: The outermost folder in which to look: the app, or the repository that holds it.
        name: The name of a file in the folder, which `overrides` may speak of.

    Returns:
        The style. An option that cannot be read without running code is assumed to be as in
        Redwood, and a note says so.
    """
    file = folder.absolute() / name
    notes: list[str] = []
    found = _config_file(file, root.absolute())
    options = editorconfig_options(file, root.absolute())
    sources = [".editorconfig"] if options else []
    if found:
        config = _read(found, notes)
        read = _redwood_options() if config is None else config
        options |= _with_overrides(read, found, file, notes)
        sources = [found.relative_to(root.absolute()).as_posix(), *sources]
    biome = biome_config(file, root.absolute())
    if biome and found:
        notes.append(f"{biome.name} is there beside {found.name}, whose options are followed.")
    by_biome = biome_options(biome, options) if biome and not found else None
    if by_biome:
        options, sources = {}, []
    for other in filter(None, (by_biome, eslint_options(file, root.absolute()))):
        options |= other.options
        notes += other.notes
        sources.append(other.file.relative_to(root.absolute()).as_posix())
    if not sources:
        notes.append("no Prettier configuration was found: Prettier's own defaults are assumed.")
    return _finding(options, _major_version(folder, root), " and ".join(sources), notes)


def editorconfig_options(file: Path, root: Path) -> dict[str, Any]:
    """The options that Prettier takes from EditorConfig."""
    found = {
        key: value for key, value in editorconfig_properties(file, root).items() if value != "unset"
    }
    options: dict[str, Any] = {}
    size, width = found.get("indent_size", ""), found.get("tab_width", "")
    if "indent_style" in found:
        options["useTabs"] = found["indent_style"] == "tab"
    if size == "tab":
        options["useTabs"] = True
    if found.get("indent_style") == "space" and _NUMBER.fullmatch(size):
        options["tabWidth"] = int(size)
    elif _NUMBER.fullmatch(width):
        options["tabWidth"] = int(width)
    length = found.get("max_line_length", "")
    if length == "off" or _NUMBER.fullmatch(length):
        options["printWidth"] = _ENDLESS if length == "off" else int(length)
    if found.get("quote_type") in {"single", "double"}:
        options["singleQuote"] = found["quote_type"] == "single"
    if found.get("end_of_line") in {"lf", "crlf", "cr"}:
        options["endOfLine"] = found["end_of_line"]
    return options


# Finding and reading the file


def _folders(file: Path, root: Path) -> Iterator[Path]:
    for folder in file.parents:
        yield folder
        if folder == root:
            return


def _config_file(file: Path, root: Path) -> Path | None:
    for folder in _folders(file, root):
        for name in _CONFIG_FILES:
            candidate = folder / name
            if candidate.is_file() and _speaks_of_prettier(candidate):
                return candidate
    return None


def _speaks_of_prettier(file: Path) -> bool:
    if not file.name.startswith("package."):
        return True
    try:
        value = _load(file).value
        return isinstance(value, dict) or bool(value)
    except _PROBLEMS:
        return False


def _read(file: Path, notes: list[str]) -> dict[str, Any] | None:
    """The configuration as plain values, with a note on each that is not plain."""
    try:
        config = _load(file)
    except _PROBLEMS as problem:
        notes.append(f"{file.name} cannot be read ({_reason(problem)}): {_ASSUMED}")
        return None
    if isinstance(config.value, str):
        notes.append(f"{file.name} takes its options from {config.value}: {_ASSUMED}")
        return None
    if not isinstance(config.value, dict):
        notes.append(f"{file.name} holds no options: {_ASSUMED}")
        return None
    if not config.spread:
        return config.value
    spread = ", ".join(config.spread)
    notes.append(f"{file.name} does not write everything out ({spread}): beyond that, {_ASSUMED}")
    return _redwood_options() | config.value


def _reason(problem: Exception) -> str:
    return str(problem).splitlines()[0].rstrip(".:") if str(problem) else "it is not valid"


def _load(file: Path) -> ModuleValue:
    text = read_text(file)
    if file.name.startswith("package."):
        manifest = load_json(text) if file.suffix == ".json" else load_yaml(text)
        return ModuleValue(manifest.get("prettier") if isinstance(manifest, dict) else None)
    if file.suffix in _MODULES:
        return exported_value(text, file.suffix)
    if file.suffix == ".json5":
        return expression_value(text)
    if file.suffix == ".toml":
        return ModuleValue(load_toml(text))
    return ModuleValue(load_json(text) if file.suffix == ".json" else load_yaml(text))


# Overrides


def _with_overrides(
    config: Mapping[str, Any], source: Path, file: Path, notes: list[str]
) -> dict[str, Any]:
    """The options for a file: the general ones, and those of the overrides that match it."""
    options = {key: value for key, value in config.items() if key != "overrides"}
    path = file.relative_to(source.parent).as_posix()
    overrides = config.get("overrides") or []
    if not isinstance(overrides, list):
        notes.append(f"the overrides in {source.name} cannot be read: they are left out.")
        return options
    for override in overrides:
        given = (override.get("options") or {}) if isinstance(override, Mapping) else None
        if not isinstance(given, Mapping):
            notes.append(f"an override in {source.name} cannot be read: it is left out.")
        elif _speaks_of(override, path, source, notes):
            options |= given
    return options


def _speaks_of(override: Mapping[str, Any], path: str, source: Path, notes: list[str]) -> bool:
    """Whether an override is about a file.

    A glob without a slash is about the file's name; what is excluded is then a name too.
    """
    try:
        excluded = _globs(override.get("excludeFiles"))
        for glob in _globs(override.get("files")):
            subject = path if "/" in glob else path.rpartition("/")[2]
            if _matches(glob, subject) and not any(_matches(one, subject) for one in excluded):
                return True
    except UnknownGlob as glob:
        notes.append(f"the override for {glob} in {source.name} cannot be read: it is left out.")
    return False


def _globs(value: Any) -> list[str]:
    globs = value if isinstance(value, list) else [value] if value else []
    if not all(isinstance(glob, str) for glob in globs):
        raise UnknownGlob(str(value))
    return globs


def _matches(glob: str, subject: str) -> bool:
    if glob.startswith("!"):
        return not glob_pattern(glob[1:].removeprefix("./")).match(subject)
    return bool(glob_pattern(glob.removeprefix("./")).match(subject))


# From options to a style


def _redwood_options() -> dict[str, Any]:
    style = REDWOOD_STYLE
    return {
        "semi": style.semi,
        "singleQuote": style.single_quote,
        "useTabs": False,
        "tabWidth": len(style.indent),
        "trailingComma": style.trailing_comma,
    }


def _finding(
    options: Mapping[str, Any], major: int, source: str, notes: list[str]
) -> PrettierFinding:
    defaults = _DEFAULTS | ({"trailingComma": "es5"} if major < 3 else {})
    values = {}
    for key, default in defaults.items():
        values[key], note = _value(key, options, default, source)
        notes += note
    for key, usual in _OTHER_LAYOUTS.items():
        if options.get(key, usual) != usual:
            notes.append(f"Prettier's option {key} is not followed.")
    if _changes_code(options.get("plugins")):
        notes.append("Prettier's plugins are not run: what they change is not followed.")
    end = values["endOfLine"]
    style = CodeStyle(
        semi=values["semi"],
        single_quote=values["singleQuote"],
        indent="\t" if values["useTabs"] else " " * values["tabWidth"],
        trailing_comma=values["trailingComma"],
        arrow_parens=values["arrowParens"],
        bracket_spacing=values["bracketSpacing"],
        quote_props=values["quoteProps"],
        end_of_line="lf" if end == "auto" else end,
        tab_width=values["tabWidth"] if values["useTabs"] else REDWOOD_STYLE.tab_width,
        print_width=values["printWidth"],
    )
    return PrettierFinding(style, source, tuple(notes))


def _changes_code(plugins: Any) -> bool:
    """Whether there is a plugin that has to do with code like ours."""
    named = plugins if isinstance(plugins, list) else [plugins] if plugins else []
    return not all(any(other in str(plugin) for other in _OTHER_PLUGINS) for plugin in named)


def _value(
    key: str, options: Mapping[str, Any], default: Any, source: str
) -> tuple[Any, list[str]]:
    """An option's value, and a note where another one is assumed."""
    value = options.get(key, default)
    if isinstance(value, Unread):
        default = _redwood_options().get(key, default)
    choices = _CHOICES.get(key)
    known = value in choices if choices else type(value) is type(default)
    if known and key in _RANGES:
        least, most = _RANGES[key]
        known = least <= value <= most
    if known:
        return value, []
    assumed = json.dumps(default)
    shown = _shown(value)
    note = f"Prettier's option {key} in {source} cannot be read ({shown}): {assumed} is assumed."
    return default, [note]


def _shown(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _major_version(folder: Path, root: Path) -> int:
    """The major version of the Prettier that the app has; 3 where it is not installed."""
    for place in _folders(folder.absolute() / "file", root.absolute()):
        manifest = place / "node_modules" / "prettier" / "package.json"
        if manifest.is_file():
            major = str(read_json(manifest).get("version", "")).partition(".")[0]
            return int(major) if re.fullmatch(r"\d{1,4}", major, re.ASCII) else _NEWEST_MAJOR
    return _NEWEST_MAJOR
