"""What every codemod checks of its own result before it hands it out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import Refusal, Unsure
from ..typescript.bindings import Module
from ..typescript.edits import Edits
from ..typescript.parser import parse


@dataclass(frozen=True)
class Edited:
    """What a codemod made of a file.

    Attributes:
        source: The text, as it should be now.
        changed: Whether that is another text than before.
        notes: What the user should know about the edit, one sentence each.
    """

    source: str
    changed: bool
    notes: tuple[str, ...] = ()


def check(edits: Edits, text: str, suffix: str, remaining: Callable[[Module], str]) -> None:
    """Check what came of a module's edits.

    The text can be parsed, nothing but what was to be edited is different in its tree, no comment
    was lost, and the codemod finds nothing more to do.

    Args:
        edits: What was to be edited.
        text: The module as it is now.
        suffix: The file's suffix, which tells the grammar.
        remaining: What the codemod would do to its own result, in words; empty for nothing.

    Raises:
        Unsure: One of these fails.
    """
    try:
        result = parse(text, suffix, edits.untouched())
    except Refusal as refusal:
        raise Unsure("the result cannot be parsed") from refusal
    problem = edits.problem(result)
    if problem:
        raise Unsure(problem)
    try:
        problem = remaining(Module(result))
    except Refusal as refusal:
        raise Unsure("a second run would refuse the result") from refusal
    if problem:
        raise Unsure(problem)


@contextmanager
def without_collector() -> Iterator[None]:
    """Spare the garbage collector the trees of a codemod: they have no cycles for it to find."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def sure(paste: str = "") -> Iterator[None]:
    """Turn a mistake of a codemod into a refusal, as far as Python notices it.

    Args:
        paste: The lines to add by hand instead.

    Raises:
        Unsure: A check has failed, or the codemod itself.
    """
    try:
        yield
    except Unsure as unsure:
        raise Unsure(unsure.problem, paste) from unsure.__cause__
    except Refusal:
        raise
    except Exception as error:
        raise Unsure(f"{type(error).__name__} in this tool", paste) from error
