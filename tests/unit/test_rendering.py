"""The template's code as the app has it."""

from __future__ import annotations

from redwood_inngest.rendering import app_code

SOURCE = """\
import { readFile } from 'node:fs/promises'

import { inngest } from 'src/inngest/client'
export { other } from './other'
const text = 'src/inngest/client'
"""


def test_a_commonjs_app_gets_the_source_as_it_is() -> None:
    assert app_code(SOURCE, "cjs") == SOURCE


def test_in_ecmascript_modules_an_import_names_the_file() -> None:
    expected = SOURCE.replace("'src/inngest/client'\nexport", "'src/inngest/client.js'\nexport")
    assert app_code(SOURCE, "esm") == expected.replace("'./other'", "'./other.js'")
