"""Setting an app up: the flow over Copier.

Copier asks the questions and renders into a folder of its own; the rendered files and the edits
of the app's own files become one set of changes, which is applied all or nothing.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import copier
import yaml
from copier.errors import CopierAnswersInterrupt, CopierError, DirtyLocalWarning
from jinja2 import TemplateError
from plumbum import ProcessExecutionError

from ..app.find import ANSWERS_FILE, App, find_app, find_root, uncommitted_changes
from ..changes import Changes, read
from ..errors import Refusal
from .answers import check_given
from .install import install, install_command, install_folder
from .own_files import check, read_answers, wire_app
from .template_source import TemplateSource


@dataclass(frozen=True)
class Options:
    """How an app is set up.

    Attributes:
        template: The template to render.
        data: Answers given beforehand, by question; these are not asked.
        defaults: Whether to take the default of every question.
        force: Whether to go on where the app has uncommitted changes.
        install: Whether to install the dependencies; None leaves it to the question.
        dry_run: Whether to leave the app alone, and only say what would change.
    """

    template: TemplateSource
    data: Mapping[str, Any]
    defaults: bool = False
    force: bool = False
    install: bool | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    Attributes:
        app: The app as found.
        changes: What was changed, or would be.
        answers: The answers to the questionnaire.
        installed: Whether the dependencies were installed.
        in_git: Whether the app is in a Git repository.
    """

    app: App
    changes: Changes
    answers: Mapping[str, Any]
    installed: bool
    in_git: bool


def setup(folder: Path, options: Options, say: Callable[[str], None]) -> Outcome:
    """Set Inngest up in an app.

    Args:
        folder: The app's folder.
        options: How to do it.
        say: Called with a line about what takes a while.

    Returns:
        What changed. A second run finds nothing to change.

    Raises:
        Refusal: The app cannot be set up, or something failed; the app is as it was.
    """
    root = _root(folder)
    app = find_app(root, options.data.get("graphql_handler"))
    check(app)
    check_given(options.data)
    uncommitted = uncommitted_changes(root)
    if uncommitted and not options.force:
        raise Refusal(
            f"{root} has uncommitted changes ({_some(uncommitted)}): commit or stash them first, "
            "so that you can see what this changes, or use --force."
        )
    say(app.greeting())
    rendered, answers, wants_install = _render(app, options)
    wired = wire_app(root, answers)
    wired_files = {change.path: change.after or b"" for change in wired.changes}
    changes = Changes.planned(root, _wanted(app, rendered) | wired_files)
    if options.dry_run:
        return Outcome(app, changes, answers, installed=False, in_git=uncommitted is not None)
    installing = wants_install and bool(changes.changes)
    if installing:
        install_command(answers["package_manager"])
    undo = changes.apply()
    if installing:
        try:
            say(f"Installing dependencies with {answers['package_manager']}...")
            install(install_folder(root, answers), answers["package_manager"])
        except BaseException:
            undo()
            raise
    return Outcome(app, changes, answers, installed=installing, in_git=uncommitted is not None)


def _root(folder: Path) -> Path:
    folder = folder.resolve()
    if not folder.is_dir():
        raise Refusal(f"{folder} is not a folder: name the app's folder.")
    root = find_root(folder)
    if root is None:
        raise Refusal(
            f"{folder} is not in a Redwood or Cedar app: no redwood.toml or cedar.toml was found "
            "there or above. Name the app's folder."
        )
    return root


def _render(app: App, options: Options) -> tuple[dict[str, bytes], dict[str, Any], bool]:
    """Let Copier ask and render.

    Returns:
        The rendered files by path, the answers, and whether to install.
    """
    data = {**options.data, "app_root": str(app.root)}
    if options.install is not None:
        data["install_dependencies"] = options.install
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        destination = Path(temporary).resolve() / app.root.name
        destination.mkdir()
        if (app.root / ANSWERS_FILE).exists():
            shutil.copyfile(app.root / ANSWERS_FILE, destination / ANSWERS_FILE)
        worker = _copy(options, data, destination)
        unknown = sorted(options.data.keys() - worker.template.questions_data.keys())
        if unknown:
            asked = ", ".join(worker.template.questions_data)
            raise Refusal(f"there is no question {', '.join(unknown)}; the questions are {asked}.")
        files = sorted(file for file in destination.rglob("*") if file.is_file())
        rendered = {file.relative_to(destination).as_posix(): file.read_bytes() for file in files}
        answers = read_answers(destination / ANSWERS_FILE)
        return rendered, answers, bool(worker.answers.combined["install_dependencies"])


def _copy(options: Options, data: Mapping[str, Any], destination: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DirtyLocalWarning)
            return copier.run_copy(
                options.template.location,
                destination,
                data=dict(data),
                answers_file=ANSWERS_FILE,
                vcs_ref=options.template.ref,
                defaults=options.defaults,
                overwrite=True,
                quiet=True,
                skip_tasks=True,
                unsafe=True,
            )
    except CopierAnswersInterrupt:
        raise Refusal("stopped at the questions: nothing was changed.") from None
    except ProcessExecutionError as error:  # Git, which Copier runs through plumbum
        last = (error.stderr or str(error)).strip().splitlines()[-1]
        raise Refusal(f"the template {options.template.location} cannot be had: {last}") from None
    except (CopierError, OSError, TemplateError, ValueError) as error:
        raise Refusal(re.sub(r"^Validation error for question '\w+': ", "", str(error))) from None


def _wanted(app: App, rendered: Mapping[str, bytes]) -> dict[str, bytes]:
    """The rendered files that the app should get; the functions are the team's once there."""
    functions = f"{app.api_path}/src/inngest/functions/"
    present = (app.root / functions).exists()
    wanted = {
        path: content
        for path, content in rendered.items()
        if not (present and path.startswith(functions))
    }
    if _same_answers(app.root, rendered[ANSWERS_FILE]):
        del wanted[ANSWERS_FILE]
    for path, content in wanted.items():
        if path != ANSWERS_FILE and read(app.root, path) not in (None, content):
            raise Refusal(
                "this file is there already with other content. Where the team has edited it, or "
                "the template is newer, `copier update` merges the two.",
                path=path,
            )
    return wanted


def _same_answers(root: Path, rendered: bytes) -> bool:
    """Whether the app has these answers already, from whichever version of the template."""
    present = read(root, ANSWERS_FILE)
    if present is None:
        return False
    old, new = (yaml.safe_load(content) for content in (present, rendered))
    return all(old.get(name) == new[name] for name in new if not name.startswith("_"))


def _some(paths: list[str]) -> str:
    shown = ", ".join(paths[:3])
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"


def is_interactive() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()
