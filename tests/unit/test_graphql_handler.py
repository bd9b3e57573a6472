"""The GraphQL handler codemod on one file for each shape; the folder's name says which shape."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from redwood_inngest.codemods.graphql_handler.codemod import decode, unwire, wire
from redwood_inngest.errors import Refusal

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "tests" / "fixtures" / "graphql_handler"
SERVER = "import { createGraphQLHandler } from '@redwoodjs/graphql-server'\n"


def read(path: Path) -> str:
    return path.read_bytes().decode()


def shapes(name: str) -> pytest.MarkDecorator:
    paths = sorted(SHAPES.glob(f"*/{name}"))
    return pytest.mark.parametrize("shape", paths, ids=[path.parent.name for path in paths])


@shapes("output.*")
def test_a_handler_is_wired(shape: Path) -> None:
    before = read(shape.with_stem("input"))
    edited = wire(before, shape.suffix)
    assert edited.source == read(shape)
    assert edited.changed == (edited.source != before)


@shapes("output.*")
def test_a_wired_handler_stays_as_it_is(shape: Path) -> None:
    assert not wire(read(shape), shape.suffix).changed


@shapes("output.*")
def test_unwiring_gives_back_the_file(shape: Path) -> None:
    """Or what is in `unwired`: what cannot be told any more, and a plugin that was there before."""
    refused = shape.with_name("unwire-refusal.txt")
    if refused.exists():
        with pytest.raises(Refusal) as refusal:
            unwire(read(shape), shape.suffix)
        assert str(refusal.value) == read(refused).strip()
        return
    other = shape.with_stem("unwired")
    expected = other if other.exists() else shape.with_stem("input")
    assert unwire(read(shape), shape.suffix).source == read(expected)


@shapes("refusal.txt")
def test_a_handler_is_refused(shape: Path) -> None:
    (handler,) = shape.parent.glob("input.*")
    with pytest.raises(Refusal) as refusal:
        wire(read(handler), handler.suffix)
    assert str(refusal.value) == read(shape).strip()
    no_place = shape.parent.name == "redwood-before-0.37"
    assert ("import { inngestPlugin }" in refusal.value.paste) is not no_place


def test_a_file_without_a_handler_is_refused() -> None:
    with pytest.raises(Refusal, match="there is no call of createGraphQLHandler"):
        wire("// createGraphQLHandler({})\nexport const handler = 'createGraphQLHandler({})'\n")


def test_a_file_that_is_not_utf8_is_refused_with_its_place() -> None:
    with pytest.raises(Refusal, match="not UTF-8") as refusal:
        decode(b"const a = 1\nconst b = '\xff'\n")
    assert (refusal.value.line, refusal.value.column) == (2, 12)


def test_two_lists_of_plugins_are_merged_with_a_note() -> None:
    source = f"{SERVER}createGraphQLHandler({{ extraPlugins: [a], extraPlugins: [b] }})\n"
    (note,) = wire(source).notes
    assert "lines 2 and 2" in note


def test_unwiring_a_handler_that_is_not_wired_changes_nothing() -> None:
    assert not unwire(read(SHAPES / "one-line-extra-plugins" / "input.ts")).changed


def test_unwiring_a_handler_wired_by_hand_takes_out_plugin_and_import() -> None:
    wired = (
        f"{SERVER}\nimport {{ logger }} from 'src/lib/logger'\n\n"
        "import { inngestPlugin } from 'src/inngest/plugin'\n\n"
        "export const handler = createGraphQLHandler({\n"
        "  extraPlugins: [inngestPlugin, useA()],\n"
        "  loggerConfig: { logger },\n"
        "})\n"
    )
    unwired = unwire(wired).source
    assert "inngest" not in unwired
    assert "extraPlugins: [useA()],\n" in unwired
    assert "from 'src/lib/logger'\n\nexport const" in unwired


def test_unwiring_refuses_what_it_does_not_understand() -> None:
    source = (
        "import { inngestPlugin } from 'src/inngest/plugin'\n"
        f"{SERVER}"
        "createGraphQLHandler({ extraPlugins: [isProd && inngestPlugin] })\n"
    )
    assert not wire(source).changed
    with pytest.raises(Refusal, match="used here in a way"):
        unwire(source)


def test_valid_syntax_that_the_parser_does_not_know_is_not_called_invalid() -> None:
    with pytest.raises(Refusal, match="newer than the parser"):
        wire(f"export type * from './types'\n{SERVER}createGraphQLHandler({{}})\n")


def test_wiring_imports_nothing_slow() -> None:
    program = (
        "import sys; from redwood_inngest.codemods import graphql_handler;"
        "print([name for name in sys.modules if name.split('.')[0] in ('copier', 'questionary')"
        " or name.startswith(('libcst.matchers', 'libcst.codemod'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "hooks",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
