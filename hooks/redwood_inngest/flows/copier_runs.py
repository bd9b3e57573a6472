"""Runs of Copier: their folder and environment, and Copier's errors as refusals."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from copier.errors import CopierAnswersInterrupt, CopierError
from jinja2 import TemplateError
from plumbum import CommandNotFound, ProcessExecutionError, local

from ..errors import Refusal
from ..git import room_left, without_credentials


@contextmanager
def copier_surroundings(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Have Copier, and all that it starts, run in a folder and with an environment.

    Copier's Git looks at the folder that it is in: in the app's it would read the configuration
    of the app's repository.
    """
    before, place = dict(os.environ), Path.cwd()
    os.chdir(folder)
    try:
        with local.cwd(folder), local.env():
            for kept in (os.environ, local.env):
                kept.clear()
                kept.update(environment)
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        os.chdir(place)


@contextmanager
def copier_refuses(failed: str = "", git_failed: str = "") -> Iterator[None]:
    """Run Copier, and refuse in its words where it fails.

    Args:
        failed: The start of the refusal, before Copier's words: `the update failed: `.
        git_failed: The same for a failure of Git, which Copier starts.

    Raises:
        Refusal: Copier failed, or the user stopped at the questions.
    """
    try:
        yield
    except CopierAnswersInterrupt:
        raise Refusal("stopped at the questions: nothing was changed.") from None
    except CommandNotFound as error:  # through plumbum, too
        raise Refusal(f"{failed}{error.program} was not found: install it.") from None
    except ProcessExecutionError as error:  # Git, which Copier starts through plumbum
        last = (error.stderr or str(error)).strip().splitlines()[-1]
        raise Refusal(git_failed + without_credentials(last) + room_left()) from None
    except OSError as error:
        raise Refusal(f"{failed}{_with_file(error)}") from None
    except (CopierError, TemplateError, ValueError, RecursionError) as error:
        raise Refusal(failed + without_credentials(reason_alone(str(error)))) from None


def reason_alone(said: str) -> str:
    """The reason of an answer's own check, which names the question, without Copier's words."""
    return re.sub(r"^Validation error for question '\w+': ", "", said)


def _with_file(error: OSError) -> str:
    """`No space left on device (/tmp/...)`."""
    place = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{place}: nothing was changed."
