"""Cases that `make test-nightly` runs, and `make test` does not."""

from __future__ import annotations

import pytest


def nightly(*values: object) -> pytest.ParameterSet:
    """The values of one case for `pytest.mark.parametrize`."""
    return pytest.param(*values, marks=pytest.mark.nightly)
