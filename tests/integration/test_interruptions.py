"""Signals, full disks and package managers that misbehave: the app is as before, or as after."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from redwood_inngest.journal import journal_file

from tests.support.apps import small_app, tree, write
from tests.support.command import COMMANDS, command
from tests.support.nightly import nightly
from tests.support.redwood import commit

HANDLER = "api/src/functions/graphql.ts"
SLEEPING = "echo $$ > pid; echo broken >> yarn.lock; sleep 60"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    app = small_app(tmp_path / "shop", git=False)
    write(app / ".gitignore", "pid\nfill\n")
    commit(app, "The app")
    return app


def path_with_yarn(folder: Path, script: str) -> str:
    """A PATH on which yarn is a script."""
    write(folder / "bin/yarn", f'#!/bin/sh\n[ "$1" = --version ] && echo 4.6.0 && exit\n{script}\n')
    (folder / "bin/yarn").chmod(0o755)
    return f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"


def set_up(app: Path, template: Path, script: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path_with_yarn(app.parent, script)}
    options = ("--template", template, "--defaults")
    return command("redwood-inngest", "setup", app, *options, environment=environment)


def started(app: Path, template: Path) -> subprocess.Popen[str]:
    """A setup that waits for its package manager."""
    process = subprocess.Popen(
        [COMMANDS / "redwood-inngest", "setup", app, "--template", template, "--defaults"],
        env={**os.environ, "PATH": path_with_yarn(app.parent, SLEEPING)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not (app / "pid").exists() or not (app / "pid").read_text().strip():
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.05)
    return process


def is_running(app: Path) -> bool:
    return Path(f"/proc/{(app / 'pid').read_text().strip()}").exists()


def without_pid(app: Path) -> dict[str, bytes]:
    return {path: content for path, content in tree(app).items() if path not in ("pid", "fill")}


def test_what_a_package_manager_prints_need_not_be_text(app: Path, template: Path) -> None:
    result = set_up(app, template, r"printf '\377\376 done\n'")
    assert result.returncode == 0, result.stderr


def test_what_a_person_has_edited_meanwhile_is_not_thrown_away(app: Path, template: Path) -> None:
    before = tree(app)
    result = set_up(app, template, f"echo '// mine' >> {HANDLER}; echo >> yarn.lock; exit 7")
    assert result.returncode == 1
    assert f"left as it is: {HANDLER}." in result.stderr
    after = tree(app)
    assert after.pop(HANDLER).endswith(b"// mine\n")
    assert after.pop("api/src/functions/.graphql.ts.redwood-inngest-old") == before.pop(HANDLER)
    assert after == before


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", nightly("SIGHUP")])
def test_a_signal_while_it_installs_takes_all_back_and_ends_what_runs(
    app: Path, template: Path, name: str
) -> None:
    before = tree(app)
    process = started(app, template)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert without_pid(app) == before
    assert not is_running(app)
    assert not list((app / ".git").glob("redwood-inngest*"))


def killed(app: Path, template: Path) -> None:
    process = started(app, template)
    process.kill()
    process.communicate()
    os.kill(int((app / "pid").read_text()), signal.SIGKILL)  # nobody else can end it


def test_after_a_kill_the_next_command_says_what_happened_and_takes_back_or_finishes(
    app: Path, template: Path
) -> None:
    before = tree(app)
    killed(app, template)
    half = without_pid(app)
    function = ("function", "nobody", "--app", app)
    for arguments in (
        ("setup", app),
        ("update", app),
        ("wire", app),
        ("unwire", app, "--diff"),
        ("events", app),
        ("events", app, "--write"),
        ("generate", *function, "--cron", "0 9 * * *"),
        ("destroy", *function),
        ("adopt", app),
        ("remove", app),
        ("doctor", app, "--fix"),
        ("upgrade-sdk", app / "api/src"),
        ("upgrade-sdk", app / "api/src", "--diff"),
        ("dev", app),
    ):
        result = command("redwood-inngest", *map(str, arguments))
        assert result.returncode == 1
        assert "an earlier run was interrupted" in result.stderr
        assert "--resume" in result.stderr
        assert without_pid(app) == half
    alone = ("copier", "copy", "--trust", "--defaults", "--overwrite", "--vcs-ref", "HEAD")
    copied = command(*alone, template, app)
    assert copied.returncode != 0
    assert "an earlier run was interrupted" in copied.stderr
    assert without_pid(app) == half
    aborted = command("redwood-inngest", "setup", app, "--abort")
    assert aborted.returncode == 0, aborted.stderr
    assert without_pid(app) == before
    (app / "pid").unlink()
    killed(app, template)
    resumed = command("redwood-inngest", "update", app, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    again = command(
        "redwood-inngest", "setup", app, "--template", template, "--no-install", "--force"
    )
    assert "nothing to change" in again.stdout
    assert command("redwood-inngest", "setup", app, "--abort").stdout.startswith("Nothing is")


@pytest.mark.parametrize(
    "words", ["events", nightly("generate function --app"), nightly("destroy function --app")]
)
def test_each_command_that_writes_can_take_back_and_finish(
    app: Path, template: Path, words: str
) -> None:
    before = tree(app)
    killed(app, template)
    aborted = command("redwood-inngest", *words.split(), app, "--abort")
    assert (aborted.returncode, aborted.stdout) == (0, f"Taken back: {app} is as it was.\n")
    assert without_pid(app) == before
    finished = command("redwood-inngest", *words.split(), app, "--resume")
    assert finished.stdout == f"Nothing is unfinished in {app}.\n"


@pytest.mark.parametrize("conflicts", [4, {"a": 3}, {"a": {"x": "?"}}])
def test_a_journal_of_something_else_is_refused(app: Path, conflicts: object) -> None:
    step = {"path": HANDLER, "before": None, "after": "a digest"}
    content = {"steps": [step], "folders": [], "extra": {"conflicts": conflicts}}
    journal_file(app).write_text(json.dumps(content))
    before = tree(app)
    result = command("redwood-inngest", "setup", app, "--abort")
    assert result.returncode == 1
    assert "this is no journal of redwood-inngest: remove it." in result.stderr
    assert tree(app) == before


def test_at_a_terminal_the_person_is_asked(app: Path, template: Path) -> None:
    before = tree(app)
    killed(app, template)
    arguments = ["setup", str(app), "--template", str(template), "--no-install"]
    terminal = pexpect.spawn(str(COMMANDS / "redwood-inngest"), arguments, encoding="utf-8")
    terminal.expect("Finish it, or take it back", timeout=60)
    terminal.sendline("abort")
    terminal.expect("start with", timeout=60)
    terminal.sendintr()
    terminal.expect(pexpect.EOF, timeout=60)
    terminal.close()
    assert without_pid(app) == before


def test_a_second_run_at_the_same_time_waits_for_nobody(app: Path, template: Path) -> None:
    process = started(app, template)
    try:
        result = command("redwood-inngest", "wire", app)
        assert result.returncode == 1
        assert "another redwood-inngest is at work" in result.stderr
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_taking_back_needs_no_room_on_the_disk(small_disk: Path, template: Path) -> None:
    app = small_app(small_disk / "shop")
    before = tree(app)
    result = set_up(app, template, "cat /dev/zero > fill; exit 1")
    assert result.returncode == 1
    assert "failed with exit code 1" in result.stderr
    assert "Traceback" not in result.stderr
    assert without_pid(app) == before


def test_a_full_disk_is_told_and_leaves_the_app_as_it_was(small_disk: Path, template: Path) -> None:
    app = small_app(small_disk / "shop")
    before = tree(app)
    sizes = 0
    for room in range(0, 200_000, 32_768):
        free = shutil.disk_usage(small_disk).free
        with (small_disk / "fill").open("wb") as fill:
            fill.write(b"\0" * max(0, free - room))
        options = ("--template", template, "--no-install")
        result = command("redwood-inngest", "setup", app, *options)
        (small_disk / "fill").unlink()
        if result.returncode == 0:
            break
        sizes += 1
        assert "No space left on device" in result.stderr
        assert "Traceback" not in result.stderr
        assert tree(app) == before
    assert sizes > 1


@pytest.mark.parametrize("room", [4_096, 200_000])
@pytest.mark.parametrize("is_set_up", [False, True], ids=["setup", "update"])
def test_a_full_folder_for_temporary_files_is_named(
    small_disk: Path, tmp_path: Path, template: Path, room: int, is_set_up: bool
) -> None:
    app = small_app(tmp_path / "shop")
    options = ("--template", template, "--no-install")
    if is_set_up:
        assert command("redwood-inngest", "setup", app, *options).returncode == 0
        commit(app, "Inngest")
    before = tree(app)
    free = shutil.disk_usage(small_disk).free
    (small_disk / "fill").write_bytes(b"\0" * (free - room))
    full = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(small_disk))
    name = "update" if is_set_up else "setup"
    result = command("redwood-inngest", name, app, *options, environment=full)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"{small_disk}, the folder for temporary files, has only" in result.stderr
    assert "is no Git repository" not in result.stderr
    assert tree(app) == before
    assert [file.name for file in small_disk.iterdir()] == ["fill"]
