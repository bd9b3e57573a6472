"""What programs import: LibCST alone takes a quarter of a second."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOOKS = Path(__file__).parents[2] / "hooks"


@pytest.mark.parametrize("module", ["post_copy", "migrate"])
def test_the_programs_of_an_update_import_trees_only_for_an_app(module: str) -> None:
    """Copier starts each of them several times in an update, some in folders without an app."""
    script = f"import sys, {module}; print('libcst' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=HOOKS, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_the_command_starts_with_click_alone() -> None:
    """`--help` and `--version` import every subcommand; what one of them needs comes later."""
    script = """
import sys, redwood_inngest.cli.main
files = {name: getattr(sys.modules[name], "__file__", None) or "" for name in sys.modules}
print(*(name.partition(".")[0] for name, file in files.items() if "site-packages" in file))
print(*(name for name in ("hashlib", "shutil") if name in sys.modules))
"""
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=HOOKS, capture_output=True, text=True, check=True
    )
    packages, slow = result.stdout.splitlines()
    assert {name for name in packages.split() if not name.startswith("_")} == {"click"}
    assert slow == ""
