"""The place of the template, as the record of this installation tells it, or the metadata."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, metadata
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
    that the tool and the template's hooks are the same. An installation from an index has no such
    record: there the project URL `Template` of the package's metadata says it, and the tag of the
    package's version is taken.

    Args:
        given: A template that the user named; it goes before the record.

    Returns:
        The template.

    Raises:
        Refusal: Nothing says it, and none was named; or a password is in the URL.
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
    if not record and (published := _project_url("Template")):
        return TemplateSource(published, f"v{metadata(_PACKAGE)['Version']}")
    raise Refusal(
        "this installation does not say where its template is: install it from Git or from a "
        "clone, or name the template with --template."
    )


def installed_from() -> str:
    """The place that this tool was installed from, as an installer takes it; empty for an index."""
    record = _direct_url()
    url = str(record.get("url", ""))
    vcs = record.get("vcs_info")
    if isinstance(vcs, dict):
        revision = vcs.get("requested_revision")
        place = f"{vcs.get('vcs')}+{url}" + (f"@{revision}" if revision else "")
        return git.without_credentials(place)
    return url2pathname(urlsplit(url).path) if url.startswith("file:") else url


def documentation(page: str) -> str:
    """The place of a page of the documentation: a URL, or a file of a clone; empty where none is.

    Args:
        page: The name of the page: `functions`.
    """
    published = _project_url("Documentation")
    if published:
        return f"{published.rstrip('/')}/{page}"
    source = installed_from()
    file = Path(source) / "docs" / f"{page}.md"
    if source and file.is_file():
        return str(file)
    return f"docs/{page}.md of {source}" if source.startswith("git+") else ""


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


_PACKAGE = "redwood-inngest"


def _project_url(label: str) -> str:
    """A URL of the package's metadata by its label; empty where there is none.

    See https://packaging.python.org/en/latest/specifications/core-metadata/#project-url-multiple-use
    """
    try:
        urls = metadata(_PACKAGE).get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    return next((url.partition(", ")[2] for url in urls if url.startswith(f"{label}, ")), "")


def _direct_url() -> dict[str, object]:
    try:
        text = distribution(_PACKAGE).read_text("direct_url.json")
    except PackageNotFoundError:
        text = None
    record = json.loads(text) if text else {}
    return record if isinstance(record, dict) else {}
