"""A fault at any call that writes leaves the app as before or as after; `make faults` tries all.

A command that writes into apps is one line of `COMMANDS`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.adoptable import old_tool_app
from tests.support.apps import small_app, write
from tests.support.command import command, copier_copy
from tests.support.redwood import commit, run
from tests.updates.history import make_history

from .copies import repeat_each_copy
from .inject import Report, inject
from .points import KINDS

# Every so many points are tried, which are others in each run; `make faults` tries them all.
EVERY = int(os.environ.get("FAULTS_EVERY", "0"))

POSTS = """\
export const schema = gql`
  type Post { id: Int! title: String! }
  type Query { posts: [Post!]! @skipAuth }
`
"""
SDK_3 = """\
import { Inngest } from 'inngest'

const inngest = new Inngest({ id: 'shop' })

export const sendMail = inngest.createFunction(
  { id: 'send-mail' },
  { event: 'shop/order' },
  async ({ step }) => step.run('send', () => 'sent')
)
"""

Prepare = Callable[[Path, Path], object]


def as_it_is(app: Path, template: Path) -> None:
    pass


def wired(app: Path, template: Path) -> None:
    redwood_inngest("wire", app)


def set_up(app: Path, template: Path) -> None:
    options = ("--template", template, "--defaults", "--no-install")
    redwood_inngest("setup", app, *options)
    write(app / "api/src/graphql/posts.sdl.ts", POSTS)
    write(app / "web/src/Posts.ts", "export const QUERY = gql`query FindPosts { posts { id } }`\n")
    commit(app, "Inngest")


def unwired(app: Path, template: Path) -> None:
    set_up(app, template)
    redwood_inngest("unwire", app)
    (app / "api/src/inngest/events.ts").unlink()
    commit(app, "Unwired")


def with_function(app: Path, template: Path) -> None:
    set_up(app, template)
    options = ("--kind", "background", "--event", "shop/order", "--no-install")
    redwood_inngest("generate", "function", "sendMail", "--app", app, *options)
    commit(app, "A function")


def with_sdk_3(app: Path, template: Path) -> None:
    write(app / "api/src/jobs/sendMail.ts", SDK_3)
    write(app / "api/src/jobs/sendPush.ts", SDK_3.replace("Mail", "Push").replace("mail", "push"))
    commit(app, "Functions of SDK 3")


def set_up_by_the_old_tool(app: Path, template: Path) -> None:
    shutil.rmtree(app)
    old_tool_app(app)


def before_an_update(app: Path, template: Path) -> None:
    run(["git", "checkout", "--quiet", "v0.2.0"], template)
    options = ("--template", template, "--defaults", "--no-install")
    redwood_inngest("setup", app, *options)
    run(["git", "checkout", "--quiet", "v0.4.0"], template)
    commit(app, "Inngest")


# What is there before, the arguments, and every so many points that `make test` tries.
COMMANDS: dict[str, tuple[Prepare, str, int]] = {
    "setup": (as_it_is, "setup APP --template TEMPLATE --defaults --no-install", 43),
    "update": (before_an_update, "update APP --template TEMPLATE --no-install", 43),
    "adopt": (
        set_up_by_the_old_tool,
        "adopt APP --template TEMPLATE --defaults --no-install --move",
        61,
    ),
    "wire": (as_it_is, "wire APP", 7),
    "unwire": (wired, "unwire APP", 7),
    "events": (set_up, "events APP --write", 13),
    "generate": (
        set_up,
        "generate function sendPush --app APP --kind background --event shop/push --no-install",
        29,
    ),
    "destroy": (with_function, "destroy function sendMail --app APP --force", 29),
    "remove": (set_up, "remove APP --template TEMPLATE --no-install", 41),
    "doctor": (unwired, "doctor APP --fix --offline", 13),
    "upgrade-sdk": (with_sdk_3, "upgrade-sdk APP/api/src/jobs", 13),
}


def redwood_inngest(*arguments: str | Path) -> None:
    result = command("redwood-inngest", *arguments)
    assert result.returncode == 0, result.stderr


def prepared(name: str, folder: Path, template: Path) -> tuple[Path, list[str]]:
    """The app that a command of `COMMANDS` is for, and the command's arguments."""
    prepare, arguments, _ = COMMANDS[name]
    if prepare is before_an_update:
        template = make_history(folder / "redwood-inngest")
    app = small_app(folder / "shop")
    prepare(app, template)
    return app, arguments.replace("APP", str(app)).replace("TEMPLATE", str(template)).split()


def check(report: Report, what: str) -> None:
    print(f"{what}: {report.points} points, {report.tried} faults")  # noqa: T201
    assert not report.wrong, "\n".join(report.wrong[:5])
    assert report.tried


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder; temporary folders are made in it."""
    made = Path(tempfile.mkdtemp(prefix="faults-"))
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_leaves_the_app_as_before_or_as_after(
    name: str, folder: Path, template: Path
) -> None:
    app, arguments = prepared(name, folder, template)
    check(inject(app, arguments, every=EVERY or COMMANDS[name][2]), name)


def test_setup_where_there_is_no_git(folder: Path, template: Path) -> None:
    app = small_app(folder / "shop", git=False)
    options = ("--template", str(template), "--defaults", "--no-install")
    check(inject(app, ["setup", str(app), *options], every=EVERY or 61), "setup without Git")


def test_a_copy_by_copier_that_was_ended_is_completed_by_the_next(
    folder: Path, template: Path
) -> None:
    app = small_app(folder / "shop")
    kinds = KINDS if EVERY else ("KILL",)
    report = repeat_each_copy(template, app, every=EVERY or 61, kinds=kinds)
    check(report, "copier copy")


def test_a_function_that_an_ended_copy_has_left_empty_is_written(
    folder: Path, template: Path
) -> None:
    app = small_app(folder / "shop")
    function = app / "api/src/inngest/functions/helloWorld.ts"
    options = ("--data", "install_dependencies=false", "--overwrite")
    copier_copy(template, app, *options)
    whole = function.read_text()
    # As it is when Copier has opened the file, and not come to what is done last.
    function.write_text("")
    run(["git", "checkout", "api/package.json"], app)
    copier_copy(template, app, *options)
    assert function.read_text() == whole
