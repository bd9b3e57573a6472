"""Git, as the app's repository and the template's are asked with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .errors import GitError, Refusal

# Set where Git runs something for us, as in `rebase --exec`: they would name another repository.
_ABOUT_ANOTHER_REPOSITORY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)

_IN_PROGRESS = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


def environment() -> dict[str, str]:
    """The environment for Git: about no other repository, and without questions to nobody."""
    kept = {
        name: value for name, value in os.environ.items() if name not in _ABOUT_ANOTHER_REPOSITORY
    }
    if not sys.stdin.isatty():
        kept.setdefault("GIT_TERMINAL_PROMPT", "0")
    return {**kept, "LC_ALL": "C"}


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run Git in a folder.

    Args:
        folder: Where.
        arguments: The command and its arguments.
        stdin: What it reads.

    Returns:
        What it printed.

    Raises:
        GitError: It failed.
        Refusal: There is no Git on this machine.
    """
    # fsmonitor and hooks are programs that a repository can name; none is needed here.
    command = ["git", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    if not folder.is_dir():
        raise GitError(f"{folder} is no folder")
    try:
        result = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
            [*command, *arguments],
            cwd=folder,
            env=environment(),
            input=stdin if stdin is not None else b"",
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise Refusal("Git was not found, and it is needed: install Git.") from None
    if result.returncode:
        raise GitError(_reason(result.stderr.decode(errors="replace")), result.stdout)
    return result.stdout


def _reason(stderr: str) -> str:
    """The line that says what went wrong: the first fatal one, or else the last one."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return fatal[0] if fatal else lines[-1] if lines else "no reason given"


def answer(folder: Path, *arguments: str) -> str:
    """What Git printed, as text, without the newline at the end; empty where it failed."""
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
        Their paths, relative to the repository; None where the folder is in no repository.

    Raises:
        Refusal: Git is missing, or refuses the repository.
    """
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return None
    try:
        entries = paths(folder, "status", "--porcelain", "--no-renames", "--", ".")
    except GitError as error:
        raise Refusal(
            f"Git refuses the repository of {folder} ({error}): repair that first, so that "
            "uncommitted work can be told."
        ) from None
    return [entry[3:] for entry in entries]


def operation_in_progress(folder: Path) -> str | None:
    """What Git is in the middle of, if anything: `merge`, `rebase`, `cherry-pick` or `revert`."""
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
