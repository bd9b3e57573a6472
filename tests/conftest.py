"""What many tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.template import committed_template

# On CI the same examples every time, so that a change is judged by what it changes; everywhere
# else new ones in each run, which is how they find something.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as a template: a Git repository with nothing uncommitted."""
    return committed_template(tmp_path_factory.mktemp("template") / "redwood-inngest")
