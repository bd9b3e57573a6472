"""Real package managers on lock files of each other: none may run that does not fit."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from redwood_inngest.app.find import find_app
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.dependencies import sdk_version
from redwood_inngest.flows.install import install

from tests.support.apps import small_app
from tests.support.cache import cached, npm_packages
from tests.support.redwood import node_environment

# Where each release comes from. It is its own package, but for yarn 2 and later.
RELEASES = {
    "yarn 1": ("yarn", "1.22.22"),
    "yarn 2": ("@yarnpkg/cli-dist", "2.4.2"),
    "yarn 3": ("@yarnpkg/cli-dist", "3.8.5"),
    "yarn 4.9": ("@yarnpkg/cli-dist", "4.9.3"),
    "yarn 4.14": ("@yarnpkg/cli-dist", "4.14.1"),
    "yarn 4.18": ("@yarnpkg/cli-dist", "4.18.1"),
    "pnpm 7": ("pnpm", "7.33.7"),
    "pnpm 8": ("pnpm", "8.15.9"),
    "pnpm 9": ("pnpm", "9.15.9"),
    "pnpm 10": ("pnpm", "10.34.9"),
    "bun 1": ("bun", "1.4.5"),
}
LOCKS = {"yarn": "yarn.lock", "pnpm": "pnpm-lock.yaml", "bun": "bun.lock"}
AtHand = Callable[[str], None]
MANIFEST = {"name": "shop", "private": True, "dependencies": {"ms": "2.1.2"}}


def program(release: str) -> Path:
    """The folder with the program of a release, and Node, and nothing else."""
    package, version = RELEASES[release]
    name = release.partition(" ")[0]

    def make(folder: Path) -> None:
        modules = npm_packages(f"{name}-{version}", {package: version}) / "node_modules"
        for link, target in ((name, modules / ".bin" / name), ("node", shutil.which("node"))):
            (folder / link).symlink_to(target or "")

    return cached(f"only-{name}-{version}", [package, version, shutil.which("node")], make)


def app_locked_by(release: str, folder: Path) -> Path:
    """An app with the lock file that a release writes."""

    def make(made: Path) -> None:
        (made / "package.json").write_text(json.dumps(MANIFEST))
        name = release.partition(" ")[0]
        (made / LOCKS[name]).touch()
        if name == "pnpm":
            (made / LOCKS[name]).unlink()  # an empty one is taken for broken
        environment = {**node_environment(), "PATH": str(program(release))}
        subprocess.run([name, "install"], cwd=made, env=environment, check=True)

    locked = cached(f"locked-by-{release.replace(' ', '-')}", [release, MANIFEST], make)
    folder.mkdir()
    for name in ("package.json", LOCKS[release.partition(" ")[0]]):
        shutil.copyfile(locked / name, folder / name)
    (folder / ".git").mkdir()
    return folder


def bump(app: Path) -> None:
    """Change what the app depends on, as a setup does."""
    (app / "package.json").write_text(json.dumps({**MANIFEST, "dependencies": {"ms": "2.1.3"}}))


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> AtHand:
    def at_hand(release: str) -> None:
        for name, value in node_environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", str(program(release)))

    return at_hand


@pytest.mark.nightly
@pytest.mark.parametrize("release", [each for each in RELEASES if each != "bun 1"])
def test_the_one_that_wrote_the_lock_file_installs(
    release: str, tmp_path: Path, only: AtHand
) -> None:
    app = app_locked_by(release, tmp_path / "app")
    bump(app)
    only(release)
    install(app, release.partition(" ")[0])
    assert "2.1.3" in (app / LOCKS[release.partition(" ")[0]]).read_text()


@pytest.mark.parametrize(
    ("wrote", "at_hand", "said"),
    [
        ("yarn 4.9", "yarn 1", "one of yarn 4 or later, and `yarn` is 1.22.22 here"),
        ("yarn 3", "yarn 1", "one of yarn 3, and `yarn` is 1.22.22 here"),
        ("yarn 3", "yarn 4.9", "one of yarn 3, and `yarn` is 4.9.3 here"),
        ("yarn 4.18", "yarn 4.9", "one of yarn 4.15 or later, and `yarn` is 4.9.3 here"),
        ("yarn 4.14", "yarn 3", "one of yarn 4.13 or later, and `yarn` is 3.8.5 here"),
        ("yarn 1", "yarn 4.9", "one of yarn 1, and `yarn` is 4.9.3 here"),
        ("pnpm 7", "pnpm 10", "one of pnpm 3 to 7, and `pnpm` is 10.34.9 here"),
        ("pnpm 9", "pnpm 8", "one of pnpm 9 or later, and `pnpm` is 8.15.9 here"),
    ],
)
def test_another_one_is_not_run(
    wrote: str, at_hand: str, said: str, tmp_path: Path, only: AtHand
) -> None:
    app = app_locked_by(wrote, tmp_path / "app")
    bump(app)
    before = {file.name: file.read_bytes() for file in app.iterdir() if file.is_file()}
    only(at_hand)
    with pytest.raises(Refusal) as refused:
        install(app, wrote.partition(" ")[0])
    assert said in str(refused.value)
    assert {file.name: file.read_bytes() for file in app.iterdir() if file.is_file()} == before


@pytest.mark.nightly
@pytest.mark.parametrize(("wrote", "at_hand"), [("yarn 4.9", "yarn 4.18"), ("pnpm 9", "pnpm 10")])
def test_a_newer_one_of_the_same_format_is_run(
    wrote: str, at_hand: str, tmp_path: Path, only: AtHand
) -> None:
    app = app_locked_by(wrote, tmp_path / "app")
    bump(app)
    only(at_hand)
    install(app, wrote.partition(" ")[0])
    assert (app / "node_modules/ms").exists() or (app / ".pnp.cjs").exists()


def test_one_without_a_lock_file_beside_that_of_another_is_not_run(tmp_path: Path) -> None:
    # As in an app that has moved from npm to yarn since it was set up.
    app = app_locked_by("yarn 4.9", tmp_path / "app")
    with pytest.raises(Refusal, match=r"yarn\.lock: this is no lock file of npm"):
        install(app, "npm")
    assert not (app / "package-lock.json").exists()


def test_a_real_lock_file_of_bun_is_refused(tmp_path: Path) -> None:
    locked = app_locked_by("bun 1", tmp_path / "locked")
    app = small_app(tmp_path / "app", git=False)
    (app / "yarn.lock").unlink()
    shutil.copyfile(locked / "bun.lock", app / "bun.lock")
    with pytest.raises(Refusal, match=r"it has bun\.lock, and Redwood and Cedar run with yarn"):
        find_app(app)


def test_corepack_runs_the_one_that_package_json_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_locked_by("yarn 3", tmp_path / "app")
    (app / "package.json").write_text(
        json.dumps({"packageManager": "yarn@3.8.5", "dependencies": {"ms": "2.1.3"}})
    )
    for name, value in node_environment().items():
        monkeypatch.setenv(name, value)
    corepack = shutil.which("corepack")
    assert corepack
    yarn_1 = program("yarn 1")
    monkeypatch.setenv("PATH", f"{yarn_1}:{Path(corepack).parent}")
    install(app, "yarn")
    assert "2.1.3" in (app / "yarn.lock").read_text()
    assert json.loads((app / "package.json").read_text())["packageManager"] == "yarn@3.8.5"


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("typescript", "sdk"),
    [("5.6.2", "~3.41.0"), ("5.8.3", "^3.54.2"), ("5.9.3", "^4.24.0")],
)
def test_npm_resolves_the_sdk_beside_the_typescript_of_the_api_side(
    typescript: str, sdk: str, tmp_path: Path
) -> None:
    answers = {
        "package_manager": "npm",
        "typescript_version": typescript,
        "sdk_major": 4 if sdk.startswith("^4") else 3,
    }
    assert sdk_version(answers) == sdk
    assert npm_resolves(tmp_path, {"typescript": typescript, "inngest": sdk})


@pytest.mark.nightly
def test_npm_does_not_resolve_the_newest_sdk_3_there(tmp_path: Path) -> None:
    # If this fails, SDK_3_FOR_OLD_TYPESCRIPT is no longer needed.
    assert not npm_resolves(tmp_path, {"typescript": "5.6.2", "inngest": "^3.54.2"})


def npm_resolves(app: Path, packages: dict[str, str]) -> bool:
    (app / "api").mkdir()
    (app / "package.json").write_text(json.dumps({"private": True, "workspaces": ["api"]}))
    api = {"name": "api", "version": "0.0.0", "dependencies": packages}
    (app / "api/package.json").write_text(json.dumps(api))
    options = ("--package-lock-only", "--no-audit", "--no-fund")
    result = subprocess.run(
        ["npm", "install", *options], cwd=app, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0 or "ERESOLVE" in result.stderr
    return result.returncode == 0
