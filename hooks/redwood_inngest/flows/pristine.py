"""The files of an app as its version of the template renders them: as nobody has edited them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import git
from ..app.handler import ANSWERS_FILE
from .releases import Releases


def render(folder: Path, template: str, answers: Mapping[str, Any], answers_file: str) -> None:
    """Render the version of the template that an answers file names, with its answers.

    Args:
        folder: The folder to render into; it has the name of the app's, which some answers'
            defaults depend on.
        template: The template: a Git URL or a folder.
        answers: The answers, with the version as `_commit`.
        answers_file: The answers file's path in the app.
    """
    import copier  # slow to import

    copier.run_copy(
        template,
        folder,
        data={name: value for name, value in answers.items() if not name.startswith("_")},
        answers_file=answers_file,
        vcs_ref=answers["_commit"],
        defaults=True,
        overwrite=True,
        quiet=True,
        skip_tasks=True,
        unsafe=True,
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """The files below a folder, by path."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def pristine_files(
    root: Path, answers: Mapping[str, Any], releases: Releases, commit: str
) -> dict[str, bytes]:
    """The rendered files of an app, as they were before anybody edited them.

    Args:
        root: The app's folder.
        answers: Its answers.
        releases: The template's versions.
        commit: The version that the app has.

    Returns:
        The contents by path, the answers file among them.

    Raises:
        Refusal: Copier cannot render them.
    """
    from .copier_runs import copier_refuses, copier_surroundings

    failed = "the template's own files cannot be made, and nothing was changed: "
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        folder = Path(temporary).resolve() / root.name
        environment = git.environment_for_copier(folder.parent, own_configuration=False)
        environment["COPIER_CACHE_DIR"] = str(folder.parent / "copier")
        with copier_refuses(failed, failed), copier_surroundings(folder.parent, environment):
            render(folder, str(releases.folder), {**answers, "_commit": commit}, ANSWERS_FILE)
        return files_in(folder)
