"""The checks that every codemod makes of its own result before it returns it."""

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
    """The result of a codemod.

    Attributes:
        source: The text, as it should be now.
        changed: Whether the text differs from the one before.
        notes: Sentences for the user about the edit.
    """

    source: str
    changed: bool
    notes: tuple[str, ...] = ()


def check(edits: Edits, text: str, suffix: str, remaining: Callable[[Module], str]) -> None:
    """Check the result of a module's edits.

    The text can be parsed, its tree differs only in the parts that were to be edited, no comment
    was lost, and the codemod finds nothing more to do.

    Args:
        edits: The edits that were to be made.
        text: The module as it is now.
        suffix: The file's suffix, which tells the grammar.
        remaining: The edits that the codemod would make to its own result, in words, if any.

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
    """Keep the garbage collector off the trees of a codemod: they have no cycles to find."""
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
