"""Taking Inngest out of an app: worked out as one set of changes, then applied all or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ... import git
from ...app.find import root_of
from ...app.handler import ANSWERS_FILE
from ...changes import Change, Changes, read
from ...errors import Refusal, some
from .. import interrupted
from ..functions.app import open_app
from ..imports import source_texts
from ..install import make_and_install
from ..line_ends import LineEnds
from ..pristine import pristine_files
from ..releases import fetch_releases
from ..summary import changes_dependencies
from ..update import UpdateOptions, app_to_update, template_of
from .before_setup import before_setup
from .edits import Edits
from .files import Files


@dataclass(frozen=True)
class RemoveOptions:
    """The options of a removal.

    Attributes:
        template: The place of the template now; None for the one in the answers file.
        install: Whether to run the package manager where the dependencies change.
        dry_run: Whether to leave the app alone, and only say what would change.
        ask: Asks a person a question, for yes or no; None where there is nobody.
        choose: Asks a person what to do about an earlier run that was interrupted; None where
            there is nobody.
    """

    template: str | None = None
    install: bool = True
    dry_run: bool = False
    ask: Callable[[str], bool] | None = None
    choose: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Removal:
    """A removal, worked out.

    Attributes:
        root: The app's folder.
        answers: The answers to the questionnaire.
        changes: The changes.
        stays: The files that stay, each with the reason.
        notes: The parts of other files that stay, a sentence each.
    """

    root: Path
    answers: Mapping[str, Any]
    changes: Changes
    stays: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def needs_installation(self) -> bool:
        """Whether the dependencies change."""
        return changes_dependencies(self.changes)


def plan(folder: Path, options: RemoveOptions) -> Removal:
    """Work out a removal; the app stays as it is.

    Args:
        folder: The app's folder, or one in it.
        options: The options of the run.

    Raises:
        Refusal: The app is not set up, or something in it cannot be edited for certain.
    """
    git.require()
    interrupted.check(root_of(folder), dry_run=options.dry_run, choose=options.choose)
    root, answers = app_to_update(folder)
    _check_committed(root)
    rendered = _rendered(root, answers, options)
    app, before = open_app(root), before_setup(root)
    edits = Edits(root, answers, before, LineEnds.of(root))
    texts = _texts(root, answers)
    edits.unwire(texts)
    files = Files.decided(app, rendered, texts)
    edits.take_out_settings()
    edits.take_out_packages(files.modules())
    changes = [Change(path, read(root, path), None) for path in sorted(files.goes)]
    changes += Changes.planned(root, files.index).changes
    changes += edits.changes.values()
    notes = (*_note_on_functions(files), *edits.notes)
    return Removal(root, answers, Changes(root, tuple(changes)), files.stays, notes)


def _note_on_functions(files: Files) -> Iterator[str]:
    endpoint = f"{files.app.answers['api_path']}/src/functions/inngest{files.app.suffix}"
    if endpoint in files.goes and any(path.startswith(files.app.folder) for path in files.stays):
        yield f"the functions that stay do not run any more: {endpoint} goes."


def _check_committed(root: Path) -> None:
    """Refuse uncommitted work, but for a setup that is not committed yet."""
    uncommitted = git.uncommitted_changes(root) or []
    if uncommitted and not any(path.endswith(ANSWERS_FILE) for path in uncommitted):
        raise Refusal(
            f"{root} has uncommitted changes ({some(uncommitted)}): commit or stash them first, so "
            "that you can see what this changes." + git.note_on_filters(root, uncommitted)
        )


def _rendered(root: Path, answers: Mapping[str, Any], options: RemoveOptions) -> dict[str, bytes]:
    """The template's files as they were generated."""
    source = template_of(answers, UpdateOptions(template=options.template, ask=options.ask))
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        releases = fetch_releases(source, Path(temporary))
        commit = releases.commit(answers["_commit"])
        if commit is None:
            raise Refusal(
                f"the app was made by version {answers['_commit']} of the template, which {source} "
                "does not have (any more), so nothing tells which files are as generated: name a "
                "clone that has it with --template."
            )
        return pristine_files(root, answers, releases, commit)


def _texts(root: Path, answers: Mapping[str, Any]) -> dict[str, str]:
    """The app's modules that may have to do with Inngest, or with the packages that it needs."""
    folder = f"{answers['api_path']}/src/inngest/"

    def wanted(path: str, text: str) -> bool:
        return path.startswith(folder) or "inngest" in text or "graphql" in text

    return source_texts(root, wanted)


def carry_out(removal: Removal, options: RemoveOptions, say: Callable[[str], None]) -> bool:
    """Change the app as planned, or leave it as it was.

    Args:
        removal: The planned removal.
        options: The options of the run.
        say: Called with a line about each slow step.

    Returns:
        Whether the package manager has run.

    Raises:
        Refusal: Something failed; the app is as it was.
    """
    installing = options.install and removal.needs_installation
    if installing:
        doing = "Taking the packages out"
        make_and_install(removal.changes, removal.root, removal.answers, say, doing)
    else:
        removal.changes.make()
    return installing
