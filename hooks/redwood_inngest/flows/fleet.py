"""Many apps in one run: in parallel, and a refusal for one stops no other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ..errors import GitError, Refusal
from .releases import Releases, fetch_releases
from .update import UNCHANGED, Update, UpdateOptions, app_to_update, carry_out, plan, template_of

REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """The outcome for one app.

    Attributes:
        app: The app's folder, as it was given.
        update: The update that was made, or would be; None where it was refused.
        refusal: The reason why it was refused.
        locks: The lock files that an installation changed; None where nothing was installed.
    """

    app: Path
    update: Update | None = None
    refusal: Refusal | None = None
    locks: list[Path] | None = None

    @property
    def status(self) -> str:
        """`updated`, `unchanged`, `conflict` or `refused`."""
        return self.update.status if self.update else REFUSED

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints for it."""
        update = self.update
        changes = update.changes.changes if update else ()
        return {
            "app": str(self.app),
            "status": self.status,
            "reason": str(self.refusal) if self.refusal else None,
            "from": update.before if update else None,
            "to": update.after if update else None,
            "files": [{"path": each.path, "change": each.verb} for each in changes],
            "conflicts": sorted(update.conflicts) if update else [],
            "renamedEvents": list(update.renamed) if update else [],
        }


def update_one(app: Path, options: UpdateOptions, say: Callable[[str], None]) -> Result:
    """Update an app; its questions are asked here.

    Args:
        app: The app's folder.
        options: The options of the run.
        say: Called with a line about each slow step.

    Returns:
        The result; a refusal is one, too.
    """
    return _result(app, options, say, lambda: plan(app, options))


def update_many(
    apps: Sequence[Path], options: UpdateOptions, say: Callable[[str], None]
) -> Iterator[Result]:
    """Update apps in parallel. Each template is fetched once.

    Args:
        apps: The apps' folders.
        options: The options of the run.
        say: Called with a line about each slow step.

    Yields:
        A result for each, as soon as it is done.
    """
    at_once = min(len(apps), os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        templates = _Templates(Path(temporary).resolve(), options)
        # Copier changes the working directory of its process, so each update has a process of its
        # own. The threads wait for them, and for the package managers.
        with (
            ProcessPoolExecutor(at_once, mp_context=get_context("spawn")) as processes,
            ThreadPoolExecutor(at_once) as threads,
        ):

            def planned(app: Path) -> Update:
                return processes.submit(plan, app, options, templates.of(app)).result()

            def update(app: Path) -> Result:
                return _result(app, options, say, lambda: planned(app))

            # The templates are fetched here, before anything runs in parallel.
            for app in apps:
                templates.fetch(app)
            for done in as_completed([threads.submit(update, app) for app in apps]):
                yield done.result()


def _result(
    app: Path, options: UpdateOptions, say: Callable[[str], None], planned: Callable[[], Update]
) -> Result:
    try:
        update = planned()
        if options.dry_run:
            return Result(app, update)
        if options.confirm and update.status != UNCHANGED and not options.confirm(update):
            raise Refusal("stopped before anything was written: nothing was changed.")
        return Result(app, update, locks=carry_out(update, options, say))
    except Refusal as refusal:
        return Result(app, refusal=refusal)
    except GitError as error:
        return Result(app, refusal=Refusal(f"Git failed, and nothing was changed: {error}"))


class _Templates:
    """The templates of several apps, each fetched once, or refused once."""

    def __init__(self, folder: Path, options: UpdateOptions) -> None:
        self._folder = folder
        self._options = options
        self._fetched: dict[str, Releases | Refusal] = {}

    def fetch(self, app: Path) -> None:
        """Fetch an app's template, unless that was done; a refusal is kept for later."""
        try:
            source = self._source(app)
        except Refusal:
            return
        if source not in self._fetched:
            place = self._folder / str(len(self._fetched))
            place.mkdir()
            try:
                self._fetched[source] = fetch_releases(source, place)
            except Refusal as refusal:
                self._fetched[source] = refusal

    def of(self, app: Path) -> Releases:
        """The template of an app, fetched already."""
        fetched = self._fetched[self._source(app)]
        if isinstance(fetched, Refusal):
            raise fetched
        return fetched

    def _source(self, app: Path) -> str:
        return template_of(app_to_update(app)[1], self._options)
