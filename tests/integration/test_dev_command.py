"""`dev`: the line of the script, with the app's port, run without a shell; npx is a stand-in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.apps import small_app, write
from tests.support.command import COMMANDS, command


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "shop")


def with_npx(app: Path, script: str) -> dict[str, str]:
    """A stand-in for npx on the PATH, which says that it is one."""
    folder = app.parent / "bin"
    write(folder / "npx", f'#!/bin/sh\necho stand-in for npx: "$@"\n{script}\n')
    (folder / "npx").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_it_runs_the_line_that_the_script_has(app: Path, template: Path) -> None:
    options = ("--template", template, "--no-install")
    assert command("redwood-inngest", "setup", app, *options).returncode == 0
    script = json.loads((app / "package.json").read_text())["scripts"]["inngest:dev"]
    below = app / "api/src"
    result = command("redwood-inngest", "dev", cwd=below, environment=with_npx(app, "pwd"))
    assert result.returncode == 0
    assert result.stdout.splitlines() == [f"stand-in for {script.replace('npx', 'npx:')}", str(app)]
    assert result.stderr == f"{script}\n"


def test_the_port_is_the_one_that_the_app_has_now(app: Path) -> None:
    config = app / "redwood.toml"
    config.write_text(config.read_text().replace("8911", "'${API_PORT:4242}'"))
    result = command("redwood-inngest", "dev", app, environment=with_npx(app, ""))
    assert "--sdk-url http://localhost:4242/inngest\n" in result.stdout


def test_no_shell_reads_the_line(app: Path) -> None:
    """A folder with a name that a shell would take apart."""
    odd = app.rename(app.with_name("a; touch hacked"))
    result = command("redwood-inngest", "dev", odd, environment=with_npx(odd, 'echo "$#"'))
    assert result.stdout.splitlines()[-1] == "4"
    assert not list(odd.parent.rglob("hacked"))


def test_where_the_binary_cannot_be_had_it_says_what_to_do(app: Path) -> None:
    result = command("redwood-inngest", "dev", app, environment=with_npx(app, "exit 9"))
    assert result.returncode == 9
    assert "the dev server ended with exit code 9; where its binary" in result.stderr
    docker = "docker run -p 8288:8288 inngest/inngest inngest dev -u http://host.docker.internal:"
    assert f"`{docker}8911/inngest`" in result.stderr


def test_without_npx_it_says_what_to_install(app: Path, tmp_path: Path) -> None:
    result = command("redwood-inngest", "dev", app, environment={"PATH": str(tmp_path)})
    assert result.returncode == 1
    assert "npx was not found, which comes with Node: install Node 20 or newer." in result.stderr


def test_outside_an_app_it_is_refused(tmp_path: Path) -> None:
    result = command("redwood-inngest", "dev", tmp_path)
    assert result.returncode == 1
    assert "is not in a Redwood or Cedar app" in result.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_ctrl_c_ends_the_dev_server_too(app: Path, number: signal.Signals, code: int) -> None:
    """As at a terminal, Ctrl+C goes to both; a SIGTERM, to the command alone."""
    environment = with_npx(app, "echo $$ > pid; exec sleep 60")
    process = subprocess.Popen(
        [COMMANDS / "redwood-inngest", "dev", app],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    file = app / "pid"
    waited = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < waited
        time.sleep(0.05)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == code
    assert b"Traceback" not in said
    assert b"exit code" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
