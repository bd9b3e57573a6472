"""Updates at a real pseudo-terminal: what is asked, and what is shown meanwhile."""

from __future__ import annotations

from pathlib import Path

import pexpect
import pytest

from tests.support.apps import tree
from tests.support.command import COMMANDS
from tests.support.terminal import Terminal, plain_environment

from .conftest import AppOf, differences
from .history import VERSIONS

NEWEST = VERSIONS[-1]


UPDATE = """
To update shop, v0.3.0 -> v0.4.0:

  create  api/src/inngest/health.ts
    edit  api/src/inngest/client.ts
  remove  api/src/inngest/NOTES.md
    edit  .copier-answers.inngest.yml
    edit  package.json  +1 -1

Your own files:

--- a/package.json
+++ b/package.json
@@ -7,7 +7,7 @@
     ]
   },
   "scripts": {
-    "inngest:dev": "npx inngest-cli@latest dev --sdk-url
-    http://localhost:8911/inngest",
+    "inngest:dev": "npx inngest-cli@latest dev --no-discovery --sdk-url
+    http://localhost:8911/inngest",
     "inngest:version": "echo 3"
   }
 }

"""


def update_at_a_terminal(*arguments: object) -> pexpect.spawn[str]:
    return pexpect.spawn(
        str(COMMANDS / "redwood-inngest"),
        ["update", "--no-install", *map(str, arguments)],
        env=plain_environment(),
        encoding="utf-8",
        dimensions=(40, 120),
        timeout=90,
    )


@pytest.fixture
def app(app_of: AppOf, tmp_path: Path) -> Path:
    """An app of a version that did not ask about the mood."""
    return app_of("v0.1.0", tmp_path / "shop")


def test_the_answers_are_offered_again_and_what_is_new_is_asked(app: Path) -> None:
    terminal = update_at_a_terminal(app)
    terminal.expect("events start with")
    terminal.expect("graphql")  # the answer that the app has
    terminal.sendcontrol("u")
    terminal.send("shop\r")
    for question, default in (
        ("Which GraphQL operations", "Subscriptions"),
        ("Which plugin", "envelop-plugin-inngest"),
        ("fields of currentUser", r"\[id\]"),
        ("example function", "Y/n"),
        ("Adjust the details", "y/N"),
        ("How is the mood", "good"),
    ):
        terminal.expect(question)
        terminal.expect(default)
        terminal.send("\r")
    terminal.expect("Make these changes?")
    terminal.send("y\r")
    terminal.expect(rf"(?s)Updated .*v0\.1\.0 -> {NEWEST}")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    plugin = (app / "api/src/inngest/graphqlPlugin.ts").read_text()
    assert "buildEventNamePrefixFunction: () => 'shop'," in plugin
    assert "// Mood: good." in plugin


def test_stopping_at_a_question_changes_nothing(app: Path) -> None:
    before = tree(app)
    terminal = update_at_a_terminal(app)
    terminal.expect("events start with")
    terminal.sendcontrol("c")
    terminal.expect("nothing was changed")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert not differences(tree(app), before)


def test_several_apps_show_how_far_it_is_and_end_with_a_table(
    app_of: AppOf, tmp_path: Path
) -> None:
    apps = [app_of(NEWEST, tmp_path / name) for name in ("one", "two")]
    terminal = update_at_a_terminal(*apps)
    terminal.expect("100%")
    for app in apps:
        terminal.expect(rf"unchanged  {app} +{NEWEST}")
    terminal.expect("2 unchanged")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 3


@pytest.mark.nightly
def test_a_no_changes_nothing(app_of: AppOf, tmp_path: Path) -> None:
    app = app_of("v0.3.0", tmp_path / "shop")
    before = tree(app)
    terminal = Terminal("update", "--defaults", "--no-install", cwd=app)
    terminal.answer("Make these changes?", "n\r")
    assert terminal.end() == 1
    assert tree(app) == before


def test_the_screen_of_an_update(app_of: AppOf, tmp_path: Path) -> None:
    app = app_of("v0.3.0", tmp_path / "shop")
    terminal = Terminal("update", "--defaults", "--no-install", cwd=app)
    terminal.answer("Make these changes?", "y\r")
    assert terminal.end() == 0
    told, done = terminal.text().split("Make these changes? [Y/n]: y\n")
    assert told == UPDATE
    told, done = done.split(":\n", 1)
    assert " ".join(told.split()) == f"Updated {app}, v0.3.0 -> {NEWEST}"
    assert (
        done
        == """\
    edit  .copier-answers.inngest.yml
  remove  api/src/inngest/NOTES.md
    edit  api/src/inngest/client.ts
  create  api/src/inngest/health.ts
    edit  package.json

Read what changed, then commit it. `git status` lists the files; `git add -N .`
makes `git diff` show the new ones, too."""
    )
