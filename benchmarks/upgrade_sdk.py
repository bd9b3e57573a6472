"""How fast `upgrade-sdk` is, beside jscodeshift with a transform of the same kind.

    python -m benchmarks.upgrade_sdk

A thousand different modules of SDK 3 become modules of SDK 4: in one process each, after a round to
warm up, and by the two commands, on a folder of those modules. Every ratio comes from figures taken
in this run, in turns, best of several. The command of jscodeshift starts its workers, as it does on
its own: one on a machine with two cores.

The transform makes the same edits, and so the same code, by the names that the modules use. It
looks at no bindings, reads no other modules, checks nothing, and prints what it edits in a layout
of its own, for Prettier to lay out again.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "hooks")]

from redwood_inngest.codemods.sdk.codemod import upgrade  # noqa: E402 - found by the path above

from benchmarks.beside import (  # noqa: E402 - found by the path above
    Seconds,
    best,
    in_one_process,
    jscodeshift,
    report,
    timed,
)

PROOF = "triggers: ["
TRANSFORM = Path(__file__).with_name("upgrade_sdk_transform.js")


def module(number: int) -> str:
    """One of as many different modules as asked for: a client, functions and an endpoint."""
    functions = "".join(function(number, each) for each in range(1 + number % 4))
    names = ", ".join(f"job{each}" for each in range(1 + number % 4))
    return (
        "import { EventSchemas, Inngest } from 'inngest'\n"
        "import { serve } from 'inngest/redwood'\n\n"
        f"import {{ db }} from 'src/lib/db{number}'\n\n"
        "type Events = {\n"
        f"  'shop/order-{number}.placed': {{ data: {{ id: string; items: string[] }} }}\n"
        f"  'shop/order-{number}.paid': {{ data: {{ id: string }} }}\n"
        "}\n\n"
        "export const inngest = new Inngest({\n"
        f"  id: 'shop-{number}',\n"
        "  isDev: true,\n"
        "  schemas: new EventSchemas().fromRecord<Events>(),\n"
        "})\n\n"
        f"{functions}"
        "export const handler = serve({\n"
        "  client: inngest,\n"
        f"  functions: [{names}],\n"
        "  // Where Redwood serves it.\n"
        "  servePath: '/api/inngest',\n"
        "  serveHost: 'https://shop.example.com',\n"
        "  signingKey: process.env.SIGNING_KEY,\n"
        "})\n"
    )


def function(number: int, each: int) -> str:
    return (
        f"export const job{each} = inngest.createFunction(\n"
        f"  {{ id: 'job-{each}', concurrency: {each + 1} }},\n"
        f"  {{ event: 'shop/order-{number}.placed' }},\n"
        "  async ({ event, step }) => {\n"
        "    // Only what is in stock.\n"
        f"    const items = await step.run('load-{each}', () =>\n"
        "      db.item.findMany({ where: { id: { in: event.data.items } } })\n"
        "    )\n"
        "    await step.sleep('wait-a-day', '1d')\n"
        "    return items.length\n"
        "  }\n"
        ")\n\n"
    )


def as_a_command(sources: list[str], folder: Path) -> None:
    """Report how long each command takes on a folder of modules, as it is started usually."""
    app = folder / "app"
    app.mkdir()
    ours = [sys.executable, "-m", "redwood_inngest", "upgrade-sdk"]
    program = str(jscodeshift() / ".bin" / "jscodeshift")
    theirs = [program, "-t", str(TRANSFORM), "--parser=tsx", "--extensions=ts"]

    def run(command: list[str]) -> Seconds:
        for number, source in enumerate(sources):
            (app / f"{number}.ts").write_text(source)
        seconds = timed([*command, str(app)], folder)
        if any(PROOF not in file.read_text() for file in app.iterdir()):
            raise RuntimeError(f"{command[0]} did not change all")
        return seconds

    run(ours)
    us, them = best(lambda: run(ours), lambda: run(theirs))
    print(f"a folder with {len(sources)} of them, whole process")
    report(us, them, len(sources))


def bare(source: str) -> str:
    """A module's code without its layout: whitespace, semicolons, last commas."""
    return re.sub(r",(?=[)}\]])", "", re.sub(r"[\s;]", "", source))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many modules")
    count = parser.parse_args().count
    sources = [module(number) for number in range(count)]
    theirs = in_one_process(upgrade, TRANSFORM, sources, PROOF)
    if bare(theirs) != bare(upgrade(sources[0]).source):
        raise RuntimeError("the transform makes other code of the first module")
    with tempfile.TemporaryDirectory() as folder:
        as_a_command(sources, Path(folder))


if __name__ == "__main__":
    main()
