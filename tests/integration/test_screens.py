"""What a person sees at a terminal of 80 columns: keys are pressed, screens compared as text."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.redwood import commit
from tests.support.terminal import Terminal

QUESTIONS = (
    "events start with?",
    "GraphQL operations",
    "Which plugin",
    "fields of currentUser",
    "example function",
    "Adjust the details?",
)

ANSWERED = """\
Redwood 8.9.0 app my-shop: TypeScript, yarn, GraphQL handler
api/src/functions/graphql.ts.
? What should the names of the events start with? graphql
? Which GraphQL operations should become events? Queries, Mutations
? Which plugin should send the events? Ours: plain code in your app, which sends
in the background
? Which fields of currentUser should the events carry, as a list? [id]
? Add an example function, which shows how a function runs on an event? Yes
? Adjust the details? No

To set Inngest up in my-shop (Redwood 8.9.0, TypeScript, yarn):

  create  api/src/inngest/  18 files
  create  .copier-answers.inngest.yml
  create  api/src/functions/inngest.ts
    edit  api/src/functions/graphql.ts  +2 -0
    edit  api/package.json  +3 -1
    edit  package.json  +3 -0
    edit  .env.defaults  +8 -0
 package  graphql 16.9.0  not installed yet
 package  inngest ^3.54.2  not installed yet

Your own files:

--- a/api/src/functions/graphql.ts
+++ b/api/src/functions/graphql.ts
@@ -4,6 +4,7 @@
 import sdls from 'src/graphql/**/*.sdl.{js,ts}'
 import services from 'src/services/**/*.{js,ts}'

+import { inngestPlugin } from 'src/inngest/plugin'
 import { logger } from 'src/lib/logger'

 export const handler = createGraphQLHandler({
@@ -11,4 +12,5 @@
   directives,
   sdls,
   services,
+  extraPlugins: [inngestPlugin],
 })
"""

FIRST_EVENT = """\
See your first event:

  1. yarn install
  2. yarn rw dev           your app
  3. yarn inngest:dev      in another terminal
  4. Run this query at http://localhost:8911/graphql:

       query HelloWorld { redwood { version } }

  5. Look at http://localhost:8288/runs: it has run the function helloWorld.

"""

COMMIT_IT = """
Read what changed, then commit it. `git status` lists the files; `git add -N .`
makes `git diff` show the new ones, too."""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "my-shop")


def setup(app: Path, template: Path, *options: str, **environment: str) -> Terminal:
    return Terminal("setup", "--template", template, *options, cwd=app, environment=environment)


def at_the_questions(app: Path, template: Path) -> Terminal:
    terminal = setup(app, template, "--no-install")
    terminal.answer("of this machine?", "y\r")
    return terminal


def test_the_way_from_the_first_question_to_the_first_event(app: Path, template: Path) -> None:
    terminal = at_the_questions(app, template)
    for question in QUESTIONS:
        terminal.answer(question)
    terminal.answer("Make these changes?")
    assert terminal.end() == 0
    screen = terminal.text()
    assert " ".join(screen.partition("Go on")[0].split()) == (
        f"The answers will name the template as {template}, which only this machine has: a "
        "teammate's update would not find it. For a template that all can reach, give "
        "--template and its Git URL."
    )
    assert ANSWERED in screen
    assert FIRST_EVENT in screen
    assert screen.endswith(COMMIT_IT)
    told = screen.partition("Inngest is set up in my-shop:\n\n")[2].partition("\n\nSee your")[0]
    verbs = {"??": "create", " M": "edit"}
    status = ("status", "--porcelain", "--untracked-files=all")
    printed = subprocess.check_output(["git", *status], cwd=app, text=True)
    done = {(verbs[line[:2]], line[3:]) for line in printed.splitlines()}
    assert {tuple(line.split()) for line in told.splitlines()} == done
    assert "🎤" not in terminal.raw


def test_reasons_are_whole_and_say_what_a_list_looks_like(app: Path, template: Path) -> None:
    terminal = at_the_questions(app, template)
    terminal.answer("events start with?", "a long prefix with blanks in it, which is no good\r")
    terminal.answer("is something else.", "shop\r")
    terminal.answer("GraphQL operations", "aa\r")  # all, then none of them
    terminal.answer("as a list; []", " \x1b[B\x1b[B \r")  # the first and the third
    terminal.answer("Which plugin")
    terminal.answer("fields of currentUser", "[id\r")
    terminal.answer("is neither.", "id\r")
    terminal.answer("is none.", "[id, email]\r")
    terminal.wait_for("example function")
    assert_stopped(terminal)
    assert """\
Use only letters, digits, . _ - (a letter first, 30 at most) in the event
prefix, as in graphql or my-app.api: 'a long prefix with blanks in it, which is
no good' is something else.
? What should the names of the events start with? shop
Choose at least one operation: query, mutation or subscription, as a list; [] is
none.
? Which GraphQL operations should become events? Queries, Subscriptions
? Which plugin should send the events? Ours: plain code in your app, which sends
in the background
A list is written like [a, b], and [] is an empty one: '[id' is neither.
Give a list, like [id, email] or [], of fields of currentUser; 'id' is none.
? Which fields of currentUser should the events carry, as a list? [id, email]
""" in terminal.text()


def assert_stopped(terminal: Terminal) -> None:
    terminal.press("\x03")
    assert terminal.end() == 1
    assert terminal.text().endswith(
        "redwood-inngest: stopped at the questions: nothing was changed."
    )


def test_a_no_changes_nothing(app: Path, template: Path) -> None:
    before = tree(app)
    terminal = setup(app, template, "--defaults", "--no-install")
    terminal.answer("of this machine?", "y\r")
    terminal.answer("Make these changes?", "n\r")
    assert terminal.end() == 1
    assert terminal.text().endswith("stopped before anything was written: nothing was changed.")
    assert tree(app) == before


def test_no_word_is_broken_in_a_narrow_terminal(app: Path, template: Path) -> None:
    arguments = ("setup", "--template", template, "--defaults", "--yes", "--no-install")
    terminal = Terminal(*arguments, cwd=app, columns=45)
    assert terminal.end() == 0
    assert "[Y/n]" not in terminal.text()  # the yes was given beforehand
    words = {word.lstrip("+") for word in terminal.text().split()}
    expected = (ANSWERED.partition("? Adjust the details? No")[2] + FIRST_EVENT + COMMIT_IT).split()
    assert {word.lstrip("+") for word in expected} <= words


def test_a_diff_is_coloured_and_paged(app: Path, template: Path, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    write(pager, "#!/bin/sh\necho PAGED\ncat\n")
    pager.chmod(0o755)
    terminal = setup(app, template, "--diff", "--defaults", PAGER=str(pager), FORCE_COLOR="1")
    assert terminal.end() == 0
    screen = terminal.text()
    assert "PAGED" in screen
    assert screen.index("+++ b/api/src/functions/graphql.ts") < screen.index("New files, ")
    assert "  api/src/inngest/useInngest.ts\n" in screen
    assert "\x1b[32m+import { inngestPlugin }" in terminal.raw


def test_an_installation_shows_how_far_it_is(app: Path, template: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    steps = "echo fetching 1; sleep 1; echo fetching 2; sleep 1; echo '# new' >> yarn.lock"
    write(programs / "yarn", f"#!/bin/sh\n{steps}\n")
    (programs / "yarn").chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    terminal = setup(app, template, "--defaults", "--yes", PATH=path)
    terminal.wait_for("s  fetching 1")
    terminal.wait_for("s  fetching 2")
    assert terminal.end() == 0
    assert "fetching" not in terminal.text()
    assert "    edit  yarn.lock\n" in terminal.text()


def test_a_setup_with_other_answers_offers_the_update(app: Path, template: Path) -> None:
    assert setup(app, template, "--defaults", "--yes", "--no-install").end() == 0
    commit(app, "Inngest")
    data = ("--data", "user_fields=[id, email]", "--data", "event_prefix=shop")
    terminal = setup(app, template, "--defaults", "--no-install", *data)
    terminal.answer("Do that now?", "y\r")
    terminal.answer("Run its code on this machine?", "y\r")
    terminal.answer("Make these changes?", "y\r")
    assert terminal.end() == 0
    said = " ".join(terminal.text().split())
    options = '--data event_prefix=shop --data \'user_fields=["id", "email"]\''
    assert f"redwood-inngest update {options}` changes them, and keeps your edits." in said
    plugin = (app / "api/src/inngest/plugin.ts").read_text()
    assert "=> 'shop'" in plugin
    assert "email: user.email" in plugin
