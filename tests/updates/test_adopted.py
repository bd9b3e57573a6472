"""An adopted app is updated as any other: through a rename, with the team's own code kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.adoptable import CUSTOM, old_tool_app
from tests.support.command import command
from tests.support.redwood import commit, run


@pytest.mark.nightly
def test_an_adopted_app_keeps_its_code_through_three_versions(
    history: Path, tmp_path: Path
) -> None:
    template = tmp_path / "redwood-inngest"
    shutil.copytree(history, template, symlinks=True)
    app = old_tool_app(tmp_path / "orders", CUSTOM)
    run(["git", "checkout", "--quiet", "v0.2.0"], template)
    options = ("--template", template, "--no-install")
    adopted = command("redwood-inngest", "adopt", app, *options)
    assert adopted.returncode == 0, adopted.stderr
    commit(app, "Adopted")
    run(["git", "checkout", "--quiet", "v0.4.0"], template)
    updated = command("redwood-inngest", "update", app, *options)
    assert updated.returncode == 0, updated.stderr + updated.stdout
    assert run(["git", "diff", "--name-only", "--diff-filter=U"], app) == ""
    # v0.4.0 has the plugin by another name, and other words about the client.
    plugin = (app / "api/src/inngest/graphqlPlugin.ts").read_text()
    assert "buildEventNameFunction: buildEventName," in plugin
    assert "denylist: { types: ['NoSuchType'] }," in plugin
    client = (app / "api/src/inngest/client.ts").read_text()
    assert " * The client: sends events" in client
    assert "id: 'Order Desk'," in client
    handler = (app / "api/src/functions/graphql.ts").read_text()
    assert "extraPlugins: [useTiming, inngestPlugin]" in handler
    assert "from 'src/inngest/graphqlPlugin'" in handler
