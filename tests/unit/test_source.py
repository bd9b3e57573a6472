"""The template is found from the record of the installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.template_source import TemplateSource, template_source

from tests.support.apps import write
from tests.support.redwood import commit, run


def recorded(monkeypatch: pytest.MonkeyPatch, record: object) -> None:
    class Distribution:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return json.dumps(record) if record else None

    monkeypatch.setattr(
        "redwood_inngest.flows.template_source.distribution", lambda name: Distribution()
    )


def test_an_installation_from_git_takes_the_commit_that_was_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vcs = {"vcs": "git", "commit_id": "abc", "requested_revision": "main"}
    recorded(monkeypatch, {"url": "https://example.com/tool", "vcs_info": vcs})
    found = template_source()
    assert found == TemplateSource("git+https://example.com/tool", "abc")
    assert not found.is_local


def test_an_installation_from_a_clone_takes_what_is_checked_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clone = tmp_path / "a clone"
    write(clone / "copier.yml", "")
    recorded(monkeypatch, {"url": clone.as_uri(), "dir_info": {"editable": True}})
    assert template_source() == TemplateSource(str(clone), None)
    commit(clone, "The template")
    assert template_source() == TemplateSource(str(clone), "HEAD")


def test_a_template_that_was_named_goes_first(tmp_path: Path) -> None:
    assert template_source("https://example.com/x.git").location == "https://example.com/x.git"
    assert template_source(str(tmp_path)).location == str(tmp_path)


@pytest.mark.parametrize("record", [None, {"url": "file:///nowhere"}, {"url": "https://a/b.whl"}])
def test_an_installation_that_does_not_say_is_refused(
    monkeypatch: pytest.MonkeyPatch, record: object
) -> None:
    recorded(monkeypatch, record)
    with pytest.raises(Refusal, match="--template"):
        template_source()


def test_a_clone_knows_where_others_find_it(tmp_path: Path) -> None:
    write(tmp_path / "copier.yml", "")
    commit(tmp_path, "The template")
    clone = TemplateSource(str(tmp_path), "HEAD")
    assert clone.is_local
    assert clone.published_at() is None
    run(["git", "remote", "add", "origin", "https://example.com/tool.git"], tmp_path)
    assert clone.published_at() == "https://example.com/tool.git"
