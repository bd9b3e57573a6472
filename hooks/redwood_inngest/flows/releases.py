"""The versions of a template, as a clone of its repository tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from ..errors import GitError, Refusal
from ..git import answer, git, room_left
from .template_source import ALIASES


@dataclass(frozen=True)
class Releases:
    """A template's history.

    Attributes:
        source: Its place, as the answers file names it.
        folder: A bare clone of it.
    """

    source: str
    folder: Path

    def commit(self, ref: str) -> str | None:
        """The commit that a tag, a branch, a hash or a description of it stands for."""
        if ref.startswith("-"):
            return None
        return self._answer("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") or None

    def text(self, commit: str, path: str) -> str:
        """A file as a commit has it; empty where there is none."""
        return self._answer("show", f"{commit}:{path}")

    def name(self, commit: str) -> str:
        """The name of a commit: its version, how far it is from one, or its hash without any."""
        versions = _versions(self._answer("tag", "--merged", commit)).values()
        those = [f"--match={tag}" for tag in versions] or ["--exclude=*"]
        return self._answer("describe", "--tags", "--always", *those, commit)

    def newest(self) -> str:
        """The newest release: the highest tag that is a version, or `HEAD` where there is none."""
        versions = _versions(self._answer("tag", "--list"))
        finals = [version for version in versions if not version.is_prerelease]
        return versions[max(finals)] if finals else "HEAD"

    def contains(self, commit: str, earlier: str) -> bool:
        """Whether a commit has another one in its history."""
        return self._answer("merge-base", commit, earlier) == earlier

    def _answer(self, *arguments: str) -> str:
        """Git's answer about the clone, which is named explicitly.

        With `safe.bareRepository=explicit`, Git looks at no other bare repository.
        """
        return answer(self.folder, f"--git-dir={self.folder}", *arguments)


def _versions(tags: str) -> dict[Version, str]:
    """The tags that are versions."""
    versions = {}
    for tag in tags.split():
        try:
            versions[Version(tag)] = tag
        except InvalidVersion:
            continue
    return versions


def fetch_releases(source: str, folder: Path) -> Releases:
    """Clone a template, with all its versions.

    Args:
        source: The template, as the answers file names it: a Git URL or a local clone.
        folder: The folder for the clone; it is made.

    Raises:
        Refusal: There is no such template, or it cannot be reached.
    """
    url = _url(source)
    is_local = "://" not in url and not re.match(r"[\w.-]+@", url)
    if is_local and not Path(url).is_dir():
        raise Refusal(
            f"the template {source}, which the answers name, is not there (any more): bring it "
            "back, or name where it is now with --template."
        )
    # Copier takes a path for a repository by its ending.
    clone = folder / "template.git"
    try:
        git(folder, "clone", "--quiet", "--bare", "--", url, str(clone))
    except GitError as error:
        if room := room_left():
            raise Refusal(f"the template {source} cannot be cloned: {error}{room}") from None
        if is_local:
            raise Refusal(
                f"the template {source}, which the answers name, is no Git repository: an update "
                "needs its versions. Name its repository with --template."
            ) from None
        raise Refusal(
            f"the template {source} cannot be reached ({error}): check the network and your "
            "access to it, or name where it is now with --template."
        ) from None
    return Releases(source, clone)


def _url(source: str) -> str:
    for alias, url in ALIASES.items():
        if source.startswith(alias):
            return url + source.removeprefix(alias).lstrip("/")
    url = source.removeprefix("git+")
    return str(Path(url).expanduser()) if url.startswith("~") else url
