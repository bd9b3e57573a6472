"""The types of events: real events fit them, and Prettier leaves the module as it is."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redwood_inngest.graphql.event_types import (
    events_module,
    export_names,
    own_events_module,
    type_name,
)
from redwood_inngest.graphql.framework_schema import framework_schema
from redwood_inngest.graphql.operations import Operations, Sources, find_operations
from redwood_inngest.typescript.style import REDWOOD_STYLE, CodeStyle

from tests.property.graphql_programs import Program, Programs
from tests.support.nightly import nightly
from tests.support.node import NodeTools, tools_folder
from tests.support.plugin import CEDAR, make_workspace, run_node as run_node_in
from tests.support.styles import prettier_options

PROGRAMS = 40
STYLES = [
    CodeStyle(),
    CodeStyle(semi=True, single_quote=False, trailing_comma="all"),
    CodeStyle(indent="\t", trailing_comma="none", quote_props="consistent"),
    CodeStyle(semi=True, indent="    ", bracket_spacing=False, arrow_parens="avoid"),
    CodeStyle(indent="\t", tab_width=4, semi=True, end_of_line="crlf"),
]
NODE_FILES = Path(__file__).parent / "node"
PLUGIN_FILES = Path(__file__).parents[1] / "plugin" / "node"


def operations_of(program: Program) -> Operations:
    files = {f"web/src/{at}.graphql": query for at, (query, _) in enumerate(program.operations)} | {
        "api/src/graphql/all.sdl.ts": f"export const schema = gql`{program.sdl}`"
    }
    framework = framework_schema("cedar", "5.0.3", realtime=False)
    sources = Sources(files, frozenset({"api/src/graphql/all.sdl.ts"}), framework)
    return find_operations(sources, program.answers)


@pytest.fixture(scope="module")
def programs() -> list[tuple[Program, Operations]]:
    """Programs without the operations that do not fit their schema."""
    made = []
    for seed in range(PROGRAMS):
        program = Programs(seed).make()
        wrong = {each.path for each in operations_of(program).mistakes}
        program.operations = [
            each
            for at, each in enumerate(program.operations)
            if f"web/src/{at}.graphql" not in wrong
        ]
        made.append((program, operations_of(program)))
    assert sum(len(program.operations) for program, _ in made) > 3 * PROGRAMS
    return made


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("types"), CEDAR, PLUGIN_FILES, NODE_FILES)


def test_events_of_real_executions_are_sent_and_named_as_told_and_are_assignable(
    programs: list[tuple[Program, Operations]], workspace: Path
) -> None:
    given = json.dumps([vars(program) for program, _ in programs])
    (workspace / "programs.json").write_text(given)
    result = run_node_in(workspace, "execute.ts", "programs.json", SDK="inngest4")
    assert result.returncode == 0, result.stderr
    sent: list[list[Any]] = json.loads(result.stdout)
    lines = []
    count = 0
    for at, ((program, operations), (events, failed)) in enumerate(
        zip(programs, sent, strict=True)
    ):
        assert failed == []
        exports = export_names(each for each in operations.operations if each.is_sent)
        assert sorted(each["name"] for each in events) == sorted(exports)
        (workspace / f"events{at}.ts").write_text(
            events_module(operations, {**program.answers, "sdk_major": 4}, REDWOOD_STYLE)
        )
        lines.append(f"import type * as events{at} from './events{at}'")
        for event in events:
            count += 1
            name = type_name(exports[event["name"]])
            data = json.dumps(event["data"])
            lines.append(f"export const event{count}: events{at}.{name} = {data}")
            lines.append(f"export const any{count}: events{at}.AnyOperation = {data}")
    assert count > 2 * PROGRAMS
    (workspace / "check.ts").write_text("\n".join(lines))
    assert type_check(workspace, "check.ts") == []


USE_OF_JAVASCRIPT = {
    3: """\
import { Inngest } from 'inngest'
import * as events from './src/inngest/events'
const client = new Inngest({ id: 'app', schemas: events.schemas })
client.createFunction({ id: 'a' }, { event: events.EXPORT }, ({ event }) => {
  return [event.data.operation.name,
    event.data.operation.nmae]
})
client.createFunction({ id: 'c' },
  { event: 'graphql/nope' }, () => 1)
""",
    4: """\
import { Inngest } from 'inngest'
import * as events from './src/inngest/events'
const client = new Inngest({ id: 'app' })
client.createFunction({ id: 'a', triggers: [events.EXPORT] }, ({ event }) => {
  return [event.data.operation.name,
    event.data.operation.nmae]
})
client.createFunction({ id: 'c', triggers: [
  events.nope] }, () => 1)
""",
}


@pytest.mark.parametrize("sdk", [nightly(3), 4])
def test_the_module_in_javascript_has_types_for_editors(
    programs: list[tuple[Program, Operations]], workspace: Path, sdk: int
) -> None:
    program, operations = programs[0]
    answers = {**program.answers, "language": "js", "sdk_major": sdk}
    inngest = workspace / "src" / "inngest"
    (inngest / "events.js").write_text(events_module(operations, answers, REDWOOD_STYLE))
    (inngest / "ownEvents.js").write_text(own_events_module(answers, REDWOOD_STYLE))
    export = next(
        iter(export_names(each for each in operations.operations if each.is_sent).values())
    )
    (workspace / "use.js").write_text(USE_OF_JAVASCRIPT[sdk].replace("EXPORT", export))
    said = type_check(workspace, "use.js", sdk)
    assert [int(re.findall(r"\((\d+),", error)[0]) for error in said] == [6, 9], said


def type_check(workspace: Path, file: str, sdk: int = 4) -> list[str]:
    """What `tsc` says of a file and what it imports."""
    options = {
        "allowJs": True,
        "checkJs": True,
        "noEmit": True,
        "strict": True,
        "exactOptionalPropertyTypes": False,
        "target": "esnext",
        "module": "esnext",
        "moduleResolution": "bundler",
        "skipLibCheck": True,
        "types": [],
        "baseUrl": ".",
        "paths": {"inngest": [f"./node_modules/inngest{sdk}"], "src/*": ["./src/*"]},
    }
    config = {"compilerOptions": options, "files": [file]}
    (workspace / "tsconfig.types.json").write_text(json.dumps(config))
    compiler = workspace / "node_modules" / "typescript-compiler" / "bin" / "tsc"
    result = subprocess.run(
        ["node", str(compiler), "-p", "tsconfig.types.json"],
        cwd=workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    return re.findall(r"^\S.*error TS.*", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("print_width", [80, 100, 120])
def test_prettier_leaves_the_module_as_it_is(
    programs: list[tuple[Program, Operations]], print_width: int
) -> None:
    tools = NodeTools(tools_folder())
    for at, (program, operations) in enumerate(programs[::3]):
        style = replace(STYLES[at % len(STYLES)], print_width=print_width)
        for language, sdk in (("ts", 3 + at % 2), ("js", 4 - at % 2)):
            answers = {**program.answers, "language": language, "sdk_major": sdk}
            module = events_module(operations, answers, style)
            options = prettier_options(style)
            assert tools.call("format", module, f"events.{language}", options) == module
    tools.close()
