"""Git, for questions about the app's repository and the template's.

The one place in which Git is started. A repository's own configuration can name programs: hooks,
filters, a file system monitor. None of them is run here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .errors import GitError, Refusal

# The caller's GIT_* variables that count: how a remote is reached, and where Git's configuration
# is. The others name another repository, as in `rebase --exec`, or other programs to run.
_KEPT = re.compile(
    r"GIT_(SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|TERMINAL_PROMPT|EXEC_PATH|ALLOW_PROTOCOL"
    r"|SSL_\w+|PROXY_\w+|HTTP_\w+|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))"
)

_SWITCHED_OFF = {"core.fsmonitor": "false", "core.hooksPath": os.devnull}
# An empty command is no filter; one that is required would then fail
# (https://git-scm.com/docs/gitattributes#_filter).
_FILTER = {"clean": "", "smudge": "", "process": "", "required": "false"}

# A clone of the template and two renderings of it take less.
_ENOUGH_ROOM = 8 * 1024 * 1024

_IN_PROGRESS = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


def environment(folder: Path | None = None) -> dict[str, str]:
    """The environment for Git: about no other repository, and without the programs it can name.

    Args:
        folder: The folder that Git will run in; filters that are configured there are switched off.
    """
    settings = {**_SWITCHED_OFF, **(_filters(folder) if folder else {})}
    return _with_settings(_base_environment(), settings)


def environment_for_copier(folder: Path, *, own_configuration: bool = True) -> dict[str, str]:
    """The environment for the Git that Copier starts.

    Args:
        folder: The folder that Copier runs in.
        own_configuration: Whether the user's own configuration counts, as it must where a
            template is fetched.
    """
    kept = environment(folder)
    if not own_configuration:
        kept = _without_caller_settings(kept)
        kept |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        kept.pop("GIT_CONFIG_SYSTEM", None)
        kept = _with_settings(kept, _SWITCHED_OFF)
    # Git's messages are in the user's language.
    kept.pop("LC_ALL")
    if "LC_ALL" in os.environ:
        kept["LC_ALL"] = os.environ["LC_ALL"]
    # Copier makes repositories: without what `init.templateDir` would put into them.
    kept["GIT_TEMPLATE_DIR"] = ""
    # Line ends are as the template has them.
    return _with_settings(kept, {"core.autocrlf": "false", "core.safecrlf": "false"})


def _base_environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _KEPT.fullmatch(name)
    }
    if not sys.stdin or not sys.stdin.isatty():
        kept.setdefault("GIT_TERMINAL_PROMPT", "0")
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _with_settings(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """An environment with settings of Git after those that it has; the last one counts."""
    given = environment.get("GIT_CONFIG_COUNT", "0")
    first = int(given) if given.isdecimal() else 0
    added = dict(environment)
    for number, (name, value) in enumerate(settings.items(), first):
        added[f"GIT_CONFIG_KEY_{number}"] = name
        added[f"GIT_CONFIG_VALUE_{number}"] = value
    added["GIT_CONFIG_COUNT"] = str(first + len(settings))
    return added


def _without_caller_settings(environment: Mapping[str, str]) -> dict[str, str]:
    own = re.compile(r"GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)")
    return {name: value for name, value in environment.items() if not own.fullmatch(name)}


@cache
def _filters(folder: Path) -> dict[str, str]:
    """The settings that switch off each filter that the configuration of a folder names."""
    try:
        printed = _run(
            folder,
            ("config", "--null", "--name-only", "--get-regexp", r"^filter\..*\."),
            _with_settings(_base_environment(), _SWITCHED_OFF),
        )
    except GitError:  # it has none
        return {}
    names = printed.decode(errors="surrogateescape").split("\0")
    drivers = {name.rpartition(".")[0] for name in names if name}
    return {
        f"{driver}.{key}": value for driver in sorted(drivers) for key, value in _FILTER.items()
    }


def require() -> None:
    """Make sure that Git is there, before anything else is done.

    Raises:
        Refusal: It is not.
    """
    if not shutil.which("git"):
        raise _no_git()


def _no_git() -> Refusal:
    return Refusal("Git was not found, and it is needed: install Git.")


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run Git in a folder.

    Args:
        folder: The folder.
        arguments: The command and its arguments.
        stdin: Its standard input.

    Returns:
        Its standard output.

    Raises:
        GitError: It failed.
        Refusal: There is no Git on this machine.
    """
    return _run(folder, arguments, environment(folder), stdin)


def _run(
    folder: Path, arguments: tuple[str, ...], environ: Mapping[str, str], stdin: bytes | None = None
) -> bytes:
    if not folder.is_dir():
        raise GitError(f"{folder} is no folder")
    try:
        result = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
            ["git", *arguments],  # noqa: S607 - whichever Git the user has
            cwd=folder,
            env=environ,
            input=stdin if stdin is not None else b"",
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise _no_git() from None
    if result.returncode:
        reason = _reason(result.stderr.decode(errors="replace"))
        raise GitError(without_credentials(reason), result.stdout)
    return result.stdout


def without_credentials(text: str) -> str:
    """A text with the user's name and the password taken out of the URLs in it."""
    return re.sub(r"(\w+://)[^\s/@]*@", r"\1...@", text)


def has_credentials(url: str) -> bool:
    """Whether a URL has a password or a token in it.

    A name before the host is a token as often as a name, except with SSH.
    """
    found = re.match(r"(?:git\+)?(\w+)://([^/]*)@", url)
    if not found:
        return False
    return ":" in found[2] if found[1] == "ssh" else True


def _reason(stderr: str) -> str:
    """The line that says what went wrong: the first fatal one, or else the last one."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return fatal[0] if fatal else lines[-1] if lines else "no reason given"


def answer(folder: Path, *arguments: str) -> str:
    """The output of Git as text, without the newline at the end; empty where it failed."""
    try:
        return git(folder, *arguments).decode(errors="surrogateescape").rstrip("\n")
    except GitError:
        return ""


def paths(folder: Path, *arguments: str) -> list[str]:
    """The paths that a Git command prints with `-z`."""
    command, *rest = arguments
    printed = git(folder, command, "-z", *rest).decode(errors="surrogateescape")
    return [path for path in printed.split("\0") if path]


def uncommitted_changes(folder: Path) -> list[str] | None:
    """The files below a folder with changes that Git has not committed.

    Returns:
        Their paths, relative to the folder; None where the folder is in no repository.

    Raises:
        Refusal: Git is missing, or refuses the repository.
    """
    if not is_in_repository(folder):
        return None
    try:
        return _uncommitted(folder)
    except GitError as error:
        raise refused_repository(folder, error) from None


def _uncommitted(folder: Path) -> list[str]:
    prefix = git(folder, "rev-parse", "--show-prefix").decode(errors="surrogateescape").rstrip("\n")
    # Git would run the programs that the configuration of a submodule names.
    status = ("status", "--porcelain", "--no-renames", "--ignore-submodules=dirty", "--", ".")
    found = [entry[3:].removeprefix(prefix) for entry in paths(folder, *status)]
    for submodule in _submodules(folder):
        found += [f"{submodule}/{path}" for path in _uncommitted(folder / submodule)]
    return found


def _submodules(folder: Path) -> list[str]:
    """The submodules below a folder that are checked out."""
    entries = [entry for entry in paths(folder, "ls-files", "--stage") if entry[:6] == "160000"]
    names = [entry.partition("\t")[2] for entry in entries]
    return [name for name in names if (folder / name / ".git").exists()]


def is_in_repository(folder: Path) -> bool:
    """Whether a folder is in a repository, be it one that Git refuses."""
    return any((above / ".git").exists() for above in (folder, *folder.parents))


def refused_repository(folder: Path, error: GitError) -> Refusal:
    """The refusal where Git refuses a repository."""
    way_out = "repair that first, so that uncommitted work can be told."
    if "dubious ownership" in str(error):
        way_out = (
            "it belongs to another user. Run this as that user, or trust it with "
            "`git config --global --add safe.directory FOLDER`."
        )
    return Refusal(f"Git refuses the repository of {folder} ({error}): {way_out}")


def operation_in_progress(folder: Path) -> str | None:
    """The unfinished operation in Git, if any: `merge`, `rebase`, `cherry-pick` or `revert`."""
    for name, operation in _IN_PROGRESS.items():
        if (folder / answer(folder, "rev-parse", "--git-path", name)).exists():
            return operation
    return None


def mark_unmerged(folder: Path, path: str, stages: dict[int, bytes]) -> None:
    """Tell Git that a file has a conflict, as a merge does.

    Args:
        folder: A folder of the repository.
        path: The file, relative to the folder.
        stages: Contents: 1 as it was before both changes, 2 ours, 3 theirs. One that is missing
            says that the file was not there.
    """
    full = answer(folder, "rev-parse", "--show-prefix") + path
    lines = [f"0 {'0' * 40}\t{full}"]
    for stage, content in sorted(stages.items()):
        blob = git(folder, "hash-object", "-w", "--stdin", stdin=content).decode().strip()
        lines.append(f"100644 {blob} {stage}\t{full}")
    information = "\n".join(lines).encode(errors="surrogateescape") + b"\n"
    git(folder, "update-index", "--index-info", stdin=information)


def unmerged(folder: Path) -> dict[str, dict[int, bytes]]:
    """The files below a folder that have a conflict, each with its stages."""
    found: dict[str, dict[int, bytes]] = {}
    for entry in paths(folder, "ls-files", "--unmerged"):
        information, path = entry.split("\t", 1)
        _, blob, stage = information.split()
        found.setdefault(path, {})[int(stage)] = git(folder, "cat-file", "blob", blob)
    return found


# The number of changed files that are looked at: a command line has a limit.
_LOOKED_AT = 100


def note_on_filters(folder: Path, changed: list[str]) -> str:
    """The note to add where files count as changed that go through a filter, such as Git LFS.

    Git compares them without the filter, and so cannot tell those that it has not looked at yet.
    """
    printed = paths(folder, "check-attr", "filter", "--", *changed[:_LOOKED_AT]) if changed else []
    if all(value in {"unspecified", "unset"} for value in printed[2::3]):
        return ""
    return (
        " (Filters such as Git LFS are not run here: if `git status` shows no change, try again.)"
    )


def room_left() -> str:
    """What to add to an error of Git, which has many words for a full disk.

    Returns:
        How much room the folder for temporary files has, where that is little; otherwise nothing.
    """
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free > _ENOUGH_ROOM:
        return ""
    return (
        f". {folder}, the folder for temporary files, has only {free // 1024:,} KB left: make room "
        "there, or set TMPDIR to another folder."
    )
