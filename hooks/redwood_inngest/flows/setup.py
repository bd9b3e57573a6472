"""Setting an app up: the flow over Copier.

Copier asks the questions and renders into a folder of its own; the rendered files and the edits
of the app's own files become one set of changes, which is applied all or nothing.
"""

from __future__ import annotations

import json
import shlex
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import copier
from copier.errors import DirtyLocalWarning

from .. import git
from ..app.find import App, find_app, root_of
from ..app.handler import ANSWERS_FILE
from ..changes import Changes, read
from ..errors import Refusal, some
from . import interrupted
from .answers import check_given, parsed_answers, read_answers
from .copier_runs import copier_refuses, copier_surroundings
from .events import check_given_names, example_kept_home, note_on_texts
from .install import Progress, install_command, install_folder, make_and_install
from .line_ends import LineEnds
from .own_files import check, is_set_up, wire_app
from .questions import asked_in, check_names
from .template_source import TemplateSource


@dataclass(frozen=True)
class Options:
    """The options of a setup.

    Attributes:
        template: The template to render.
        data: Answers given beforehand, by question; these are not asked.
        defaults: Whether to take the default of every question.
        force: Whether to go on where the app has uncommitted changes.
        install: Whether to install the dependencies; None leaves it to the question.
        dry_run: Whether to leave the app alone, and only say what would change.
        choose: Asks a person what to do about an earlier run that was interrupted; None where
            there is nobody.
    """

    template: TemplateSource
    data: Mapping[str, Any]
    defaults: bool = False
    force: bool = False
    install: bool | None = None
    dry_run: bool = False
    choose: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Setup:
    """A setup, worked out.

    Attributes:
        app: The app as found.
        changes: The changes. There are none where the app is set up already.
        answers: The answers to the questionnaire.
        installing: Whether the dependencies are to be installed.
        in_git: Whether the app is in a Git repository.
    """

    app: App
    changes: Changes
    answers: Mapping[str, Any]
    installing: bool
    in_git: bool


class AnswersDiffer(Refusal):
    """The app is set up already, with other answers than those given now.

    Args:
        answers: The answers given now that differ, by question.
        note: What more there is to do by hand.
    """

    def __init__(self, answers: Mapping[str, Any], note: str = "") -> None:
        self.data = tuple(
            f"{name}={answer if isinstance(answer, str) else json.dumps(answer)}"
            for name, answer in answers.items()
        )
        options = " ".join(f"--data {shlex.quote(one)}" for one in self.data)
        super().__init__(
            f"the app is set up already, with other answers. `redwood-inngest update {options}` "
            f"changes them, and keeps your edits.{note}"
        )


def plan(folder: Path, options: Options, say: Callable[[str], None]) -> Setup:
    """Work out a setup; the app stays as it is.

    Args:
        folder: The app's folder, or one in it.
        options: The options of the run.
        say: Called with what was found in the app.

    Returns:
        The setup. A second one has nothing to change.

    Raises:
        AnswersDiffer: The app is set up with other answers.
        Refusal: The app cannot be set up.
    """
    git.require()
    root = root_of(folder)
    if (root / ANSWERS_FILE).exists():
        read_answers(root / ANSWERS_FILE)
    interrupted.check(root, dry_run=options.dry_run, choose=options.choose)
    app = find_app(root, options.data)
    handler = check(app)
    check_given(options.data)
    check_given_names(root, app.facts(), options.data)
    in_git = check_committed(root, force=options.force)
    say(app.greeting())
    rendered, answers, wants_install = render(app, options)
    if answers["example_function"] and (reason := example_kept_home(answers)):
        say(f"There is no example function: its query would send no event ({reason}).")
    same = all(answers[name] == value for name, value in app.handler_facts().items())
    wanted = _wanted(app, rendered)
    wired = wire_app(root, answers, handler if same else None, wanted)
    wired_files = {change.path: change.after or b"" for change in wired.changes}
    line_ends = LineEnds.of(root, wanted)
    wanted = {path: line_ends.as_work_tree_has(path, wanted[path]) for path in wanted}
    changes = Changes.planned(root, wanted | wired_files)
    installing = wants_install and bool(changes.changes)
    if installing and not options.dry_run:
        install_command(install_folder(root, answers), answers["package_manager"])
    return Setup(app, changes, answers, installing, in_git)


def check_committed(root: Path, *, force: bool) -> bool:
    """Check that an app has no uncommitted changes.

    Args:
        root: The app's folder.
        force: Whether it may have some.

    Returns:
        Whether it is in a Git repository.

    Raises:
        Refusal: It has some.
    """
    uncommitted = git.uncommitted_changes(root)
    if uncommitted and not force:
        raise Refusal(
            f"{root} has uncommitted changes ({some(uncommitted)}): commit or stash them first, "
            "so that you can see what this changes, or use --force."
            + git.note_on_filters(root, uncommitted)
        )
    return uncommitted is not None


def carry_out(
    setup: Setup, say: Callable[[str], None], progress: Progress | None = None
) -> list[Path]:
    """Change the app as planned, or leave it as it was.

    Args:
        setup: The planned setup.
        say: Called with a line about each slow step.
        progress: Told how far an installation is.

    Returns:
        The lock files that the installation changed.

    Raises:
        Refusal: Something failed; the app is as it was.
    """
    if not setup.installing:
        setup.changes.make()
        return []
    doing = "Installing the dependencies"
    return make_and_install(setup.changes, setup.app.root, setup.answers, say, doing, progress)


def render(app: App, options: Options) -> tuple[dict[str, bytes], dict[str, Any], bool]:
    """Let Copier ask and render.

    Args:
        app: The app as found.
        options: The options of the run.

    Returns:
        The rendered files by path, the answers, and whether to install.

    Raises:
        Refusal: Copier fails, or there is no question that an answer is for.
    """
    data = {**options.data, "app_root": str(app.root), "app_facts": app.facts()}
    if options.install is not None:
        data["install_dependencies"] = options.install
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        destination = Path(temporary).resolve() / app.root.name
        destination.mkdir()
        if (app.root / ANSWERS_FILE).exists():
            content = read(app.root, ANSWERS_FILE) or b""
            (destination / ANSWERS_FILE).write_bytes(content)
        environment = git.environment_for_copier(destination)
        if options.dry_run:  # not even Copier's clone of the template, which it keeps
            environment["COPIER_CACHE_DIR"] = str(destination.parent / "copier")
        with copier_surroundings(destination.parent, environment):
            worker = _copy(options, data, destination)
        questions = worker.template.questions_data
        check_names(options.data, questions)
        files = sorted(file for file in destination.rglob("*") if file.is_file())
        rendered = {file.relative_to(destination).as_posix(): file.read_bytes() for file in files}
        answers = read_answers(destination / ANSWERS_FILE)
        _check_same(app, answers, asked_in(questions))
        return rendered, answers, bool(worker.answers.combined["install_dependencies"])


def _check_same(app: App, answers: Mapping[str, Any], asked: list[str]) -> None:
    """Refuse answers that are others than those that the app was set up with.

    Raises:
        AnswersDiffer: There are such.
    """
    if not is_set_up(app.root, ANSWERS_FILE, app.api_path):
        return
    old = read_answers(app.root / ANSWERS_FILE)
    differ = {
        name: answers[name]
        for name in asked
        if name in answers and name in old and answers[name] != old[name]
    }
    if differ:
        raise AnswersDiffer(differ, note_on_texts(app.root, old, answers))


def _copy(options: Options, data: Mapping[str, Any], destination: Path) -> Any:
    location = options.template.location
    with (
        copier_refuses(git_failed=f"the template {location} cannot be fetched: "),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", DirtyLocalWarning)
        return copier.run_copy(
            location,
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


def _wanted(app: App, rendered: Mapping[str, bytes]) -> dict[str, bytes]:
    """The rendered files that the app should get; the functions are the team's once there."""
    functions = f"{app.api_path}/src/inngest/functions/"
    present = is_set_up(app.root, ANSWERS_FILE, app.api_path) and (app.root / functions).exists()
    wanted = {
        path: content
        for path, content in rendered.items()
        if not (present and path.startswith(functions))
    }
    if _same_answers(app.root, rendered[ANSWERS_FILE]):
        del wanted[ANSWERS_FILE]
    return {path: _as_here(app.root, path, wanted[path]) for path in wanted}


def _as_here(root: Path, path: str, content: bytes) -> bytes:
    """The content for a file: its present one, where only the line ends differ from the new one.

    Raises:
        Refusal: It has other content.
    """
    present = read(root, path)
    if path == ANSWERS_FILE or present is None:
        return content
    if present.replace(b"\r\n", b"\n") != content.replace(b"\r\n", b"\n"):
        raise Refusal(
            "this file is there already with other content. Where the team has edited it, or "
            "the template is newer, `redwood-inngest update` merges the two; `redwood-inngest "
            "update --code-style` follows a changed Prettier configuration.",
            path=path,
        )
    return present


def _same_answers(root: Path, rendered: bytes) -> bool:
    """Whether the app has these answers already, from whichever version of the template."""
    present = read(root, ANSWERS_FILE)
    if present is None:
        return False
    old, new = (parsed_answers(content) for content in (present, rendered))
    return all(old.get(name) == new[name] for name in new if not name.startswith("_"))
