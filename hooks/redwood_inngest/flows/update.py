"""Updating an app to a newer version of the template, with the team's edits kept.

Copier merges in place and cannot take back. So it works on a copy of the app: the result
becomes one set of changes, which is shown, or applied all or nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from .. import git
from ..app.code_style import style_answers
from ..app.files import followed
from ..app.find import root_of
from ..app.handler import ANSWERS_FILE
from ..changes import Change, Changes, read, resolve
from ..errors import GitError, Refusal, some
from . import interrupted
from .answers import check_given, read_answers
from .events import check_given_names, renamed_events
from .folder_style import folder_style
from .install import Progress, install, install_command, install_folder, lock_files
from .line_ends import LineEnds
from .own_files import check_links
from .questions import check_names, questions_in
from .releases import Releases, fetch_releases
from .summary import changes_dependencies
from .template_source import check_credentials, is_trusted

UPDATED = "updated"
UNCHANGED = "unchanged"
CONFLICT = "conflict"


# By path, the contents of a file with a conflict: 1 before both changes, 2 ours, 3 theirs.
Conflicts = dict[str, dict[int, bytes]]


@dataclass(frozen=True)
class UpdateOptions:
    """The options of an update.

    Attributes:
        data: Answers to change, by question.
        template: The place of the template now; None for the one in the answers file.
        ref: The version to update to: a tag, a branch or a commit; None for the newest release.
        defaults: Whether to ask nothing, and keep the answers.
        install: Whether to install the dependencies when they change.
        dry_run: Whether to leave the app alone, and only say what would change.
        code_style: Whether to read the app's code style again, which is an answer otherwise.
        confirm: Shows a person the update, and asks for a yes; None where there is nobody.
        progress: Told how far an installation is.
        ask: Asks a person a question, for yes or no; None where there is nobody.
        choose: Asks a person what to do about an earlier run that was interrupted; None where
            there is nobody.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    template: str | None = None
    ref: str | None = None
    defaults: bool = False
    install: bool = True
    dry_run: bool = False
    code_style: bool = False
    confirm: Callable[[Update], bool] | None = None
    progress: Progress | None = None
    ask: Callable[[str], bool] | None = None
    choose: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Update:
    """An update of one app, worked out.

    Attributes:
        root: The app's folder.
        answers: The answers that it had.
        changes: The changes.
        conflicts: The files in which the team and the template changed the same lines.
        before: The template's version that the app has.
        after: The version that it gets.
        renamed: The places in functions that name events which have other names now, or are not
            sent any more, a line each.
    """

    root: Path
    answers: Mapping[str, Any]
    changes: Changes
    conflicts: Conflicts
    before: str
    after: str
    renamed: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """The outcome, in a word."""
        if self.conflicts:
            return CONFLICT
        return UPDATED if self.changes.changes else UNCHANGED

    @property
    def package_manager(self) -> str:
        """The one that installs the app's dependencies."""
        return str(self.answers["package_manager"])

    @property
    def install_folder(self) -> Path:
        """The folder that it runs in."""
        return install_folder(self.root, self.answers)

    @property
    def needs_installation(self) -> bool:
        """Whether the dependencies change."""
        return changes_dependencies(self.changes)


def plan(folder: Path, options: UpdateOptions, releases: Releases | None = None) -> Update:
    """Work out an update; the app stays as it is.

    Args:
        folder: The app's folder, or one in it.
        options: The options of the run.
        releases: The template's versions, where they have been fetched already.

    Returns:
        The update. It has no changes where there is nothing to do.

    Raises:
        Refusal: The app cannot be updated; the reason says why.
    """
    git.require()
    interrupted.check(root_of(folder), dry_run=options.dry_run, choose=options.choose)
    root, answers = app_to_update(folder)
    source = template_of(answers, options)
    check_given(options.data)
    check_given_names(root, answers, options.data)
    uncommitted = _uncommitted(root)
    if options.code_style:
        options = replace(options, data={**options.data, **_changed_style(root, answers)})
    with tempfile.TemporaryDirectory(prefix="redwood-inngest-") as temporary:
        workspace = Path(temporary).resolve()
        releases = releases or fetch_releases(source, workspace)
        before, after = _versions(releases, answers, options)
        check_names(options.data, questions_in(releases.text(after, "copier.yml")))
        changes, conflicts = Changes(root), Conflicts()
        renamed: tuple[str, ...] = ()
        if after != before or options.data:
            line_ends = LineEnds.of(root)
            copy = workspace / "app" / root.name
            _copy_app(root, copy, answers, releases, before, line_ends)
            _update_copy(copy, root, after, options)
            changes, conflicts = _what_changed(root, copy, source, line_ends)
            renamed = renamed_events(copy, answers, read_answers(copy / ANSWERS_FILE), root)
        names = releases.name(before), releases.name(after)
    if uncommitted and changes.changes:
        raise _dirty(root, uncommitted)
    return Update(root, answers, changes, conflicts, *names, renamed)


def _changed_style(root: Path, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers about the code style that are others now."""
    folder = root / answers["api_path"] / "src" / "inngest"
    found = style_answers(folder_style(folder, f"client.{answers['language']}"))
    return {name: value for name, value in found.items() if answers.get(name) != value}


def carry_out(
    update: Update, options: UpdateOptions, say: Callable[[str], None]
) -> list[Path] | None:
    """Change the app as planned, or leave it as it was.

    Args:
        update: The planned update.
        options: The options of the run.
        say: Called with a line about each slow step.

    Returns:
        The lock files that an installation changed; None where nothing was installed.

    Raises:
        Refusal: Something failed; the app is as it was.
    """
    installing = options.install and update.needs_installation
    if installing:
        install_command(update.install_folder, update.package_manager)
    guarded = lock_files(update.install_folder) if installing else ()
    locks = None
    with update.changes.applied(guarded, interrupted.kept_conflicts(update.conflicts)):
        if installing:
            say(f"Installing the dependencies with {update.package_manager}...")
            locks = install(update.install_folder, update.package_manager, options.progress)
        with _one_at_a_time:
            for path, stages in update.conflicts.items():
                git.mark_unmerged(update.root, path, stages)
    return locks


# Apps can share a repository, and Git lets only one change its index.
_one_at_a_time = threading.Lock()


def app_to_update(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The app's own folder, and its answers.

    Raises:
        Refusal: It is no app, is not set up, or its answers file is damaged.
    """
    root = root_of(folder)
    file = root / ANSWERS_FILE
    if not file.exists():
        raise Refusal(
            f"{root} is not set up yet: it has no {ANSWERS_FILE}. Run `redwood-inngest setup`."
        )
    resolve(root, ANSWERS_FILE)
    answers = read_answers(file)
    check_links(root, answers)
    for name in ("_src_path", "_commit"):
        if not isinstance(answers.get(name), str):
            raise Refusal(
                f"this answers file does not say which version of the template made it ({name}): "
                "take it from Git as Copier wrote it. A template needs to be a Git repository to "
                "have versions.",
                path=str(file),
            )
    return root, answers


def template_of(answers: Mapping[str, Any], options: UpdateOptions) -> str:
    """The place of the template: as the user says, or as the answers file does.

    Raises:
        Refusal: The template's code may not run here, or its URL has a password in it.
    """
    if not options.template:
        return _trusted(str(answers["_src_path"]), options.ask)
    check_credentials(options.template)
    folder = Path(options.template).expanduser()
    return str(folder.resolve()) if folder.is_dir() else options.template


def _trusted(source: str, ask: Callable[[str], bool] | None) -> str:
    """The template that an answers file names, if trusted: a stranger may have written the file."""
    check_credentials(source)
    if is_trusted(source):
        return source
    if ask and ask(f"The app's answers name the template {source}. Run its code on this machine?"):
        return source
    raise Refusal(
        f"the app's answers name the template {source}, which is not the one of this "
        "installation, and an update runs the template's code: if you trust it, name it with "
        "--template, or add it to the trusted places in Copier's settings."
    )


def _uncommitted(root: Path) -> list[str]:
    """The files with uncommitted changes; allowed only where the last update is among them."""
    try:
        git.git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        raise _why_not_in_git(root) from None
    operation = git.operation_in_progress(root)
    if operation:
        raise Refusal(
            f"{root} is in the middle of a {operation}: finish it (`git {operation} --continue`) "
            f"or give it up (`git {operation} --abort`) first."
        )
    conflicts = sorted(git.unmerged(root))
    if conflicts:
        raise Refusal(
            f"{root} has conflicts that are not resolved ({some(conflicts)}): resolve them, "
            "`git add` the files and commit first."
        )
    uncommitted = git.uncommitted_changes(root) or []
    if uncommitted and not any(path.endswith(ANSWERS_FILE) for path in uncommitted):
        raise _dirty(root, uncommitted)
    return uncommitted


def _why_not_in_git(root: Path) -> Refusal:
    compared = "Updates compare with what Git has"
    if not git.is_in_repository(root):
        return Refusal(
            f"{root} cannot be updated: it is not in a Git repository. {compared}: `git init`, and "
            "commit the app first."
        )
    try:
        git.git(root, "rev-parse", "--git-dir")
    except GitError as error:
        return git.refused_repository(root, error)
    return Refusal(
        f"{root} cannot be updated: its Git repository has no commit yet. {compared}: commit the "
        "app first."
    )


def _dirty(root: Path, uncommitted: list[str]) -> Refusal:
    return Refusal(
        f"{root} has uncommitted changes ({some(uncommitted)}): commit or stash them first, so "
        "that you can see what the update changes." + git.note_on_filters(root, uncommitted)
    )


def _versions(
    releases: Releases, answers: Mapping[str, Any], options: UpdateOptions
) -> tuple[str, str]:
    """The commit of the template that the app has, and the one that it gets."""
    before = releases.commit(answers["_commit"])
    if before is None:
        raise Refusal(
            f"the app was made by version {answers['_commit']} of the template, which "
            f"{releases.source} does not have (any more): an update has nothing to compare with. "
            f"`copier recopy --trust -a {ANSWERS_FILE}` makes the files anew, and `git diff` then "
            "shows which of your edits to take back."
        )
    wanted = options.ref or releases.newest()
    after = releases.commit(wanted)
    if after is None:
        raise Refusal(f"the template {releases.source} has no version {wanted}: name one it has.")
    if after != before and releases.contains(before, after):
        if options.ref:
            raise Refusal(
                f"the app has version {releases.name(before)} already, which is newer than "
                f"{wanted}: only updates to newer versions are possible."
            )
        after = before
    return before, after


def _copy_app(
    root: Path,
    copy: Path,
    answers: Mapping[str, Any],
    releases: Releases,
    before: str,
    line_ends: LineEnds,
) -> None:
    """Copy what Git has of the app into a repository of its own, where Copier can do no harm."""
    for path in git.paths(root, "ls-files", "--cached", "--others", "--exclude-standard"):
        _copy_file(root, copy, path, line_ends)
    here = {**answers, "_src_path": str(releases.folder), "_commit": before}
    (copy / ANSWERS_FILE).write_text(yaml.safe_dump(here, sort_keys=False), encoding="utf-8")
    git.git(copy, "-c", "init.templateDir=", "init", "--quiet")
    # Filters such as Git LFS and changes of line ends have no part in this.
    (copy / ".git/info").mkdir(exist_ok=True)
    (copy / ".git/info/attributes").write_text("* -filter -text -ident -working-tree-encoding\n")
    git.git(copy, "add", "--all", "--force")
    author = ("-c", "user.name=redwood-inngest", "-c", "user.email=redwood-inngest")
    git.git(copy, *author, "commit", "--quiet", "--no-gpg-sign", "--message", "The app")


def _copy_file(root: Path, copy: Path, path: str, line_ends: LineEnds) -> None:
    """Copy a file, or a link; links that lead out of the app are left out.

    The target of such a link is not part of the app, and changes to it would be lost.
    """
    file, there = root / path, copy / path
    if file.is_symlink():
        target = followed(file)
        if target.is_relative_to(root):
            there.parent.mkdir(parents=True, exist_ok=True)
            there.symlink_to(os.path.relpath(copy / target.relative_to(root), there.parent))
    elif file.is_file() and followed(file).is_relative_to(root):
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, there)
        if path in line_ends.converted:
            there.write_bytes(line_ends.as_git_has(path, there.read_bytes()))


def _update_copy(copy: Path, root: Path, after: str, options: UpdateOptions) -> None:
    # Slow to import, and not needed where there is nothing to do.
    import copier
    from copier.errors import TaskError

    from .copier_runs import copier_refuses, copier_surroundings

    data = {**options.data, "app_root": str(root), "install_dependencies": False}
    failed = "the update failed, and nothing was changed: "
    environment = git.environment_for_copier(copy.parent, own_configuration=False)
    with (
        copier_refuses(failed, failed),
        copier_surroundings(copy.parent, environment),
        _stderr_kept() as printed,
    ):
        try:
            copier.run_update(
                copy,
                data=data,
                answers_file=ANSWERS_FILE,
                vcs_ref=after,
                defaults=options.defaults,
                overwrite=True,
                quiet=True,
                unsafe=True,
            )
        except TaskError:
            raise Refusal(_last_sentence(printed())) from None


@contextmanager
def _stderr_kept() -> Iterator[Callable[[], str]]:
    """Keep the standard error of this process and of those that it starts."""
    sys.stderr.flush()
    shown = os.dup(2)
    with tempfile.TemporaryFile() as kept:

        def printed() -> str:
            sys.stderr.flush()
            kept.seek(0)
            return kept.read().decode(errors="replace")

        os.dup2(kept.fileno(), 2)
        try:
            yield printed
        finally:
            sys.stderr.flush()
            os.dup2(shown, 2)
            os.close(shown)


def _last_sentence(printed: str) -> str:
    """The reason that a hook of the template gave for its failure."""
    _, ours, reason = printed.rpartition("redwood-inngest: ")
    return reason.strip() if ours else f"a hook of the template failed:\n{printed.strip()}"


def _what_changed(
    root: Path, copy: Path, source: str, line_ends: LineEnds
) -> tuple[Changes, Conflicts]:
    changed = git.paths(copy, "diff", "--name-only", "--no-renames", "HEAD")
    new = git.paths(copy, "ls-files", "--others")
    _name_template(copy / ANSWERS_FILE, source)
    changes = []
    for path in sorted({*changed, *new}):
        before, made = read(root, path), read(copy, path)
        after = made if made is None else line_ends.as_work_tree_has(path, made)
        if before != after:
            changes.append(Change(path, before, after))
    return Changes(root, tuple(changes)), git.unmerged(copy)


def _name_template(answers_file: Path, source: str) -> None:
    """Put the template's own place into the answers file, which names our clone of it."""
    line = yaml.safe_dump({"_src_path": source}, allow_unicode=True)
    text = answers_file.read_bytes().decode()
    named = re.sub(r"^_src_path:.*\n(?:[ \t]+.*\n)*", lambda _: line, text, count=1, flags=re.M)
    answers_file.write_bytes(named.encode())
