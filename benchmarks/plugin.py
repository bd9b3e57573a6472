"""What the Envelop plugin costs, side by side with none and with one that awaits.

    python -m benchmarks.plugin            all of it
    python -m benchmarks.plugin overhead   one of overhead, outage, soak

`ROUNDS`, `SECONDS`, `OPERATIONS` and `MINUTES` in the environment make it longer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.plugin import CEDAR, make_workspace

SCRIPTS = Path(__file__).parent / "plugin"


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder), CEDAR, SCRIPTS)
        # As in an app, which runs what its build has made of it.
        subprocess.run(
            [
                "node_modules/.bin/esbuild",
                "src/inngest/useInngest.ts",
                "--bundle",
                "--platform=node",
                "--format=cjs",
                "--external:graphql",
                "--outfile=src/inngest/useInngest.js",
                "--log-level=error",
            ],
            cwd=workspace,
            check=True,
        )
        for name in names or ["overhead", "outage", "soak"]:
            print(f"## {name}", flush=True)
            subprocess.run(["node", "--expose-gc", f"{name}.mjs"], cwd=workspace, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
