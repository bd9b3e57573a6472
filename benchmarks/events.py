"""How long `redwood-inngest events` takes, on an app with 500 operations.

    python -m benchmarks.events

The command is started as a shell does it, its start and imports included; best and middle of
several rounds. An operation is a Cell of its own, with a component around it, as Redwood's
generators make them.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.apps import small_app, write

ANSWERS = """\
api_path: api
api_port: 8911
event_prefix: graphql
framework: redwood
framework_version: 8.9.0
graphql_handler: api/src/functions/graphql.ts
language: ts
operations: [query, mutation]
package_manager: yarn
sdk_major: 4
"""
MODELS = 125  # with four operations each
ROUNDS = 5


def make_app(folder: Path) -> Path:
    """An app with the scaffolds of many models."""
    app = small_app(folder, git=False)
    write(app / ".copier-answers.inngest.yml", ANSWERS)
    for number in range(MODELS):
        name = f"Model{number}"
        write(app / f"api/src/graphql/{name}.sdl.ts", _sdl(name))
        components = app / "web/src/components" / name
        write(components / f"{name}Cell/{name}Cell.tsx", _cell(name))
        write(components / f"{name}sCell/{name}sCell.tsx", _list_cell(name))
        write(components / f"New{name}/New{name}.tsx", _form(name, "Create"))
        write(components / f"Edit{name}/Edit{name}.tsx", _form(name, "Delete"))
    return app


def _sdl(name: str) -> str:
    fields = "\n    ".join(f"field{at}: String" for at in range(10))
    return f"""\
export const schema = gql`
  type {name} {{
    id: Int!
    createdAt: DateTime!
    {fields}
  }}

  type Query {{
    {name.lower()}s: [{name}!]! @requireAuth
    {name.lower()}(id: Int!): {name} @requireAuth
  }}

  input Create{name}Input {{
    {fields}
  }}

  type Mutation {{
    create{name}(input: Create{name}Input!): {name}! @requireAuth
    delete{name}(id: Int!): {name}! @requireAuth
  }}
`
"""


_FIELDS = "\n      ".join(f"field{at}" for at in range(10))
_COMPONENT = """

export const Loading = () => <div>Loading...</div>

export const Empty = () => <div>Empty</div>

export const Failure = ({ error }: CellFailureProps) => (
  <div className="rw-cell-error">{error?.message}</div>
)

export const Success = ({ item }: CellSuccessProps<Query>) => {
  return (
    <ul>
      {Object.entries(item).map(([key, value]) => (
        <li key={key} className="rw-item">{`${key}: ${value}`}</li>
      ))}
    </ul>
  )
}
"""


def _cell(name: str) -> str:
    return f"""\
import type {{ CellFailureProps, CellSuccessProps }} from '@redwoodjs/web'

export const QUERY = gql`
  query Find{name}ById($id: Int!) {{
    {name.lower()}: {name.lower()}(id: $id) {{
      id
      {_FIELDS}
    }}
  }}
`{_COMPONENT}"""


def _list_cell(name: str) -> str:
    return _cell(name).replace(
        f"query Find{name}ById($id: Int!) {{\n    {name.lower()}: {name.lower()}(id: $id) {{",
        f"query Find{name}s {{\n    {name.lower()}s {{",
    )


def _form(name: str, verb: str) -> str:
    variable, argument = ("$id: Int!", "id: $id")
    if verb == "Create":
        variable, argument = (f"$input: Create{name}Input!", "input: $input")
    return f"""\
import {{ useMutation }} from '@redwoodjs/web'

const MUTATION = gql`
  mutation {verb}{name}Mutation({variable}) {{
    {verb.lower()}{name}({argument}) {{
      id
    }}
  }}
`{_COMPONENT}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder) / "app")
        for options in (["--json"], ["--write"], ["--check"]):
            times, processor = [], []
            for _ in range(ROUNDS):
                before = _processor_seconds()
                start = time.perf_counter()
                printed = subprocess.run(
                    [sys.executable, "-m", "redwood_inngest", "events", str(app), *options],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
                times.append(time.perf_counter() - start)
                processor.append(_processor_seconds() - before)
            if options == ["--json"]:
                count = printed.count('"event":')
                print(f"{count} operations")
            middle = statistics.median(times)
            print(
                f"events {options[0]}: best {min(times):.2f} s, middle {middle:.2f} s; "
                f"processor {min(processor):.2f} s at best"
            )


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
