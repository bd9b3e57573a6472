"""One way to read the app's files, one to write them, one to run Git, as audit hooks see it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.faults.test_faults import COMMANDS as CASES, prepared
from tests.support.command import COMMANDS
from tests.support.nightly import nightly

SITE = Path(__file__).parents[1] / "support" / "ways"
WAYS = {
    # The journal, and digests of what it is about; and an update copies the app as Git has it.
    "read": {"app/files.py", "journal.py", "flows/update.py"},
    "write": {"journal.py"},
    "start": {"git.py", "copier"},  # Copier starts Git itself
}
QUICK = {"setup", "generate"}


@pytest.mark.parametrize("name", [name if name in QUICK else nightly(name) for name in CASES])
def test_only_these_modules_open_files_of_the_app_and_start_programs(
    name: str, tmp_path: Path, template: Path
) -> None:
    app, arguments = prepared(name, tmp_path, template)
    log = tmp_path / "log"
    ways = json.dumps({"folder": str(app), "log": str(log)})
    done = subprocess.run(
        [COMMANDS / "redwood-inngest", *arguments],
        env={**os.environ, "PYTHONPATH": str(SITE), "WAYS": ways},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = [line.split(" ", 2) for line in log.read_text().splitlines()]
    assert {"read", "write"} <= {kind for kind, _, _ in seen}
    assert [each for each in seen if each[1] not in WAYS[each[0]]] == []
