"""How fast `upgrade-sdk` is, beside jscodeshift with a transform of the same kind.

    python -m benchmarks.upgrade_sdk

A thousand different modules of SDK 3 become modules of SDK 4, in one process each. The ratio comes
from two figures taken in this run, in turns, best of several. The last figure is the command on a
folder of those modules, as a whole process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "hooks")]

from redwood_inngest.codemods.sdk.codemod import upgrade  # noqa: E402 - found by the path above

from benchmarks.beside import ROUNDS, in_one_process  # noqa: E402 - found by the path above

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
    app = folder / "app"
    seconds = []
    for _ in range(ROUNDS):
        app.mkdir(exist_ok=True)
        for number, source in enumerate(sources):
            (app / f"{number}.ts").write_text(source)
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "redwood_inngest", "upgrade-sdk", str(app)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "hooks")},
        )
        seconds.append(time.perf_counter() - start)
    print(f"the command on a folder with {len(sources)} of them: {min(seconds):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many modules")
    count = parser.parse_args().count
    sources = [module(number) for number in range(count)]
    in_one_process(upgrade, TRANSFORM, sources, proof="triggers: [")
    with tempfile.TemporaryDirectory() as folder:
        as_a_command(sources, Path(folder))


if __name__ == "__main__":
    main()
