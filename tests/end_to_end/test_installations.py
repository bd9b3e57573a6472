"""Every way to install the tool, with nothing installed beforehand but what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.apps import small_app, tree, write
from tests.support.cache import cached
from tests.support.template import REPOSITORY, committed_template

CHANGED = "api/src/inngest/plugin.ts"
OTHER_ANSWER = "--data event_prefix=shop"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository with all that an installation needs, and nothing uncommitted."""
    return committed_template(tmp_path_factory.mktemp("template") / "redwood-inngest")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return small_app(tmp_path / "my-shop")


def virtual_environment(*packages: str) -> Path:
    """A virtual environment with these packages, in the cache; its folder of programs."""

    def make(folder: Path) -> None:
        environment = folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin/python", "-m", "pip", "install", *packages], check=True)
        # What pip writes names the folder that the environment was made in.
        for script in (environment / "bin").iterdir():
            if script.is_file() and script.read_bytes().startswith(b"#!"):
                text = script.read_text().replace(str(folder), str(final(folder)))
                script.write_text(text)

    def final(folder: Path) -> Path:
        return folder.with_name(folder.name.removesuffix(".unfinished"))

    return cached("python", [sys.version, *packages], make) / "venv/bin"


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PIP_NO_COMPILE": "1"},  # most of what is installed never runs here
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_runs_the_command_on_the_app_with_the_options(tmp_path: Path) -> None:
    shutil.copyfile(REPOSITORY / "Makefile", tmp_path / "Makefile")
    program = tmp_path / ".venv/bin/redwood-inngest"
    write(program, '#!/bin/sh\nprintf \'%s|\' "$REDWOOD_INNGEST_BY_MAKE" "$@"\n')
    program.chmod(0o755)
    arguments = ("setup", "APP=../my shop", "ARGS=--no-install --data mood='very good'")
    result = run("make", "--silent", "--old-file=.venv/installed", *arguments, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    said = ["../my shop", "setup", "../my shop", "--no-install", "--data", "mood=very good", ""]
    assert result.stdout.split("|") == said


@pytest.mark.nightly
def test_make_in_a_clone(app: Path, template: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    assert run("git", "clone", "--quiet", template, clone).returncode == 0
    result = run("make", "setup", f"APP={app}", "ARGS=--no-install", cwd=clone)
    assert result.returncode == 0, result.stderr
    assert (app / CHANGED).exists()
    assert f"name the template as {clone}" in result.stderr
    other = f"ARGS={OTHER_ANSWER}"
    again = run("make", "setup", f"APP={app}", f"{other} --force", cwd=clone)
    assert f"`make update APP={app} ARGS='--data event_prefix=shop'`" in again.stderr


def test_make_says_which_app_is_missing(template: Path) -> None:
    result = run("make", "--silent", "setup", "--old-file=.venv/installed", cwd=template)
    assert "make setup APP=path/to/app" in result.stdout + result.stderr


@pytest.mark.nightly
@pytest.mark.parametrize("tool", ["uvx --from", "pipx run --spec"])
def test_uv_and_pipx(app: Path, template: Path, tool: str) -> None:
    program, *options = tool.split()
    programs = virtual_environment("uv", "pipx")
    setup = ("redwood-inngest", "setup", app, "--no-install")
    result = run(programs / program, *options, template, *setup)
    assert result.returncode == 0, result.stderr
    assert (app / CHANGED).exists()
    again = run(programs / program, *options, template, *setup, "--force", *OTHER_ANSWER.split())
    hint = f"`{tool} {template} redwood-inngest update --data event_prefix=shop`"
    assert hint in again.stderr


def test_an_installation_from_a_git_url(app: Path, template: Path) -> None:
    programs = virtual_environment("uv", "pipx")
    url = f"git+{template.as_uri()}"
    setup = ("redwood-inngest", "setup", app, "--no-install")
    result = run(programs / "uvx", "--from", url, *setup)
    assert result.returncode == 0, result.stderr
    again = run(programs / "uvx", "--from", url, *setup, "--force", *OTHER_ANSWER.split())
    assert f"`uvx --from {url} redwood-inngest update --data" in again.stderr
    assert f"_src_path: {url}" in (app / ".copier-answers.inngest.yml").read_text()


@pytest.mark.nightly
@pytest.mark.parametrize("tool", ["uv tool install", "pipx install"])
def test_an_installed_command_stays(app: Path, template: Path, tmp_path: Path, tool: str) -> None:
    program, *words = tool.split()
    programs = virtual_environment("uv", "pipx")
    names = ("UV_TOOL_DIR", "UV_TOOL_BIN_DIR", "PIPX_HOME", "PIPX_BIN_DIR")
    folders = [f"{name}={tmp_path / name}" for name in names]
    url = f"git+{template.as_uri()}"
    result = run("env", *folders, programs / program, *words, url)
    assert result.returncode == 0, result.stderr
    (installed,) = tmp_path.glob("*_BIN_DIR/redwood-inngest")
    assert run(installed, "setup", "--no-install", cwd=app).returncode == 0
    assert run(installed, "events", "--check", cwd=app).returncode == 0


def copier_copy(programs: Path, app: Path, template: Path) -> subprocess.CompletedProcess[str]:
    options = ("--trust", "--defaults", "--data", "install_dependencies=false", "--vcs-ref=HEAD")
    return run(programs / "copier", "copy", *options, template, app)


def test_copier_alone_with_a_dependency_missing_says_what_to_run(app: Path, template: Path) -> None:
    programs = virtual_environment("copier", "copier-template-extensions")
    before = tree(app)
    result = copier_copy(programs, app, template)
    assert result.returncode == 1
    assert result.stderr.strip().splitlines()[-1] == (
        "libcst is missing beside Copier. Run: "
        f"{programs}/python -m pip install graphql-core libcst tree-sitter tree-sitter-typescript"
    )
    assert tree(app) == before


def test_copier_alone_without_the_extensions_names_them(app: Path, template: Path) -> None:
    # Nothing of ours runs before this extension is loaded: the words are Copier's own.
    programs = virtual_environment("copier")
    before = tree(app)
    result = copier_copy(programs, app, template)
    assert result.returncode == 1
    assert "No module named 'copier_template_extensions'" in result.stderr
    assert "Traceback" not in result.stderr
    assert tree(app) == before
