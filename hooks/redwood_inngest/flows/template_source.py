"""The place of the template, told by the record of how this tool was installed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from .. import git
from ..errors import Refusal

# Copier's own abbreviations.
ALIASES = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}


@dataclass(frozen=True)
class TemplateSource:
    """A template, as Copier takes it.

    Attributes:
        location: A Git URL or a folder; it lands in the answers file.
        ref: The Git reference to take; None for Copier's own choice, the newest release.
    """

    location: str
    ref: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this machine has it."""
        return Path(self.location).is_absolute() or "file:" in self.location

    def published_at(self) -> str | None:
        """The Git URL that a local clone was made from, which others can reach too."""
        folder = Path(self.location.removeprefix("git+").removeprefix("file://"))
        url = git.answer(folder, "remote", "get-url", "origin")
        return url if re.match(r"(https?|ssh|git)://|[\w.-]+@", url) else None


def template_source(given: str | None = None) -> TemplateSource:
    """Find the template that belongs to this installation.

    The record is `direct_url.json` of PEP 610: pip, pipx and uv write it when they install from
    a Git URL or from a folder. The template is taken at the very commit that was installed, so
    that the tool and the template's hooks are the same.

    Args:
        given: A template that the user named; it goes before the record.

    Returns:
        The template.

    Raises:
        Refusal: There is no record, and none was named; or a password is in the URL.
    """
    if given:
        check_credentials(given)
        folder = Path(given).expanduser()
        return _local(folder.resolve()) if folder.is_dir() else TemplateSource(given)
    record = _direct_url()
    url = str(record.get("url", ""))
    vcs = record.get("vcs_info")
    if isinstance(vcs, dict) and vcs.get("vcs") == "git":
        check_credentials(url)
        location = url if url.startswith("git@") or url.endswith(".git") else f"git+{url}"
        return TemplateSource(location, str(vcs.get("commit_id", "")) or None)
    if url.startswith("file:"):
        folder = Path(url2pathname(urlsplit(url).path))
        if (folder / "copier.yml").is_file():
            return _local(folder)
    raise Refusal(
        "this installation does not say where its template is: install it from Git or from a "
        "clone, or name the template with --template."
    )


def check_credentials(source: str) -> None:
    """Check that the URL of a template has no password or token in it.

    Raises:
        Refusal: It has; the sentence does not repeat it.
    """
    if git.has_credentials(source):
        raise Refusal(
            f"the template's URL {git.without_credentials(source)} has a user or a token in it, "
            "and the answers file, which is committed, names it: take it out of the URL, and let "
            "a Git credential helper or SSH give it (`git help credentials`)."
        )


def is_trusted(source: str) -> bool:
    """Whether the code of a template may run without a question.

    So it is with the template of this installation, and with those in Copier's own list
    (https://copier.readthedocs.io/en/stable/settings/#trusted-locations).
    """
    import copier  # slow to import

    try:
        own = template_source().location
    except Refusal:
        own = ""
    if own and _normalized(own) == _normalized(source):
        return True
    return any(_is_within(source, place) for place in copier.load_settings().trust)


def _is_within(source: str, place: str) -> bool:
    """Whether a template is a trusted place, or below one, which ends with a slash."""
    if not place.endswith("/"):
        return _normalized(source) == _normalized(place)
    plain = not re.search(r"[%\\]|(^|/)\.{1,2}(/|$)", source)
    return plain and _expanded(source).startswith(_expanded(place))


def _normalized(source: str) -> str:
    """A source as one text, however it is written."""
    url = _expanded(source.removeprefix("git+")).rstrip("/").removesuffix(".git")
    return url.removeprefix("file://")


def _expanded(source: str) -> str:
    for alias, url in ALIASES.items():
        if source.startswith(alias):
            return url + source.removeprefix(alias).lstrip("/")
    return (
        str(Path(source).expanduser()) + "/" * source.endswith("/")
        if source.startswith("~")
        else source
    )


def _local(folder: Path) -> TemplateSource:
    return TemplateSource(str(folder), "HEAD" if (folder / ".git").exists() else None)


def _direct_url() -> dict[str, object]:
    try:
        text = distribution("redwood-inngest").read_text("direct_url.json")
    except PackageNotFoundError:
        text = None
    record = json.loads(text) if text else {}
    return record if isinstance(record, dict) else {}
