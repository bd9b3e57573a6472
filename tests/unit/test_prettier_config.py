"""Prettier's options as literal values, in every form in which an app can hold them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from redwood_inngest.app.prettier import PrettierFinding, read_prettier
from redwood_inngest.typescript.style import REDWOOD_STYLE, CodeStyle

SEMI_AND_TABS = CodeStyle(semi=True, single_quote=False, indent="\t", trailing_comma="all")


def find(root: Path, **files: str) -> PrettierFinding:
    """What is found for the files of api/src/inngest, in an app with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_prettier(root / "api" / "src" / "inngest", root)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"prettier": {"useTabs": true}}'),
        ("package.yaml", "prettier:\n  useTabs: true\n"),
        (".prettierrc", "useTabs: true\n"),
        (".prettierrc", '{\n\t"useTabs": true\n}\n'),
        (".prettierrc.json", '{"useTabs": true}'),
        (".prettierrc.yaml", "# Tabs.\nuseTabs: true\n"),
        (".prettierrc.yml", "useTabs: true\n"),
        (".prettierrc.json5", "// Tabs.\n{useTabs: true,}\n"),
        (".prettierrc.toml", "useTabs = true\n"),
        (".prettierrc.js", "module.exports = { useTabs: true }\n"),
        (".prettierrc.cjs", "module.exports = { 'useTabs': true }\n"),
        (".prettierrc.mjs", "export default { useTabs: true }\n"),
        ("prettier.config.js", "/** Tabs. */\nconst c = { useTabs: true };\nexport default c;\n"),
        ("prettier.config.mjs", "const tabs = true\nexport default { useTabs: tabs }\n"),
        ("prettier.config.cjs", "const base = { useTabs: true }\nmodule.exports = { ...base }\n"),
        ("prettier.config.ts", "const c: Config = { useTabs: true }\nexport default c\n"),
        ("prettier.config.mts", "export default { useTabs: true } satisfies Config\n"),
        ("prettier.config.cts", "module.exports = <Config>{ useTabs: true } as Config\n"),
    ],
)
def test_every_form_is_read(tmp_path: Path, name: str, text: str) -> None:
    assert find(tmp_path, **{name: text}) == PrettierFinding(SEMI_AND_TABS, name)


def test_redwoods_own_configuration_is_the_style_that_our_sources_have(tmp_path: Path) -> None:
    text = """// https://prettier.io/docs/en/options.html
/** @type {import('prettier').RequiredOptions} */
module.exports = {
  trailingComma: 'es5',
  bracketSpacing: true,
  tabWidth: 2,
  semi: false,
  singleQuote: true,
  arrowParens: 'always',
  overrides: [{ files: 'Routes.*', options: { printWidth: 999 } }],
}
"""
    found = find(tmp_path, **{"prettier.config.js": text})
    assert found == PrettierFinding(REDWOOD_STYLE, "prettier.config.js")


def test_the_nearest_folder_counts_and_in_it_the_first_file(tmp_path: Path) -> None:
    found = find(
        tmp_path,
        **{
            ".prettierrc": "printWidth: 1\n",
            "api/.prettierrc.toml": "printWidth = 2\n",
            "api/prettier.config.js": "module.exports = { printWidth: 3 }\n",
            "api/package.json": '{"name": "api"}',
        },
    )
    assert (found.style.print_width, found.source) == (3, "api/prettier.config.js")


@pytest.mark.parametrize(
    ("files", "excluded", "follows"),
    [
        ("*.ts", None, True),
        ("*.js", None, False),
        ("api/**", None, True),
        ("api/**/*.{ts,tsx}", None, True),
        ("./api/**/*.ts", None, True),
        ("api/*.ts", None, False),
        ("web/**", None, False),
        (["web/**", "api/**"], None, True),
        ("**/client.?s", None, True),
        ("client.+(j|t)s", None, True),
        ("[a-c]lient.ts", None, True),
        ("[!a-c]lient.ts", None, False),
        ("*.ts", "client.*", False),
        ("**/*.ts", "api/**", False),
        ("**/*.ts", "*.ts", True),
        ("*.ts", ["**/*.test.ts"], True),
    ],
)
def test_overrides_that_speak_of_our_files_are_followed(
    tmp_path: Path, files: object, excluded: object, follows: bool
) -> None:
    override = {"files": files, "options": {"semi": False}}
    if excluded:
        override["excludeFiles"] = excluded
    text = str({"overrides": [override]}).replace("'", '"').replace("False", "false")
    assert find(tmp_path, **{".prettierrc.json": text}).style.semi is not follows


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prettier.config.js", "module.exports = { overrides: require('./overrides') }"),
        ("prettier.config.js", "module.exports = { overrides: [require('./override')] }"),
        ("prettier.config.js", "module.exports = { overrides: [{ files, options: {} }] }"),
        (
            "prettier.config.js",
            "module.exports = { overrides: [{ files: '*.ts', options: require('./options') }] }",
        ),
        (".prettierrc.json", '{"overrides": [{"files": "*.ts", "options": [1]}]}'),
    ],
)
def test_overrides_that_cannot_be_read_are_said_and_left_out(
    tmp_path: Path, name: str, text: str
) -> None:
    found = find(tmp_path, **{name: text})
    assert found.style == CodeStyle(semi=True, single_quote=False, trailing_comma="all")
    (note,) = found.notes
    assert f"in {name} cannot be read: " in note
    assert note.endswith("left out.")


def test_editorconfig_fills_in_what_prettiers_own_file_leaves_open(tmp_path: Path) -> None:
    found = find(
        tmp_path,
        **{
            ".editorconfig": "root = true\n\n[*]\nindent_style = space\nindent_size = 4\n"
            "max_line_length = 100\nend_of_line = crlf ; as on Windows\n"
            "\n[*.md]\nindent_size = 8\n",
            ".prettierrc": "printWidth: 120\n",
        },
    )
    style = CodeStyle(
        semi=True,
        single_quote=False,
        indent="    ",
        trailing_comma="all",
        end_of_line="crlf",
        print_width=120,
    )
    assert found == PrettierFinding(style, ".prettierrc and .editorconfig")


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("package.json", '{"prettier": "@team/prettier-config"}', "from @team/prettier-config"),
        ("prettier.config.js", "module.exports = require('@team/config')", "@team/config"),
        ("prettier.config.js", "module.exports = () => ({})", "cannot be read"),
        ("prettier.config.js", "const c = {}\nc.semi = true\nmodule.exports = c", "c.semi = true"),
        ("prettier.config.js", "module.exports = {", "syntax error"),
        (".prettierrc.json", "{", "cannot be read"),
        (".prettierrc", "a: [", "cannot be read"),
        (".prettierrc", "", "holds no options"),
    ],
)
def test_what_cannot_be_read_is_said_and_redwoods_style_assumed(
    tmp_path: Path, name: str, text: str, note: str
) -> None:
    found = find(tmp_path, **{name: text})
    assert found.style == REDWOOD_STYLE
    assert len(found.notes) == 1
    assert note in found.notes[0]
    assert found.notes[0].endswith("Redwood's own style is assumed.")


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("module.exports = { ...require('@team/config'), printWidth: 100 }", "@team/config"),
        ("import base from 'base'\nexport default { ...base, printWidth: 100 }", "base"),
        ("module.exports = { [key]: true, printWidth: 100 }", "[key]"),
    ],
)
def test_what_is_not_written_out_is_said_and_the_rest_read(
    tmp_path: Path, text: str, unread: str
) -> None:
    found = find(tmp_path, **{"prettier.config.js": text})
    assert found.style == replace(REDWOOD_STYLE, print_width=100)
    assert unread in found.notes[0]


def test_the_last_of_several_exports_counts(tmp_path: Path) -> None:
    text = "module.exports = { semi: true }\n\nmodule.exports = { semi: false }\n"
    assert not find(tmp_path, **{"prettier.config.js": text}).style.semi


def test_an_option_that_is_not_written_out_changes_no_other(tmp_path: Path) -> None:
    text = "module.exports = { semi: process.env.SEMI, printWidth: 100 }"
    found = find(tmp_path, **{"prettier.config.js": text})
    style = CodeStyle(semi=False, single_quote=False, trailing_comma="all", print_width=100)
    assert found.style == style
    where = "Prettier's option semi in prettier.config.js"
    assert found.notes == (f"{where} cannot be read (process.env.SEMI): false is assumed.",)


@pytest.mark.parametrize(
    ("plugins", "noted"),
    [
        ("['prettier-plugin-tailwindcss']", False),
        ("[require('prettier-plugin-tailwindcss')]", False),
        ("[require.resolve('prettier-plugin-tailwindcss'), require('./sorter')]", True),
        ("require('./plugins')", True),
        ("[]", False),
    ],
)
def test_plugins_change_no_option(tmp_path: Path, plugins: str, noted: bool) -> None:
    found = find(tmp_path, **{"prettier.config.js": f"module.exports = {{ plugins: {plugins} }}"})
    assert found.style == CodeStyle(semi=True, single_quote=False, trailing_comma="all")
    assert [note.startswith("Prettier's plugins are not run") for note in found.notes] == (
        [True] * noted
    )


def test_options_that_are_not_followed_are_said(tmp_path: Path) -> None:
    text = "plugins: [sorter]\nobjectWrap: collapse\nsemi: 'yes'\n"
    notes = find(tmp_path, **{".prettierrc": text}).notes
    assert [word in "".join(notes) for word in ("plugins", "objectWrap", "semi")] == [True] * 3


def test_nothing_found_means_prettiers_defaults(tmp_path: Path) -> None:
    found = find(tmp_path)
    assert found.style == CodeStyle(semi=True, single_quote=False, trailing_comma="all")
    assert (found.source, len(found.notes)) == ("", 1)


def test_an_empty_key_in_the_manifest_is_a_configuration(tmp_path: Path) -> None:
    files = {"package.json": '{"prettier": {}}', ".prettierrc": "printWidth: 60\n"}
    assert find(tmp_path, **files).style.print_width == 80


def test_prettier_2_has_another_default(tmp_path: Path) -> None:
    found = find(tmp_path, **{"node_modules/prettier/package.json": '{"version": "2.8.8"}'})
    assert found.style.trailing_comma == "es5"
