"""Where the template is: told by the record of how this tool was installed."""

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
        Refusal: There is no record, and none was named.
    """
    if given:
        folder = Path(given).expanduser()
        return _local(folder.resolve()) if folder.is_dir() else TemplateSource(given)
    record = _direct_url()
    url = str(record.get("url", ""))
    vcs = record.get("vcs_info")
    if isinstance(vcs, dict) and vcs.get("vcs") == "git":
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


def _local(folder: Path) -> TemplateSource:
    return TemplateSource(str(folder), "HEAD" if (folder / ".git").exists() else None)


def _direct_url() -> dict[str, object]:
    try:
        text = distribution("redwood-inngest").read_text("direct_url.json")
    except PackageNotFoundError:
        text = None
    record = json.loads(text) if text else {}
    return record if isinstance(record, dict) else {}
