"""Options that Biome has, or ESLint's rule, and not Prettier's own configuration."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from redwood_inngest.app.prettier import read_prettier

from tests.support.apps import write
from tests.support.cache import answered, npm_packages

BIOME = "2.3.11"
BIOMES_DEFAULTS = {"indent": "\t", "semi": True, "single_quote": False, "trailing_comma": "all"}


def found(folder: Path, *files: tuple[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    for path, content in files:
        write(folder / path, content)
    finding = read_prettier(folder / "api/src/inngest", folder)
    return vars(finding.style), finding.notes


@pytest.mark.parametrize(
    ("formatter", "javascript", "differing"),
    [
        ({}, {}, {}),
        ({"indentStyle": "space"}, {}, {"indent": "  "}),
        ({"indentStyle": "space", "indentWidth": 4}, {}, {"indent": "    "}),
        ({"lineWidth": 100}, {}, {"print_width": 100}),
        ({"lineWidth": 100}, {"lineWidth": 120}, {"print_width": 120}),
        ({"lineEnding": "crlf"}, {}, {"end_of_line": "crlf"}),
        ({}, {"quoteStyle": "single"}, {"single_quote": True}),
        ({}, {"semicolons": "asNeeded"}, {"semi": False}),
        ({}, {"trailingCommas": "none"}, {"trailing_comma": "none"}),
        ({}, {"arrowParentheses": "asNeeded"}, {"arrow_parens": "avoid"}),
        ({}, {"bracketSpacing": False}, {"bracket_spacing": False}),
        ({}, {"quoteProperties": "preserve"}, {"quote_props": "preserve"}),
    ],
)
def test_biomes_options(
    tmp_path: Path, formatter: Any, javascript: Any, differing: dict[str, Any]
) -> None:
    bare, _ = found(tmp_path / "bare", ("biome.json", "{}"))
    assert BIOMES_DEFAULTS.items() <= bare.items()
    config = {"formatter": formatter, "javascript": {"formatter": javascript}}
    text = f"// The team's own.\n{json.dumps(config)}\n"
    options, notes = found(tmp_path / "app", ("biome.jsonc", text))
    assert options == {**bare, **differing}
    assert notes == ()


def test_biome_itself_writes_code_in_the_style_that_is_found(tmp_path: Path) -> None:
    config = {
        "formatter": {"indentStyle": "space", "indentWidth": 4},
        "javascript": {
            "formatter": {
                "quoteStyle": "single",
                "semicolons": "asNeeded",
                "arrowParentheses": "asNeeded",
                "trailingCommas": "none",
            }
        },
    }

    def ask() -> Any:
        folder = npm_packages("biome", {"@biomejs/biome": BIOME})
        write(tmp_path / "biome.json", json.dumps(config))
        command = [str(folder / "node_modules/.bin/biome"), "format", "--stdin-file-path=a.ts"]
        printed = subprocess.run(
            command, cwd=tmp_path, input=LONG, capture_output=True, text=True, check=True
        )
        return printed.stdout

    style, _ = found(tmp_path / "app", ("biome.json", json.dumps(config)))
    formatted = answered([BIOME, config, LONG], ask)
    assert formatted.splitlines()[0] == "const a = {"
    assert formatted.splitlines()[1] == f"{style['indent']}'b-c': x => x,"
    assert not formatted.splitlines()[-2].endswith(",")
    assert (style["semi"], style["arrow_parens"], style["trailing_comma"]) == (
        False,
        "avoid",
        "none",
    )


LONG = f"const a = {{ 'b-c': (x) => x, d: '{'d' * 70}' }};\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("biome.json", "{")], "biome.json cannot be read: Biome's defaults are assumed."),
        ([("biome.json", '{"extends": ["@acme/biome"]}')], "biome.json has extends, which are not"),
        ([("biome.json", '{"overrides": [{}]}')], "biome.json has overrides, which are not"),
        (
            [("biome.json", "{}"), (".prettierrc", "semi: false")],
            "biome.json is there beside .prettierrc, whose options are followed.",
        ),
        (
            [("biome.json", '{"formatter": {"enabled": false}}')],
            "no Prettier configuration was found: Prettier's own defaults are assumed.",
        ),
        (
            [
                ("eslint.config.mjs", "export default [{rules: {'prettier/prettier': [2, o]}}]"),
                (".prettierrc", "semi: false"),
            ],
            "what eslint.config.mjs gives to prettier/prettier cannot be read: it is left out.",
        ),
    ],
)
def test_what_is_not_followed_is_said(
    tmp_path: Path, files: list[tuple[str, str]], said: str
) -> None:
    _, notes = found(tmp_path, *files)
    assert any(note.startswith(said) for note in notes), notes


def test_editorconfig_counts_where_biome_is_told_so(tmp_path: Path) -> None:
    editorconfig = (".editorconfig", "[*]\nindent_style = space\nindent_size = 4\n")
    style, _ = found(tmp_path / "one", editorconfig, ("biome.json", "{}"))
    assert style["indent"] == "\t"
    told = '{"formatter": {"useEditorconfig": true}}'
    style, _ = found(tmp_path / "two", editorconfig, ("biome.json", told))
    assert style["indent"] == "    "


OPTIONS = {"semi": False, "singleQuote": True, "printWidth": 100}
RULE = "'prettier/prettier': ['error', { semi: false, singleQuote: true, printWidth: 100 }]"


@pytest.mark.parametrize(
    ("path", "config"),
    [
        ("eslint.config.mjs", f"export default [{{ rules: {{ {RULE} }} }}]"),
        ("eslint.config.js", f"module.exports = ts.config(base, {{ rules: {{ {RULE} }} }})"),
        ("eslint.config.ts", f"export default defineConfig([{{ rules: {{ {RULE} }} }}] as C)"),
        (".eslintrc.js", f"module.exports = {{ rules: {{ {RULE} }} }}"),
        (".eslintrc.json", json.dumps({"rules": {"prettier/prettier": ["error", OPTIONS]}})),
        (
            "package.json",
            json.dumps({"eslintConfig": {"rules": {"prettier/prettier": ["warn", OPTIONS]}}}),
        ),
    ],
)
def test_what_eslint_gives_to_prettier(tmp_path: Path, path: str, config: str) -> None:
    style, notes = found(tmp_path, (path, config), (".prettierrc", "semi: true\ntabWidth: 4\n"))
    assert notes == ()
    assert (style["semi"], style["single_quote"], style["print_width"]) == (False, True, 100)
    assert style["indent"] == "    "


def test_a_rule_without_options_says_nothing(tmp_path: Path) -> None:
    rules = "export default [{ rules: { 'prettier/prettier': 'error' } }]"
    style, notes = found(tmp_path, ("eslint.config.mjs", rules), (".prettierrc", "semi: false"))
    assert (style["semi"], notes) == (False, ())
