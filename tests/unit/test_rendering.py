"""The template's code as the app has it."""

from __future__ import annotations

from redwood_inngest.flows.rendering import app_code

SOURCE = """\
import { readFile } from 'node:fs/promises'

import { inngest } from 'src/inngest/client'
export { other } from './other'
const text = 'src/inngest/client'
"""


def test_a_commonjs_app_gets_the_source_as_it_is() -> None:
    assert app_code(SOURCE, "ts", "cjs", {}) == SOURCE


def test_in_ecmascript_modules_an_import_names_the_file() -> None:
    expected = SOURCE.replace("'src/inngest/client'\nexport", "'src/inngest/client.js'\nexport")
    assert app_code(SOURCE, "ts", "esm", {}) == expected.replace("'./other'", "'./other.js'")


def test_an_app_gets_its_own_style() -> None:
    source = "export const a = (b) => `${b}`\nexport const c = ['d']\n"
    style = {"semi": True, "single_quote": False}
    assert app_code(source, "js", "cjs", style) == (
        'export const a = (b) => `${b}`;\nexport const c = ["d"];\n'
    )
