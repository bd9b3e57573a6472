"""How fast `wire` is, beside jscodeshift with a transform that makes the same edit.

    python benchmarks/wire.py            # as `redwood-inngest wire FILE`
    python benchmarks/wire.py --library  # without the command, where there is none yet

Every ratio comes from two figures taken in this run, in turns, best of several. Each is given in
time by the clock and in processor time, which other work on the machine changes less. Python's
bytecode is cached, as it is where the package is installed.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "hooks")]

from redwood_inngest.codemods.graphql_handler.codemod import wire  # noqa: E402 - found by the path above

from benchmarks.beside import (  # noqa: E402 - found by the path above
    Seconds,
    best,
    in_one_process,
    jscodeshift,
    report,
    timed,
)

TRANSFORM = Path(__file__).with_name("wire_transform.js")
LIBRARY = (
    "import pathlib, sys;"
    "from redwood_inngest.codemods.graphql_handler.codemod import wire;"
    "path = pathlib.Path(sys.argv[1]); path.write_text(wire(path.read_text()).source)"
)


def handler(number: int) -> str:
    """One of as many different handlers as asked for; every other one has plugins."""
    plugins = f"  extraPlugins: [useCache({{ ttl: {number} }})],\n" if number % 2 else ""
    services = "".join(
        f"import service{n} from 'src/services/service{number}{n}'\n" for n in range(number % 7)
    )
    return (
        "import { createGraphQLHandler } from '@redwoodjs/graphql-server'\n\n"
        "import directives from 'src/directives/**/*.{js,ts}'\n"
        "import sdls from 'src/graphql/**/*.sdl.{js,ts}'\n"
        "import services from 'src/services/**/*.{js,ts}'\n\n"
        "import { getCurrentUser } from 'src/lib/auth'\n"
        f"import {{ db }} from 'src/lib/db{number}'\n"
        "import { logger } from 'src/lib/logger'\n"
        f"{services}\n"
        "export const handler = createGraphQLHandler({\n"
        "  getCurrentUser,\n"
        "  loggerConfig: { logger, options: {} },\n"
        "  directives,\n  sdls,\n  services,\n"
        f"{plugins}"
        "  onException: () => {\n"
        "    // Disconnect from your database with an unhandled exception.\n"
        "    db.$disconnect()\n"
        "  },\n"
        "})\n"
    )


def long_handler(size: int) -> str:
    """A handler in a module of about so many bytes."""
    body = "".join(
        f"export const helper{n} = (value) => ({{ value, more: [value, {n}] }})\n"
        for n in range(size // 62)
    )
    return handler(1).replace("export const handler", f"{body}\nexport const handler")


def one_file(folder: Path, library: bool) -> None:
    file = folder / "graphql.ts"
    ours = ["-c", LIBRARY] if library else ["-m", "redwood_inngest", "wire"]
    theirs = [str(jscodeshift() / ".bin" / "jscodeshift"), "-t", str(TRANSFORM), "--parser=tsx"]

    def run(command: list[str]) -> Seconds:
        file.write_text(handler(1))
        seconds = timed([*command, str(file)], folder)
        if "inngestPlugin" not in file.read_text():
            raise RuntimeError(f"{command[0]} changed nothing")
        return seconds

    run([sys.executable, *ours])
    us, them = best(lambda: run([sys.executable, *ours]), lambda: run(theirs))
    print("one file, whole process")
    report(us, them, 1)


def memory(count: int) -> None:
    """What stays in memory after each thousand handlers."""
    print(f"memory after each {count} handlers, all different")
    tracemalloc.start()
    for turn in range(5):
        for number in range(count):
            wire(handler(turn * count + number))
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"  held by Python {held:6.2f} MB, largest process size so far {peak:7.1f} MB")
    tracemalloc.stop()


def growth() -> None:
    print("one file that grows")
    for size in (50_000, 100_000, 200_000, 400_000):
        source = long_handler(size)
        start = time.perf_counter()
        wire(source)
        seconds = time.perf_counter() - start
        print(
            f"  {len(source):9} bytes{seconds:8.2f} s{seconds / len(source) * 1e6:8.2f} us a byte"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="store_true", help="time the codemod alone")
    parser.add_argument("--count", type=int, default=1000, help="how many handlers")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one_file(Path(folder), arguments.library)
    sources = [handler(number) for number in range(arguments.count)]
    in_one_process(wire, TRANSFORM, sources, proof="inngestPlugin")
    memory(arguments.count)
    growth()


if __name__ == "__main__":
    main()
