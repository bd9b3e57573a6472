"""What many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.template import committed_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as a template: a Git repository with nothing uncommitted."""
    return committed_template(tmp_path_factory.mktemp("template") / "redwood-inngest")
