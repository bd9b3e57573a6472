"""The codemod of the functions' index on one file for each shape; the folder says which shape."""

from __future__ import annotations

from pathlib import Path

import pytest
from redwood_inngest.codemods.functions_index import register, unregister
from redwood_inngest.errors import Refusal

SHAPES = Path(__file__).parents[1] / "fixtures" / "functions_index"
# Here the function's import or its entry was there before, and `unregister` takes both.
ONE_WAY = {"array-imported-already", "already-listed", "already-listed-by-another-name"}
ONE_WAY |= {"already-re-exported"}


def read(path: Path) -> str:
    return path.read_bytes().decode()


def shapes(name: str) -> pytest.MarkDecorator:
    paths = sorted(SHAPES.glob(f"*/{name}"))
    assert paths
    return pytest.mark.parametrize("shape", paths, ids=[path.parent.name for path in paths])


@shapes("output.*")
def test_a_function_is_registered(shape: Path) -> None:
    assert register(read(shape.with_stem("input")), "placeOrder", shape.suffix) == read(shape)


@shapes("output.*")
def test_a_registered_function_is_registered_once(shape: Path) -> None:
    assert register(read(shape), "placeOrder", shape.suffix) == read(shape)


@shapes("output.*")
def test_taking_it_out_gives_back_the_file(shape: Path) -> None:
    without = unregister(read(shape), "placeOrder", shape.suffix)
    assert "placeOrder" not in without
    assert shape.parent.name in ONE_WAY or without == read(shape.with_stem("input"))


@shapes("refusal.txt")
def test_an_index_that_cannot_be_edited_for_certain_is_refused(shape: Path) -> None:
    index = next(shape.parent.glob("input.*"))
    with pytest.raises(Refusal) as refused:
        register(read(index), "placeOrder", index.suffix)
    assert f"{refused.value}\n" == read(shape)


def test_a_refusal_has_the_lines_to_paste() -> None:
    with pytest.raises(Refusal) as refused:
        register("export const functions = make()\n", "placeOrder")
    assert refused.value.paste == (
        "import { placeOrder } from 'src/inngest/functions/placeOrder'\n"
        "\n"
        "export const functions = [/* the functions that are there, */ placeOrder]\n"
    )


def test_in_ecmascript_modules_the_import_names_the_file() -> None:
    registered = register("export const functions = []\n", "placeOrder", file_suffix=".js")
    assert "from 'src/inngest/functions/placeOrder.js'" in registered


def test_a_function_that_is_not_there_is_not_taken_out() -> None:
    source = "import { a } from './a'\n\nexport const functions = [a]\n"
    assert unregister(source, "placeOrder") == source


def test_a_function_that_the_index_uses_in_another_way_is_refused() -> None:
    source = "import { a } from './a'\n\nexport const functions = [a, traced(a)]\n"
    with pytest.raises(Refusal, match="another way") as refused:
        unregister(source, "a")
    assert (refused.value.line, refused.value.column) == (3, 37)


def test_of_several_names_from_one_module_only_the_function_goes() -> None:
    source = "import { a, limits } from './a'\n\nexport const functions = [a, limits]\n"
    expected = "import { limits } from './a'\n\nexport const functions = [limits]\n"
    assert unregister(source, "a") == expected
