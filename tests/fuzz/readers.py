"""What reads other people's files, as functions of bytes: each returns, or refuses in its own way.

An input is a byte that chooses the reader, and what it reads. Anything but a refusal is a finding,
and so is what takes longer than the limit.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from redwood_inngest.app.editorconfig import editorconfig_properties
from redwood_inngest.app.files import load_json, load_toml, load_yaml
from redwood_inngest.app.find import find_app
from redwood_inngest.app.globs import glob_pattern
from redwood_inngest.app.prettier import read_prettier
from redwood_inngest.codemods.env_file import add_variables
from redwood_inngest.codemods.functions_index import register, unregister
from redwood_inngest.codemods.package_json import add_dependency
from redwood_inngest.codemods.sdk.codemod import upgrade
from redwood_inngest.errors import Refusal, UnknownGlob, Unreadable
from redwood_inngest.flows.answers import NEEDED, check_given, check_kept, parsed_answers
from redwood_inngest.graphql.event_types import events_module
from redwood_inngest.graphql.framework_schema import framework_schema
from redwood_inngest.graphql.operations import Sources, find_operations
from redwood_inngest.typescript.module_values import exported_value, expression_value
from redwood_inngest.typescript.style import REDWOOD_STYLE

from tests.support.apps import small_app

Reader = Callable[[bytes], object]

SECONDS = 10
FOUND = Path(__file__).parent / "found"
REPOSITORY = Path(__file__).parents[2]


def read(data: bytes) -> None:
    """Give an input to the reader that it chooses.

    Raises:
        Exception: What it found.
    """
    if data:
        READERS[reader_of(data)](data[1:])


def reader_of(data: bytes) -> str:
    """The name of the reader that an input chooses."""
    names = sorted(READERS)
    return names[data[0] % len(names)]


def found() -> Iterator[tuple[str, bytes]]:
    """What fuzzing found: the name of the reader, and what it read."""
    for file in sorted(FOUND.glob("*.input")):
        yield file.name.split("--")[0], file.read_bytes()


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _loads(load: Callable[[str], object]) -> Reader:
    def reader(data: bytes) -> None:
        try:
            load(_text(data))
        except (ValueError, Refusal, Unreadable):
            return

    return reader


def _glob(data: bytes) -> None:
    pattern, _, path = _text(data).partition("\n")
    try:
        glob_pattern(pattern).match(path)
    except UnknownGlob:
        return


def _env(data: bytes) -> None:
    once = add_variables(_text(data), "# A\n# NAME=\n")
    assert add_variables(once, "# A\n# NAME=\n") == once


def _answers(data: bytes) -> None:
    try:
        check_kept(parsed_answers(data), NEEDED)
    except Refusal:
        return


def _given(data: bytes) -> None:
    try:
        given = load_yaml(_text(data))
    except ValueError:
        return
    names = isinstance(given, dict) and all(isinstance(name, str) for name in given)
    try:
        check_given(given if names else {"event_prefix": given})
    except Refusal:
        return


_SDL = "api/src/graphql/posts.sdl.ts"
_FRAMEWORK = framework_schema("redwood", "8.9.0", realtime=True)


def _graphql(data: bytes) -> None:
    """A schema and an operation, apart by a line of dashes; and the module that comes of both."""
    schema, _, operation = _text(data).partition("\n---\n")
    sources = Sources(
        {_SDL: f"export const schema = gql`{schema}`", "web/src/operation.graphql": operation},
        frozenset([_SDL]),
        _FRAMEWORK,
    )
    try:
        operations = find_operations(sources, {})
        events_module(operations, {"include_raw_result": True}, REDWOOD_STYLE)
    except Refusal:
        return


def _sources(data: bytes) -> None:
    """GraphQL in a component."""
    files = {"web/src/Post.tsx": _text(data)}
    find_operations(Sources(files, frozenset(), _FRAMEWORK), {})


@cache
def _app() -> Path:
    return small_app(Path(tempfile.mkdtemp(prefix="fuzz-")) / "shop", git=False)


def clear() -> None:
    """Remove the app that was read."""
    shutil.rmtree(_app().parent, ignore_errors=True)


def _file_of_app(path: str) -> Reader:
    """The whole detection, with one of the app's files given."""

    def reader(data: bytes) -> None:
        file = _app() / path
        before = file.read_bytes() if file.exists() else None
        file.write_bytes(data)
        try:
            found = find_app(_app())
            json.dumps(found.facts())
            found.greeting().encode()
        except Refusal:
            return
        finally:
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)

    return reader


def _config_file(name: str) -> Reader:
    """Only what reads the style, with one of its files given."""

    def reader(data: bytes) -> None:
        folder = _app() / "style"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        try:
            read_prettier(folder, folder)
            editorconfig_properties(folder / "client.ts", folder)
        except Refusal:
            return
        finally:
            (folder / name).unlink()

    return reader


READERS: dict[str, Reader] = {
    "answers": _answers,
    "editorconfig": _config_file(".editorconfig"),
    "env": _env,
    "expression": _loads(expression_value),
    "find package.json": _file_of_app("package.json"),
    "find pnpm-workspace.yaml": _file_of_app("pnpm-workspace.yaml"),
    "find redwood.toml": _file_of_app("redwood.toml"),
    "find yarn.lock": _file_of_app("yarn.lock"),
    "given": _given,
    "glob": _glob,
    "graphql": _graphql,
    "index": _loads(lambda text: register(text, "sendMail")),
    "index, taken out": _loads(lambda text: unregister(text, "helloWorld")),
    "json": _loads(load_json),
    "manifest": _loads(lambda text: add_dependency(text, "inngest", "^4.24.0")),
    "module": _loads(exported_value),
    "prettierrc": _config_file(".prettierrc"),
    "sdk": _loads(upgrade),
    "sources": _sources,
    "toml": _loads(load_toml),
    "yaml": _loads(load_yaml),
}


def seeds() -> Iterator[bytes]:
    """Inputs to begin with: real files, each for each reader."""
    app = small_app(Path(tempfile.mkdtemp(prefix="fuzz-")) / "shop", git=False)
    names = ("pyproject.toml", "copier.yml", "docs/fleets/renovate.json", "tools/package.json")
    files = [*app.rglob("*"), *(REPOSITORY / name for name in names)]
    texts = [file.read_bytes()[:4000] for file in files if file.is_file()]
    shutil.rmtree(app.parent)
    texts += [text.encode() for text in _WRITTEN]
    for number in range(len(READERS)):
        for text in texts:
            yield bytes([number]) + text


_WRITTEN = (
    "root = true\n[*]\nindent_style = space\nindent_size = 2\n[*.{ts,js}]\nmax_line_length = 100\n",
    "[{1..3}.ts]\ntab_width=4 ; a comment\nend_of_line : lf\n",
    '{"printWidth": 100, "overrides": [{"files": ["*.ts", "!a/**"], "options": {"semi": false}}]}',
    "a: 1\noverrides:\n  - files: '**/*.{ts,tsx}'\n    options: &a {semi: true}\n    b: *a\n",
    "const base = { semi: false }\nexport default { ...base, tabWidth: 2, plugins: ['a'] }\n",
    "**/a[!b-d]*/?(e|f)/{1..20}/+(g)\nx/abc/e/7/g",
    "framework: redwood\napi_path: api\napi_port: 8911\npackage_manager: yarn\nsdk_major: 3\n",
    "packages:\n  - 'api'\n  - '!web/**'\n",
    "# A=1\nexport B = 2\r\n#\n\n",
    """\
type Post { id: ID! tags(first: Int = 3): [Tag] }
enum Tag { A B }
type Query { posts: [Post!]! }
---
query Q($n: Int) { posts { id ...F } }
fragment F on Post { tags(first: $n) @skip(if: true) }
""",
    "export const QUERY = gql`\n  ${F}\n  query Q($id: Int!) { post(id: $id) { id ...F } }\n`\n",
    """\
import { helloWorld } from 'src/inngest/functions/helloWorld'
export const functions = [helloWorld]
""",
    """\
import { Inngest } from 'inngest'
const inngest = new Inngest({ id: 'a' })
export const f = inngest.createFunction({ id: 'b' }, { event: 'c/d' }, ({ step }) => step.run('e'))
""",
)
