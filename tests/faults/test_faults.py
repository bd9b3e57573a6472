"""A fault at any call that writes leaves the app as before or as after; `make faults` tries all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.adoptable import old_tool_app
from tests.support.apps import small_app
from tests.support.command import command
from tests.support.redwood import commit, run
from tests.updates.history import make_history

from .copies import kill_each_copy
from .inject import Report, inject

# Every so many points are tried, which are others in each run; `make faults` tries them all.
EVERY = int(os.environ.get("FAULTS_EVERY", "0"))


def check(report: Report, what: str) -> None:
    print(f"{what}: {report.points} points, {report.tried} faults")  # noqa: T201
    assert not report.wrong, "\n".join(report.wrong[:5])
    assert report.tried


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "shop")


def test_setup(app: Path, template: Path) -> None:
    options = ("--template", str(template), "--defaults", "--no-install")
    check(inject(app, ["setup", str(app), *options], every=EVERY or 31), "setup")


def test_setup_where_there_is_no_git(tmp_path: Path, template: Path) -> None:
    app = small_app(tmp_path / "shop", git=False)
    options = ("--template", str(template), "--defaults", "--no-install")
    check(inject(app, ["setup", str(app), *options], every=EVERY or 61), "setup without Git")


def test_adopt(tmp_path: Path, template: Path) -> None:
    app = old_tool_app(tmp_path / "orders")
    options = ("--template", str(template), "--defaults", "--no-install", "--move")
    check(inject(app, ["adopt", str(app), *options], every=EVERY or 61), "adopt")


def test_wire_and_unwire(app: Path) -> None:
    check(inject(app, ["wire", str(app)], every=EVERY or 4), "wire")
    command("redwood-inngest", "wire", app)
    check(inject(app, ["unwire", str(app)], every=EVERY or 4), "unwire")


def test_remove(app: Path, template: Path) -> None:
    options = ("--template", str(template), "--no-install")
    assert command("redwood-inngest", "setup", app, *options, "--defaults").returncode == 0
    commit(app, "Inngest")
    check(inject(app, ["remove", str(app), *options], every=EVERY or 31), "remove")


def test_doctor(app: Path, template: Path) -> None:
    options = ("--template", str(template), "--no-install", "--defaults")
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    assert command("redwood-inngest", "unwire", app).returncode == 0
    (app / "api/src/inngest/events.ts").unlink()
    commit(app, "Inngest")
    arguments = ["doctor", str(app), "--fix", "--offline"]
    check(inject(app, arguments, every=EVERY or 7), "doctor --fix")


def test_update(tmp_path: Path) -> None:
    template = make_history(tmp_path / "redwood-inngest")
    app = small_app(tmp_path / "shop")
    options = ("--template", str(template), "--defaults", "--no-install")
    run(["git", "checkout", "--quiet", "v0.2.0"], template)
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    run(["git", "checkout", "--quiet", "v0.4.0"], template)
    commit(app, "Inngest")
    arguments = ["update", str(app), "--template", str(template), "--no-install"]
    check(inject(app, arguments, every=EVERY or 31), "update")


def test_a_copy_by_copier_that_was_killed_is_completed_by_the_next(
    app: Path, template: Path
) -> None:
    for kind in ("KILL", "TERM") if EVERY else ("KILL",):
        check(kill_each_copy(template, app, every=EVERY or 40, kind=kind), f"copier copy, {kind}")
