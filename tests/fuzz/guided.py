"""Runs atheris on the readers: inputs that are changed towards code that none has reached yet.

    python -m tests.fuzz.guided SECONDS

What is found is kept in tests/fuzz/found, where a test reads it from then on.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

_INSTRUMENTED = ["redwood_inngest", "yaml", "tomllib", "tomli"]


def main(seconds: int) -> int:
    """Fuzz in a process of its own, which libFuzzer ends; print the number of inputs."""
    from tests.fuzz.readers import FOUND, SECONDS, reader_of, seeds

    with tempfile.TemporaryDirectory() as temporary:
        corpus = Path(temporary)
        for number, seed in enumerate(seeds()):
            (corpus / str(number)).write_bytes(seed)
        options = (
            f"-max_total_time={seconds}",
            f"-timeout={6 * SECONDS}",  # of the clock, and the machine may be busy
            f"-report_slow_units={6 * SECONDS}",
            "-max_len=6000",
            "-print_final_stats=1",
            f"-artifact_prefix={FOUND}/",
        )
        result = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.guided", "--run", str(corpus), *options],
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    for file in FOUND.iterdir():
        if file.suffix != ".input" and file.name != "README.md":
            data = file.read_bytes()
            (FOUND / f"{reader_of(data)}--{file.name}.input").write_bytes(data[1:])
            file.unlink()
    inputs = re.search(r"number_of_executed_units: *(\d+)", result.stderr)
    print(f"{int(inputs[1]) if inputs else 0:,} inputs in {seconds} s")  # noqa: T201
    if result.returncode:
        print(result.stderr[-4000:])  # noqa: T201
    return result.returncode


def run(arguments: list[str]) -> None:
    """Be the process that fuzzes; this does not return."""
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzz import readers
    atheris.Setup([sys.argv[0], *arguments], readers.read)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        os.environ.setdefault("PYTHONHASHSEED", "0")
        run(sys.argv[2:])
    sys.exit(main(int(sys.argv[1])))
