"""The place of the template, as the metadata of an installation from an index tells it."""

from __future__ import annotations

from pathlib import Path

import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.template_source import (
    TemplateSource,
    documentation,
    installed_from,
    template_source,
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the metadata of an installation from an index."""
    folder = tmp_path / "redwood_inngest-9.8.7.dist-info"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def metadata(folder: Path, *urls: str) -> None:
    lines = ["Metadata-Version: 2.4", "Name: redwood-inngest", "Version: 9.8.7"]
    lines += [f"Project-URL: {url}" for url in urls]
    (folder / "METADATA").write_text("\n".join(lines) + "\n")


def test_a_project_url_names_the_template_at_the_tag_of_the_version(installed: Path) -> None:
    metadata(installed, "Homepage, https://example.com", "Template, https://example.com/t.git")
    assert template_source() == TemplateSource("https://example.com/t.git", "v9.8.7")
    assert installed_from() == ""


@pytest.mark.parametrize("urls", [(), ("Template, ",)])
def test_without_it_the_refusal_says_what_to_do(installed: Path, urls: tuple[str, ...]) -> None:
    metadata(installed, *urls)
    with pytest.raises(Refusal, match="name the template with --template"):
        template_source()


def test_the_documentation_is_where_the_metadata_says(installed: Path) -> None:
    metadata(installed, "Documentation, https://example.com/docs/")
    assert documentation("functions") == "https://example.com/docs/functions"
    metadata(installed)
    assert documentation("functions") == ""


def test_of_a_clone_it_is_a_file_and_of_a_git_url_a_file_there(installed: Path) -> None:
    clone = Path(__file__).parents[2]
    metadata(installed)
    record = installed / "direct_url.json"
    record.write_text(f'{{"url": "{clone.as_uri()}", "dir_info": {{"editable": true}}}}')
    assert Path(documentation("functions")).is_file()
    record.write_text(
        '{"url": "https://example.com/t.git", "vcs_info": {"vcs": "git", "commit_id": "0123", '
        '"requested_revision": "main"}}'
    )
    assert installed_from() == "git+https://example.com/t.git@main"
    assert documentation("functions") == ("docs/functions.md of git+https://example.com/t.git@main")
