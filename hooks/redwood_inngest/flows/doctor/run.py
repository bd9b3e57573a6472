"""All checks, and the safe repairs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...app.find import root_of
from ...changes import Changes, read
from ...errors import Refusal
from .. import interrupted
from ..functions.app import open_app
from ..pristine import pristine_files
from ..releases import fetch_releases
from ..update import UpdateOptions, app_to_update, template_of
from . import answers, files, functions, packages, surroundings, wiring
from .findings import WARNING, WRONG, Finding, Patient, TemplateFiles, cannot_tell

# The name of each check, with what is right where it finds nothing.
CHECKS: dict[str, tuple[str, Callable[[Patient], Iterator[Finding]]]] = {
    "answers": ("The answers fit the app", answers.facts),
    "wiring": ("The GraphQL handler has the plugin, once", wiring.wiring),
    "files": ("The generated files are there", files.missing_files),
    "conflicts": ("No conflict of an update is left", files.conflicts),
    "packages": ("The packages are there, and go together", packages.packages),
    "copies": ("Copies of graphql and @envelop/core go together", packages.copies),
    "functions": ("The functions are registered", functions.registered),
    "events-module": ("inngest/events is up to date", functions.events_module),
    "sent-events": ("Functions run on events that are sent", functions.sent_events),
    "dev-server": ("The dev server finds the app", surroundings.dev_server),
    "keys": ("No key is in Git", surroundings.keys),
    "template": ("The app has the newest template", files.template),
}


@dataclass(frozen=True)
class Checked:
    """The outcome of one check.

    Attributes:
        name: The check.
        title: What is right where it finds nothing.
        findings: What it has found.
    """

    name: str
    title: str
    findings: tuple[Finding, ...]

    @property
    def status(self) -> str:
        """`wrong`, `warning` or `ok`."""
        levels = {finding.level for finding in self.findings}
        return next((level for level in (WRONG, WARNING) if level in levels), "ok")


@dataclass(frozen=True)
class Diagnosis:
    """The outcome of all checks.

    Attributes:
        root: The app's folder.
        checks: The outcome of each.
    """

    root: Path
    checks: tuple[Checked, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong; warnings are not counted."""
        return all(check.status != WRONG for check in self.checks)

    def repairs(self) -> Changes:
        """The safe repairs, as one set of changes.

        Raises:
            Refusal: One of them cannot be made after the others.
        """
        contents: dict[str, bytes | None] = {}
        for finding in (finding for check in self.checks for finding in check.findings):
            for path, repair in finding.repairs.items():
                before = contents[path] if path in contents else read(self.root, path)
                contents[path] = repair(before)
        return Changes.planned(
            self.root, {path: made for path, made in contents.items() if made is not None}
        )


def diagnose(
    folder: Path,
    *,
    offline: bool = False,
    template: str | None = None,
    repairing: bool = False,
) -> Diagnosis:
    """Look at an app that is set up; nothing is changed, and none of its code is run.

    Args:
        folder: The app's folder, or one in it.
        offline: Whether to leave the network and this machine's ports alone.
        template: The place of the template now; None for the one in the answers file.
        repairing: Whether the repairs follow; what an earlier run has left is swept up then.

    Raises:
        Refusal: It is no app, is not set up, or an earlier run is unfinished.
    """
    root = root_of(folder)
    interrupted.check(root, dry_run=not repairing)
    patient = Patient(
        open_app(root), partial(_template_files, root, template, offline=offline), offline
    )
    checks = (
        Checked(name, title, tuple(_found(patient, check)))
        for name, (title, check) in CHECKS.items()
    )
    return Diagnosis(root, tuple(checks))


def _found(patient: Patient, check: Callable[[Patient], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check(patient)
    except Refusal as refusal:
        yield cannot_tell(refusal)


def _template_files(root: Path, template: str | None, *, offline: bool) -> TemplateFiles:
    """The template's files, of the app's version and of the newest one.

    Raises:
        Refusal: They cannot be had.
    """
    if offline:
        raise Refusal("this is offline.")
    _, answered = app_to_update(root)
    source = template_of(answered, UpdateOptions(template=template))
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        releases = fetch_releases(source, Path(temporary))
        before, after = releases.commit(answered["_commit"]), releases.commit(releases.newest())
        if before is None or after is None:
            raise Refusal(f"{source} does not have the app's version {answered['_commit']}.")
        if releases.contains(before, after):
            after = before
        now = pristine_files(root, answered, releases, before)
        then = now if after == before else pristine_files(root, answered, releases, after)
        return TemplateFiles(releases.name(before), releases.name(after), now, then)
