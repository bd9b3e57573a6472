"""The part of `wire` and `unwire` that handles paths."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

from .on_paths import run_on_paths


def run_on_handlers(
    verb: str, paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool
) -> NoReturn:
    """Wire or unwire the handlers of these paths, print the results, and end with the exit code."""
    from ..flows import wire as handlers  # LibCST is slow to import

    action = handlers.ACTIONS[verb]
    run_on_paths(
        paths,
        action.would_do,
        partial(handlers.run_on_text, action),
        partial(handlers.run_on_many, action),
        check=check,
        diff=diff,
        as_json=as_json,
    )
