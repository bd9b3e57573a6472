"""How long the command takes to start, and a setup beside Copier alone with an empty template.

    python -m benchmarks.command

Commands are started as a shell does it, in turns, so that all have the same weather. What counts is
the difference to the first line of each table: the best of the rounds, and their middle.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support.apps import small_app
from tests.support.command import COMMANDS
from tests.support.redwood import commit
from tests.support.template import committed_template

ROUNDS = 15
TOOL = str(COMMANDS / "redwood-inngest")
COPIER = str(COMMANDS / "copier")


def main() -> None:
    """Print both tables."""
    print_table(
        {
            "python -c pass": [sys.executable, "-c", "pass"],
            "redwood-inngest --version": [TOOL, "--version"],
            "redwood-inngest --help": [TOOL, "--help"],
            "redwood-inngest setup --help": [TOOL, "setup", "--help"],
        }
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        template = committed_template(folder / "template", "copier.yml", "hooks", "template")
        empty = folder / "empty"
        empty.mkdir()
        (empty / "copier.yml").write_text("{}\n")
        commit(empty, "An empty template")
        app = small_app(folder / "app")
        copier = (COPIER, "copy", "--trust", "--defaults", "--vcs-ref=HEAD", "--quiet")
        setup = (TOOL, "setup", "--no-install", "--template")
        print_table(
            {
                "copier copy, an empty template": [*copier, str(empty), str(app)],
                "redwood-inngest setup --no-install": [*setup, str(template), str(app)],
            },
            app,
        )


def print_table(commands: Mapping[str, list[str]], app: Path | None = None) -> None:
    """Run commands in turns, each on the app as it was, and print what they took."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            if app:
                for words in (("reset", "--hard"), ("clean", "-dfx")):
                    subprocess.run(["git", "-C", app, *words, "--quiet"], check=True)
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - start)
    base = next(iter(seconds.values()))
    print(f"{'':36}   best      over  middle      over")
    for name, took in seconds.items():
        best, middle = min(took), statistics.median(took)
        over, middle_over = best - min(base), middle - statistics.median(base)
        print(f"{name:36} {best:6.3f} s {over:+7.3f} {middle:6.3f} s {middle_over:+7.3f}")
    print()


if __name__ == "__main__":
    main()
