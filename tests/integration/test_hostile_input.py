"""Input that took other readers down: each is refused in one sentence, in time, nothing written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from redwood_inngest.journal import journal_file

from tests.support.apps import small_app, tree, write
from tests.support.command import command
from tests.support.nightly import nightly

HANDLER = "api/src/functions/graphql.ts"
ANSWERS = ".copier-answers.inngest.yml"
# Nothing here takes more than a second or two; the machine of the tests has more to do.
SECONDS = 20

Spoil = Callable[[Path], object]


def fifo(path: str) -> Spoil:
    def spoil(app: Path) -> None:
        (app / path).unlink(missing_ok=True)
        os.mkfifo(app / path)

    return spoil


def folder(path: str) -> Spoil:
    def spoil(app: Path) -> None:
        (app / path).unlink(missing_ok=True)
        (app / path).mkdir()

    return spoil


def endless(path: str) -> Spoil:
    def spoil(app: Path) -> None:
        (app / path).unlink(missing_ok=True)
        (app / path).symlink_to("/dev/zero")

    return spoil


def in_a_circle(path: str) -> Spoil:
    def spoil(app: Path) -> None:
        (app / path).unlink(missing_ok=True)
        (app / path).symlink_to(Path(path).name)

    return spoil


def in_journal(spoil: Callable[[str], Spoil]) -> Spoil:
    return lambda app: spoil(journal_file(app).relative_to(app).as_posix())(app)


def written(path: str, content: str | bytes) -> Spoil:
    def spoil(app: Path) -> None:
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        (app / path).write_bytes(data)

    return spoil


def in_plugins(count: int) -> str:
    plugins = "use({ a: [1, 2] }), " * count
    return (
        "import { createGraphQLHandler } from '@redwoodjs/graphql-server'\n"
        f"export const handler = createGraphQLHandler({{ extraPlugins: [{plugins}] }})\n"
    )


def huge(app: Path) -> None:
    with (app / HANDLER).open("r+b") as file:
        file.truncate(300 * 1024 * 1024)


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)
)
MULTIPLIED = (
    "const a0 = ['x']\n"
    + "".join(f"const a{n} = [a{n - 1}, a{n - 1}, a{n - 1}]\n" for n in range(1, 40))
    + "module.exports = { plugins: a39 }\n"
)
DEEP_JSON = "[" * 100_000 + "]" * 100_000
JOURNAL = '{"steps": [{"path": 3, "before": null, "after": null}], "folders": 3, "extra": []}'
EDITORCONFIG = "root = true\n[{1..999999999}.ts]\nindent_size = 4\n[*]\nindent_size = 2\n"

# What is refused, and what the sentence has to say.
REFUSED: dict[str, tuple[Spoil, str]] = {
    "handler is a pipe": (fifo(HANDLER), ""),
    "handler is a folder": (folder(HANDLER), ""),
    "handler is endless": (endless(HANDLER), ""),
    "package.json is a pipe": (fifo("package.json"), "package.json: this is no plain file"),
    "package.json is endless": (endless("package.json"), "package.json: this is no plain file"),
    "package.json is a folder": (folder("package.json"), "package.json: this is no plain file"),
    ".env.defaults is a pipe": (fifo(".env.defaults"), ".env.defaults: this is no plain file"),
    ".env.defaults is endless": (endless(".env.defaults"), ".env.defaults: this leads out"),
    "answers are a pipe": (fifo(ANSWERS), "this is no plain file"),
    "answers are a folder": (folder(ANSWERS), "this is no plain file"),
    ".env.defaults is a link in a circle": (in_a_circle(".env.defaults"), "cannot be read"),
    "journal is a pipe": (in_journal(fifo), "this is no journal of redwood-inngest"),
    "journal is endless": (in_journal(endless), "this is no journal of redwood-inngest"),
    "answers are empty": (written(ANSWERS, ""), "damaged"),
    "answers are a list": (written(ANSWERS, "- a\n"), "damaged"),
    "answers are a tag": (written(ANSWERS, "!!python/object:os.system {}\n"), "damaged"),
    "answers are a bomb": (written(ANSWERS, BOMB), "damaged"),
    "answers are two documents": (written(ANSWERS, "a: 1\n---\nb: 2\n"), "damaged"),
    "answers have keys that are no text": (written(ANSWERS, "1: a\n[a, b]: c\n"), "damaged"),
    "handler of 300 MB": (huge, "bytes, and no more are read"),
    "handler of 5 MB": (written(HANDLER, in_plugins(250_000)), "bytes, and no more"),
    "deep package.json": (written("package.json", DEEP_JSON), "nested"),
    "deep redwood.toml": (written("redwood.toml", f"a = {'[' * 9_000}{']' * 9_000}\n"), "nested"),
    "long redwood.toml": (
        written("redwood.toml", "a = 1\n" * 100_000),
        "more than 65,536 characters",
    ),
    "deep pnpm-workspace": (written("pnpm-workspace.yaml", "[" * 90_000), "pnpm-workspace"),
    "bomb in pnpm-workspace": (written("pnpm-workspace.yaml", BOMB), "pnpm-workspace"),
    "NUL in the api path": (written("redwood.toml", '[api]\npath = "a\\u0000b"\n'), "redwood.toml"),
    "half a character": (written("package.json", '{"name": "\\ud800"}'), "package.json"),
    "5,000 digits": (written("package.json", '{"a": ' + "9" * 5_000 + "}"), "package.json"),
    "Prettier is a list": (
        written("node_modules/prettier/package.json", "[]"),
        "node_modules/prettier/package.json",
    ),
}

# What is no reason to refuse an app.
TAKEN: dict[str, Spoil] = {
    "deep journal": in_journal(lambda path: written(path, DEEP_JSON)),
    "journal of something else": in_journal(lambda path: written(path, JOURNAL)),
    ".env.defaults with many comments": written(".env.defaults", "#\n" * 20_000),
    ".env.defaults with many blank lines": written(".env.defaults", "\n" * 100_000 + "A=1\n"),
    ".env.defaults with one long line": written(".env.defaults", "# " * 200_000 + "\n"),
    "multiplying references": written("prettier.config.js", MULTIPLIED),
    "bomb in .prettierrc": written(".prettierrc", BOMB),
    "deep .prettierrc": written(".prettierrc", "[" * 90_000),
    "endless range in .editorconfig": written(".editorconfig", EDITORCONFIG),
    "endless range in workspaces": written(
        "package.json", '{"workspaces": ["{1..999999999}", "api"]}\n'
    ),
    "glob to go back in": written(
        ".editorconfig", "[" + "*a" * 200 + "b]\nindent_size = 2\n[{{{{{{{{a}}}}}}}}]\nx = y\n"
    ),
    "overrides to go back in": written(
        ".prettierrc", '{"overrides": [{"files": "' + "**/*" * 100 + 'x", "options": {}}]}'
    ),
    "Latin-1 .editorconfig": written(".editorconfig", b"[*]\n# \xe9\xff\nindent_size = 2\n"),
    "a superscript as a width": written(".editorconfig", "[*]\nindent_size = \u00b2\n"),
    "5,000 digits as a width": written(".editorconfig", f"[*]\nmax_line_length = {'9' * 5000}\n"),
    "1e15 as tabWidth": written(".prettierrc", '{"tabWidth": 1e15, "printWidth": 1e15}'),
    "a huge tabWidth": written(".prettierrc", '{"tabWidth": 1000000000000000}'),
    "printWidth of 0": written(".prettierrc", '{"printWidth": 0}'),
    "spaces in .editorconfig": written(".editorconfig", "a" + " " * 200_000 + "b\n"),
    "Prettier without a number": written("node_modules/prettier/package.json", "{}"),
}


def run(app: Path, template: Path) -> tuple[int, str]:
    start = time.monotonic()
    options = ("--template", template, "--no-install", "--force", "--defaults")
    result = command("redwood-inngest", "setup", app, *options)
    assert time.monotonic() - start < SECONDS
    assert "Traceback" not in result.stderr, result.stderr
    return result.returncode, result.stderr


def content(app: Path) -> dict[str, bytes]:
    large = (app / HANDLER).is_file() and (app / HANDLER).stat().st_size > 1_000_000
    return {} if large else tree(app)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(name: str, tmp_path: Path, template: Path) -> None:
    spoil, sentence = REFUSED[name]
    app = small_app(tmp_path / "shop")
    spoil(app)
    before = content(app)
    code, said = run(app, template)
    assert code == 1, said
    (refusal,) = [line for line in said.splitlines() if line.startswith("redwood-inngest: ")]
    assert sentence in refusal
    assert content(app) == before


# The readers themselves read all of these in each run: tests/property/test_readers.py.
IN_EACH_RUN = {
    ".env.defaults with one long line",
    "multiplying references",
    "bomb in .prettierrc",
    "endless range in workspaces",
    "glob to go back in",
    "1e15 as tabWidth",
}


@pytest.mark.parametrize("name", [each if each in IN_EACH_RUN else nightly(each) for each in TAKEN])
def test_what_is_no_reason_to_refuse(name: str, tmp_path: Path, template: Path) -> None:
    app = small_app(tmp_path / "shop")
    TAKEN[name](app)
    code, said = run(app, template)
    assert code == 0, said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB, "answers.yml"),
        ("1: a\n", "1 is no name of a question"),
        ("_copier_operation: update\n", "there is no question _copier_operation"),
        ("event_prefix: !!python/object:os.system {}\n", "answers.yml"),
        ("a: 1\n---\nb: 2\n", "answers.yml"),
        ('event_prefix: "a\\0b"\n', "answers.yml"),
        ("[" * 50_000, "answers.yml"),
        ("api_port: " + "1" * 5_000 + "\n", "answers.yml"),
        ("print_width: 1" + ":1" * 4_000 + "\n", "answers.yml"),
        ("plugin: [a]\n", "plugin is one of"),
    ],
)
def test_a_file_of_answers_is_no_way_in(
    text: str, sentence: str, tmp_path: Path, template: Path
) -> None:
    app, file = small_app(tmp_path / "shop"), tmp_path / "answers.yml"
    write(file, text)
    before = tree(app)
    start = time.monotonic()
    options = ("--template", template, "--no-install", "--data-file", file)
    result = command("redwood-inngest", "setup", app, *options)
    assert time.monotonic() - start < SECONDS
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert sentence in result.stderr.splitlines()[-1]
    assert tree(app) == before


def test_a_full_folder_for_temporary_files_is_said_to_be_one(
    tmp_path: Path, template: Path
) -> None:
    app = small_app(tmp_path / "shop")
    options = ("--template", template, "--no-install")
    missing = {"TMPDIR": "/proc/nothing", "TMP": "/proc/nothing", "TEMP": "/proc/nothing"}
    result = command("redwood-inngest", "setup", app, *options, environment=missing)
    assert "Traceback" not in result.stderr
