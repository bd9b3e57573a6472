"""The pages: commands run, samples compile, links lead somewhere, the reference is current."""

from __future__ import annotations

import html
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from graphql import parse
from redwood_inngest.cli.main import main
from redwood_inngest.graphql.event_types import events_module, own_events_module
from redwood_inngest.graphql.framework_schema import framework_schema
from redwood_inngest.graphql.operations import Sources, find_operations
from redwood_inngest.typescript.style import REDWOOD_STYLE

from tests.support.adoptable import old_tool_app
from tests.support.apps import small_app, write
from tests.support.command import command
from tests.support.matrix import sdk_packages
from tests.support.pages import blocks, command_lines, headings, inline_commands, links
from tests.support.redwood import HANDLER, commit, redwood_app
from tests.support.rendering import DEFAULTS, rendered_code
from tests.support.template import REPOSITORY
from tools.make_reference import pages
from tools.record_session import PICTURE, record

SDL = """\
type Customer { id: ID! name: String! }
type Line { id: ID! quantity: Int! }
type Order { id: Int! total: Float! customer: Customer lines: [Line!] }
type Session { id: Int! }
input LineInput { productId: Int! quantity: Int! }
input PlaceOrderInput { email: String! cardNumber: String lines: [LineInput!] }
type Query { order(id: Int!): Order @requireAuth }
type Mutation {
  placeOrder(input: PlaceOrderInput!): Order! @requireAuth
  logIn: Session @skipAuth
}
"""
OPERATION = """\
mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) { id total customer { id name } lines { id quantity } }
}
"""
OLD_FUNCTION = """\
import { Inngest } from 'inngest'

const inngest = new Inngest({ name: 'My shop' })

export default inngest.createFunction({ name: 'Old' }, { event: 'shop/old' }, async () => {})
"""


# Commands

# These cannot run in a test, or do in one of their own; each is at least a command that there is.
ELSEWHERE = {
    r"uv tool install git\+REPOSITORY": "tests/end_to_end/test_installations.py",
    r"pipx (install|inject) copier.*": "tests/end_to_end/test_installations.py",
    r"python -m benchmarks\.\w+": "benchmarks",
    r"make (test|lint|test-nightly|fuzz|faults)": "Makefile",
    r"\.venv/bin/pytest -q tests/unit": "tests/unit",
    r"yarn rw dev": "tests/end_to_end/test_redwood_typescript.py",
    r"yarn inngest:dev": "hooks/redwood_inngest/flows/own_files.py",
    r"yarn rw test api sendReceipt": "tests/end_to_end/test_functions.py",
    r"curl (-X PUT )?https?://\S+/inngest": "tests/end_to_end/test_functions.py",
    r"multi-gitter run \./update\.sh --config multi-gitter\.yml": "docs/fleets/update.sh",
    r"git (add --intent-to-add \.|diff)": "docs/setup.md",
}
# These ask or go on for ever, and are checked against the command's own parser.
PARSED = (
    "redwood-inngest generate function",
    "redwood-inngest events --watch",
    "redwood-inngest dev",
)
LINES = command_lines()
OURS = [each for each in LINES if each.startswith("redwood-inngest ") and each not in PARSED]
COPIERS = [each for each in LINES if each.startswith("copier ")]


def slow_ones_at_night(lines: list[str], quick: str) -> list[Any]:
    """The lines as parameters: setups and updates take seconds, and one stands for the others."""
    is_slow = re.compile(r"copier|redwood-inngest (adopt|setup|update|remove)")
    return [
        pytest.param(line, marks=pytest.mark.nightly)
        if is_slow.match(line) and line != quick
        else line
        for line in lines
    ]


def test_each_command_is_one_that_is_tried_or_known() -> None:
    for line, place in LINES.items():
        if line in COPIERS:
            continue
        if line in OURS or line in PARSED:
            check_parses(re.sub(r" [<>].*", "", line))
            continue
        known = [where for pattern, where in ELSEWHERE.items() if re.fullmatch(pattern, line)]
        assert known, f"{place}: {line}"
        assert (REPOSITORY / known[0]).exists()
        words = line.split()
        if words[0] == "make":
            assert f"\n{words[1]}:" in (REPOSITORY / "Makefile").read_text()
        if words[0] == "python":
            assert (REPOSITORY / f"{words[2].replace('.', '/')}.py").is_file()
    assert len(OURS) > 20


def test_commands_in_sentences_are_understood() -> None:
    found = list(inline_commands())
    assert len(found) > 10
    for line, page in found:
        try:
            check_parses(line)
        except click.ClickException as error:
            pytest.fail(f"{page}: {line}: {error.format_message()}")


def check_parses(line: str) -> None:
    """Have the command's own parser read a line, and run nothing."""
    _, *words = shlex.split(line)
    found: click.Command | None = main
    context = click.Context(main, info_name="redwood-inngest")
    while isinstance(found, click.Group) and words:
        name, *words = words
        found = found.get_command(context, name)
        assert found, f"there is no command {name}"
    assert found
    if not isinstance(found, click.Group):
        found.make_context(line, words)


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """An app before a setup, one after it, one with a function, and one to adopt."""
    folder = tmp_path_factory.mktemp("docs")
    fresh = small_app(folder / "fresh")
    write(fresh / "api/src/graphql/shop.sdl.ts", f"export const schema = gql`{SDL}`\n")
    write(fresh / "web/src/lib/orders.graphql", OPERATION)
    (answers,) = (each for each in blocks("yaml") if "# answers.yml" in each.text)
    write(fresh / "answers.yml", answers.text)
    commit(fresh, "A shop")
    shutil.copytree(fresh, folder / "set-up")
    old_tool_app(folder / "old")
    done = command("redwood-inngest", "setup", folder / "set-up", *without_asking(template))
    assert done.returncode == 0, done.stderr
    commit(folder / "set-up", "Inngest")
    shutil.copytree(folder / "set-up", folder / "with-function")
    function = ("g", "function", "sendReceipt", "--on", "PlaceOrder", "--no-install")
    assert command("redwood-inngest", *function, cwd=folder / "with-function").returncode == 0
    commit(folder / "with-function", "A function")
    return folder


def without_asking(template: Path) -> list[str]:
    return ["--template", str(template), "--defaults", "--no-install"]


@pytest.mark.parametrize(
    "line", slow_ones_at_night(OURS, "redwood-inngest update --data event_prefix=store")
)
def test_a_command_of_ours_does_what_the_page_says(
    tmp_path: Path, apps: Path, template: Path, line: str
) -> None:
    words = shlex.split(line)[1:]
    verb = words[0]
    kinds = {"adopt": "old", "setup": "fresh", "destroy": "with-function"}
    kind = kinds.get(verb, "set-up")
    # A folder with the app that the user is in, and others at the paths that the pages name.
    app = tmp_path / "my-shop"
    shutil.copytree(apps / kind, app, symlinks=True)
    where = app
    if "path/to/app" in line or "apps/*" in line:
        for name in ("path/to/app", "apps/one", "apps/two"):
            shutil.copytree(apps / kind, tmp_path / name, symlinks=True)
        where = tmp_path
    if verb == "upgrade-sdk":
        where = tmp_path / "old"
        for name in ("api/src/inngest/old.ts", "path/to/app/old.ts", "in.ts"):
            write(where / name, OLD_FUNCTION)
    stdin = ""
    if "<" in words:
        stdin = OLD_FUNCTION if verb == "upgrade-sdk" else HANDLER
        words = words[: words.index("<")]
    words = [each for word in words for each in expanded(word, where)]
    if verb in {"adopt", "setup", "update"} and not {"--resume", "--abort"} & set(words):
        words += without_asking(template)
    if verb in {"g", "generate"}:
        words += ["--no-install"]
    if verb == "remove":
        words += ["--template", str(template), "--no-install"]
    result = command("redwood-inngest", *words, cwd=where, stdin=stdin)
    said = f"{LINES[line]}: {line}\n{result.stdout}\n{result.stderr}"
    nothing_to_do = {3} if verb == "update" else set()
    assert result.returncode in {0, *nothing_to_do}, said
    assert "Traceback" not in said


def expanded(word: str, where: Path) -> list[str]:
    """A word as a shell hands it over, and without what it does itself."""
    if word == ">" or word.endswith(".diff"):
        return []
    if "*" in word:
        return sorted(str(file) for file in where.glob(word))
    return [word]


@pytest.mark.parametrize(
    "line", slow_ones_at_night(COPIERS, "copier copy --trust git+REPOSITORY path/to/app")
)
def test_a_command_of_copiers_does_what_the_page_says(
    tmp_path: Path, apps: Path, template: Path, line: str
) -> None:
    _, verb, *words = shlex.split(line)
    app = tmp_path / "path/to/app"
    shutil.copytree(apps / ("fresh" if verb == "copy" else "set-up"), app, symlinks=True)
    words = [str(template) if word == "git+REPOSITORY" else word for word in words]
    where = tmp_path if verb == "copy" else app
    options = ["--data", "install_dependencies=false", "--vcs-ref", "HEAD"]
    options += [] if "--defaults" in words else ["--defaults"]
    result = command("copier", verb, *options, *words, cwd=where)
    assert result.returncode == 0, result.stderr


# Samples

AMBIENT = """\
declare function mailReceipt(email: string): Promise<void>
declare function sendMail(email: string, about: unknown): Promise<void>
declare const handler: () => Promise<void>
"""


def test_the_samples_compile(tmp_path: Path) -> None:
    for path, text in rendered_code(example_function=False).items():
        write(tmp_path / path, text)
    inngest = tmp_path / "api/src/inngest"
    answers: dict[str, Any] = {**DEFAULTS, "sdk_major": 4}
    write(inngest / "events.ts", events_of(answers))
    write(inngest / "ownEvents.ts", own_events_module(answers, REDWOOD_STYLE))
    with_result = {**answers, "event_prefix": "shop", "include_raw_result": True}
    write(inngest / "eventsWithResult.ts", events_of(with_result))
    write(tmp_path / "api/src/lib/logger.ts", "export const logger = console\n")
    write(tmp_path / "ambient.d.ts", AMBIENT)
    (tmp_path / "node_modules").symlink_to(redwood_app() / "node_modules")
    places = {}
    for number, block in enumerate(blocks("ts", "js", "json")):
        if (code := as_module(block.language, block.text)) is not None:
            places[f"sample{number}"] = block.place
            write(tmp_path / f"sample{number}.ts", code)
    assert len(places) >= 8
    errors = type_errors(tmp_path)
    named = [re.sub(r"sample\d+", lambda name: places[name[0]], error) for error in errors]
    assert named == []
    # And tsc does look at them.
    write(tmp_path / "sample0.ts", "import { nobody } from 'src/inngest/events'\nnobody\n")
    assert len(type_errors(tmp_path)) == 1


def events_of(answers: dict[str, Any]) -> str:
    sdl = f"export const schema = gql`{SDL}`"
    files = {"api/src/graphql/shop.sdl.ts": sdl, "web/src/orders.graphql": OPERATION}
    framework = framework_schema("redwood", "8.9.0", realtime=False)
    sources = Sources(files, frozenset({"api/src/graphql/shop.sdl.ts"}), framework)
    operations = find_operations(sources, answers)
    assert not operations.mistakes
    return events_module(operations, answers, REDWOOD_STYLE)


def as_module(language: str, text: str) -> str | None:
    """A sample as a module; an event becomes a value of its type, other JSON is none."""
    if language == "json":
        event = json.loads(text)
        if "data" not in event:
            return None
        module = "eventsWithResult" if event["data"]["result"] else "events"
        imported = f"import type {{ PlaceOrderMutation }} from 'src/inngest/{module}'"
        data = json.dumps(event["data"])
        return f"{imported}\nexport const data: PlaceOrderMutation = {data}\n"
    if language == "js":
        return f"export const sample = {text}"
    if "inngest." in text and "import { inngest }" not in text:
        text = f"import {{ inngest }} from 'src/inngest/client'\n{text}"
    return text


def type_errors(folder: Path) -> list[str]:
    """What `tsc` says of the samples and what they import."""
    options = {
        "noEmit": True,
        "strict": True,
        "target": "esnext",
        "module": "esnext",
        "moduleResolution": "bundler",
        "skipLibCheck": True,
        "types": ["node"],
        "baseUrl": ".",
        "paths": {
            "src/*": ["./api/src/*"],
            "inngest": [str(sdk_packages() / "node_modules" / "inngest4")],
        },
    }
    config = {"compilerOptions": options, "include": ["*.ts"]}
    write(folder / "tsconfig.json", json.dumps(config))
    compiler = sdk_packages() / "node_modules/typescript/bin/tsc"
    said = subprocess.run(
        ["node", str(compiler), "-p", "."], cwd=folder, capture_output=True, text=True, check=False
    )
    return re.findall(r"^\S.*error TS.*", said.stdout, re.MULTILINE)


def test_json_yaml_and_graphql_can_be_read() -> None:
    readers: dict[str, Callable[[str], Any]] = {
        "json": json.loads,
        "yaml": yaml.safe_load,
        "graphql": parse,
    }
    for block in blocks(*readers):
        readers[block.language](block.text)


# Pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_what_is_made_from_the_sources_is_current(page: Path) -> None:
    assert page.read_text() == pages()[page], "run `make docs`"


@pytest.mark.nightly
def test_the_recorded_session_is_what_the_commands_print() -> None:
    recorded = re.search(r"<desc>(.*?)</desc>", PICTURE.read_text(), re.DOTALL)
    assert recorded
    assert html.unescape(recorded[1]) == record().text(), "run `make docs`"


def test_links_lead_somewhere() -> None:
    for page, target in links():
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in headings(file), f"{page.name}: {target}"
