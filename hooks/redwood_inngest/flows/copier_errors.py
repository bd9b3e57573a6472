"""What Copier raises, as refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from copier.errors import CopierAnswersInterrupt, CopierError
from jinja2 import TemplateError
from plumbum import ProcessExecutionError

from ..errors import Refusal


@contextmanager
def copier_refuses(failed: str = "", git_failed: str = "") -> Iterator[None]:
    """Run Copier, and refuse in its words where it fails.

    Args:
        failed: What has failed then, before Copier's words: `the update failed: `.
        git_failed: The same where it was Git, which Copier starts.

    Raises:
        Refusal: Copier failed, or the user stopped at the questions.
    """
    try:
        yield
    except CopierAnswersInterrupt:
        raise Refusal("stopped at the questions: nothing was changed.") from None
    except ProcessExecutionError as error:  # Git, which Copier starts through plumbum
        last = (error.stderr or str(error)).strip().splitlines()[-1]
        raise Refusal(git_failed + last) from None
    except (CopierError, OSError, TemplateError, ValueError) as error:
        # An answer's own check: the user knows which question it is about from the sentence.
        reason = re.sub(r"^Validation error for question '\w+': ", "", str(error))
        raise Refusal(failed + reason) from None
