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
