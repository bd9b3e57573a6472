"""What `upgrade-sdk` makes of modules: the fixtures read as its documentation."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest
from redwood_inngest.codemods.checked import without_collector
from redwood_inngest.codemods.sdk.codemod import upgrade
from redwood_inngest.codemods.sdk.environment import rename_variables
from redwood_inngest.codemods.sdk.step import slugify
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.upgrade_sdk import run

FIXTURES = Path(__file__).parents[1] / "fixtures" / "upgrade_sdk"
CASES = sorted(path.relative_to(FIXTURES).as_posix() for path in FIXTURES.glob("*/*"))
CLIENT = "import { Inngest } from 'inngest'\nconst inngest = new Inngest({ name: 'shop' })\n"


def version(case: str) -> int:
    """`to-3/...` and `told/...-to-3` are brought to SDK 3."""
    name = case.partition("/")[0] if case.startswith("to-") else case
    return int(name[-1])


def copied(case: str, folder: Path) -> list[Path]:
    """The modules of a fixture before the upgrade, in a folder of their own."""
    source = FIXTURES / case / "input"
    found = sorted(source.iterdir()) if source.is_dir() else list((FIXTURES / case).glob("input.*"))
    return [Path(shutil.copy(file, folder)) for file in found]


def after(case: str, file: Path) -> str:
    """What a fixture says that a module becomes."""
    folder = FIXTURES / case / "output"
    expected = folder / file.name if folder.is_dir() else folder.with_suffix(file.suffix)
    return expected.read_text()


@pytest.mark.parametrize("case", CASES)
def test_a_fixture_becomes_what_it_says(case: str, tmp_path: Path) -> None:
    files = copied(case, tmp_path)
    to = version(case)
    results = list(run([str(file) for file in files], to=to))
    for file in files:
        assert file.read_text() == after(case, file)
    told = [line.rpartition("input.ts:")[2] for each in results for line in each.remarks()]
    notes = FIXTURES / case / "notes.txt"
    assert told == (notes.read_text().splitlines() if notes.exists() else [])
    again = run([str(file) for file in files], to=to)
    assert {each.status for each in again} == {"up-to-date"}


def test_nothing_is_left_to_the_garbage_collector() -> None:
    sources = [(file.read_text(), file.suffix) for file in sorted(FIXTURES.rglob("*.ts"))]
    for _ in range(2):  # the first turn makes what is made once
        gc.collect()
        with without_collector():
            done = [upgrade(source, suffix).changed for source, suffix in sources]
            left = gc.collect()
    assert any(done)
    assert left == 0


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Send welcome mail :)", "send-welcome-mail"), ("a--b_C", "a-b-c"), ("Über", "ber"), ("", "")],
)
def test_slugs_are_those_of_the_sdk(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize(
    ("source", "to", "reason"),
    [
        (
            CLIENT + "for (const name of ['a', 'b']) {\n"
            "  inngest.createFunction({ name }, { event: 'x' }, () => 1)\n}\n",
            3,
            (
                "4:11: this function is made in a loop or a factory, so that its id and triggers"
                " are known at run time only: upgrade it by hand, then run this again."
            ),
        ),
        (
            CLIENT + "export const make = (id: string, event: string) =>\n"
            "  inngest.createFunction({ id }, { event }, () => 1)\n",
            4,
            (
                "4:11: this function is made in a loop or a factory, so that its id and triggers"
                " are known at run time only: upgrade it by hand, then run this again."
            ),
        ),
        (
            "const { Inngest } = require('inngest')\nmodule.exports = new Inngest({ name: 'a' })\n",
            4,
            (
                "1:21: this module is CommonJS, it loads inngest with require: upgrade-sdk reads"
                " ES modules, so write import and export first, or upgrade it by hand."
            ),
        ),
        (
            "import { Inngest, eventType } from 'inngest'\n",
            3,
            (
                "1:19: this is written for SDK 4 already, and there is no way back to SDK 3: leave"
                " out --to."
            ),
        ),
        (
            CLIENT.replace("name", "id")
            + "inngest.createFunction({ id: 'a', triggers: [] }, () => 1)\n",
            3,
            (
                "3:9: this is written for SDK 4 already, and there is no way back to SDK 3: leave"
                " out --to."
            ),
        ),
        (
            CLIENT + "inngest.createFunction(/* why */ 'A', 'b', () => {\n  return 1 // c\n})\n"
            "import { serve } from 'inngest/next'\n"
            "export default serve(inngest, [] /* none yet */, { servePath: '/a' })\n",
            3,
            (
                "7:31: there is no place for the comment '/* none yet */' in what upgrade-sdk would"
                " write for this: move it to a line of its own above the statement."
            ),
        ),
        (
            CLIENT + "import { serve } from 'inngest/next'\n"
            "serve(inngest, [inngest.createFunction({ name: 'A' }, 'a', () => 1)])\n",
            3,
            (
                "4:7: serve gets clients or functions that are made in its call: give them names of"
                " their own first, then run this again."
            ),
        ),
        (
            CLIENT.replace("{ name: 'shop' }", "{ id: 'shop', isDev: true }")
            + "inngest.createFunction({ id: 'A' }, /* why */ { event: 'b' }, () => 1)\n",
            4,
            (
                "3:24: there is no place in this object for the comment '/* why */', which belongs"
                " to what upgrade-sdk would write here: give each of its members a line of its own."
            ),
        ),
        (CLIENT + "const = 1\n", 4, "3:1: this cannot be read as TypeScript or JavaScript"),
    ],
)
def test_what_cannot_be_done_for_certain_is_refused(source: str, to: int, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        upgrade(source, to=to)
    assert str(refused.value).startswith(reason)


def test_a_factory_that_writes_its_values_out_is_upgraded() -> None:
    source = CLIENT.replace("name", "id") + (
        "export const make = () => inngest.createFunction({ id: 'a' }, { event: 'b' }, () => 1)\n"
    )
    assert "{ id: 'a', triggers: [{ event: 'b' }] }" in upgrade(source).source


@pytest.mark.parametrize(
    "source",
    [
        (
            "import { Lambda } from 'aws-sdk'\nconst lambda = new Lambda()\n"
            "lambda.createFunction({ FunctionName: 'a' }, { b: 1 }, () => 1)\n"
        ),
        (
            "class Inngest { createFunction(...all: any[]) {} }\nconst inngest = new Inngest()\n"
            "inngest.createFunction({ FunctionName: 'a' }, { event: 'b' }, () => 1)\n"
        ),
        "import { serve } from 'bun'\nserve(client, functions)\n",
        "// inngest\nconst step = { sleep: (time: string) => time }\nstep.sleep('1s')\n",
    ],
)
def test_code_with_the_same_names_is_left_alone(source: str) -> None:
    done = upgrade(source)
    assert (done.source, done.notes) == (source, ())


def test_two_clients_keep_their_functions_apart() -> None:
    source = (
        "import { Inngest } from 'inngest'\n"
        "const shop = new Inngest({ id: 'shop', isDev: true })\n"
        "const blog = new Inngest({ id: 'blog', isDev: true })\n"
        "const call = async ({ step }) => step.invoke('a', { function: 'blog-a', data: {} })\n"
        "shop.createFunction({ id: 'a' }, { event: 'a' }, async ({ step }) => {\n"
        "  await step.invoke('a', { function: 'blog-a', data: {} })\n})\n"
        "blog.createFunction({ id: 'b' }, { event: 'b' }, async ({ step }) => {\n"
        "  await step.invoke('a', { function: 'blog-a', data: {} })\n})\n"
    )
    done = upgrade(source, ".js")
    assert done.source.count("referenceFunction({ appId: 'blog', functionId: 'a' })") == 1
    assert [note.text[:31] for note in done.notes] == ["step.invoke takes no string in "]


@pytest.mark.parametrize(("more", "stays"), [("", False), ("export const more = new ES()\n", True)])
def test_renamed_schemas_stay_imported_where_other_code_has_them(more: str, stays: bool) -> None:
    source = (
        "import { EventSchemas as ES, Inngest } from 'inngest'\n\n"
        "type Events = { 'shop/paid': { data: { id: string } } }\n\n"
        "export const inngest = new Inngest({\n"
        "  id: 'shop',\n  isDev: true,\n  schemas: new ES().fromRecord<Events>(),\n})\n"
    )
    done = upgrade(source + more)
    assert "staticSchema<Events['shop/paid']['data']>()" in done.source
    assert ("EventSchemas as ES" in done.source) == stays
    assert [note.line for note in done.notes] == [1] * stays


def test_a_client_without_options_takes_none_from_its_endpoint() -> None:
    source = (
        "import { Inngest } from 'inngest'\nimport { serve } from 'inngest/redwood'\n\n"
        "const inngest = new Inngest()\n"
        "export const handler = serve({ client: inngest, functions: [], logLevel: 'debug' })\n"
    )
    done = upgrade(source)
    assert not done.changed
    assert [note.text[:41] for note in done.notes] == ["move logLevel from serve to the client: S"]


def test_env_files_get_the_new_names_of_variables() -> None:
    before = (
        "# INNGEST_SERVE_HOST is set below\nexport INNGEST_SERVE_HOST = a\nINNGEST_API_BASE_URL=b\n"
    )
    text, notes = rename_variables(before, 4)
    assert text == before.replace(
        "export INNGEST_SERVE_HOST", "export INNGEST_SERVE_ORIGIN"
    ).replace("INNGEST_API_BASE_URL", "INNGEST_BASE_URL")
    assert notes == ()
    assert rename_variables(text, 4) == (text, ())


def test_an_env_file_with_both_names_is_told_so() -> None:
    before = "INNGEST_BASE_URL=a\nINNGEST_DEVSERVER_URL=b\n"
    text, (note,) = rename_variables(before, 3)
    assert text == before
    assert (note.line, note.text.partition(",")[0]) == (
        2,
        "INNGEST_DEVSERVER_URL is INNGEST_BASE_URL now",
    )
