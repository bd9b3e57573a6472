"""The npm packages of an app: what its manifests name, and which versions it really has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import Refusal, UnknownGlob
from .files import read_json, read_yaml
from .globs import glob_pattern
from .lock_files import locked_version

MANAGERS = ("yarn", "npm", "pnpm")
LOCK_FILES = {
    "yarn.lock": "yarn",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "pnpm-lock.yaml": "pnpm",
}
# Bun installs the packages of a Redwood or Cedar app, and then their commands start yarn in it.
_FOREIGN_LOCK_FILES = {"bun.lock": "bun", "bun.lockb": "bun"}


def repository_of(root: Path) -> Path:
    """The Git repository that an app is in; the app's own folder where it is in none."""
    folders = (root, *root.parents)
    return next((folder for folder in folders if (folder / ".git").exists()), root)


def installed(root: Path, start: Path, package: str) -> dict[str, Any]:
    """The package.json of a package as Node resolves it.

    Args:
        root: The app's folder; what lies above its repository is not looked at.
        start: The folder that the package is imported from.
        package: The package's name.

    Returns:
        Its package.json; empty where the package is not installed.

    Raises:
        Refusal: That file cannot be read.
    """
    folder = resolved(root, start, package)
    return read_json(folder / "package.json") if folder else {}


def resolved(root: Path, start: Path, package: str) -> Path | None:
    """The folder of a package as Node resolves it, links followed; None where it is not installed.

    Args:
        root: The app's folder; what lies above its repository is not looked at.
        start: The folder that the package is imported from.
        package: The package's name.
    """
    for folder in up_to(start, repository_of(root)):
        found = folder / "node_modules" / package
        if (found / "package.json").is_file():
            return found.resolve()
    return None


def version_of(root: Path, start: Path, package: str) -> str:
    """The version of a package: as installed, as locked, or the first that its range allows.

    Args:
        root: The app's folder.
        start: The folder that the package is imported from.
        package: The package's name.

    Returns:
        The version, such as `5.6.2`; empty where there is none.

    Raises:
        Refusal: A package.json cannot be read.
    """
    version = installed(root, start, package).get("version")
    if isinstance(version, str):
        return version
    manifests = (folder / "package.json" for folder in (start, root))
    asked = next(filter(None, (named_packages(one).get(package) for one in manifests)), "")
    return _locked(root, start, package, asked) or _first_version(asked)


def _locked(root: Path, start: Path, package: str, asked: str) -> str:
    for folder in up_to(root, repository_of(root)):
        for lock in filter(Path.is_file, (folder / name for name in LOCK_FILES)):
            side = start.relative_to(folder).as_posix()
            if version := locked_version(lock, package, side, asked):
                return version
    return ""


def _first_version(asked: str) -> str:
    """The first version that a range allows."""
    found = re.search(r"\d+(\.\d+)*", asked)
    return found[0] if found else ""


def named_packages(manifest: Path) -> dict[str, str]:
    """The packages that a package.json depends on, with their ranges of versions.

    Raises:
        Refusal: The file cannot be read.
    """
    content = read_json(manifest)
    kinds = (content.get("devDependencies"), content.get("dependencies"))
    return {
        name: str(version)
        for kind in kinds
        if isinstance(kind, dict)
        for name, version in kind.items()
    }


def catalogued(root: Path, package: str, asked: str) -> str:
    """The range of versions that `catalog:` stands for; any other range as it is.

    Args:
        root: The app's folder.
        package: The package's name.
        asked: The range that a package.json asks for.

    Returns:
        The range in the catalog of pnpm (https://pnpm.io/catalogs) or of yarn
        (https://yarnpkg.com/features/catalogs); as it is where that has none.

    Raises:
        Refusal: The file with the catalog cannot be read.
    """
    kind, is_catalog, name = asked.partition(":")
    if kind != "catalog" or not is_catalog:
        return asked
    for folder in up_to(root, repository_of(root)):
        for file in (folder / "pnpm-workspace.yaml", folder / ".yarnrc.yml"):
            content = read_yaml(file) if file.is_file() else None
            catalogs = content if isinstance(content, dict) else {}
            named = (catalogs.get("catalogs") or {}).get(name.strip() or "default")
            for catalog in (named, None if name.strip() else catalogs.get("catalog")):
                if isinstance(catalog, dict) and package in catalog:
                    return str(catalog[package])
    return asked


def package_manager_of(root: Path) -> tuple[str, list[str]]:
    """The package manager: as package.json names it, or by its lock file.

    Both may lie above the app, where the app is part of a larger workspace.

    Returns:
        Its name, and a note where nothing tells it and one is assumed.

    Raises:
        Refusal: Redwood and Cedar do not run with it, the files contradict each other, or a
            package.json cannot be read.
    """
    for folder in up_to(root, repository_of(root)):
        locks = {
            name: manager
            for name, manager in (LOCK_FILES | _FOREIGN_LOCK_FILES).items()
            if (folder / name).is_file()
        }
        manager = _named_manager(folder / "package.json", locks) or _locked_manager(folder, locks)
        if not manager and (folder / "pnpm-workspace.yaml").is_file():
            manager = "pnpm"
        if manager:
            return manager, []
    note = "no lock file and no package.json tells the package manager: yarn is assumed."
    return "yarn", [note]


def _locked_manager(folder: Path, locks: Mapping[str, str]) -> str:
    """The package manager whose lock files a folder has; empty where it has none."""
    found = sorted(set(locks.values()))
    if len(found) > 1:
        raise Refusal(
            f"the app has lock files of {' and '.join(found)}: remove those not in use, or "
            'name the package manager in package.json ("packageManager").'
        )
    for manager in found:
        _check_supported(manager, f"it has {min(locks)}", folder)
    return found[0] if found else ""


def _named_manager(manifest: Path, locks: Mapping[str, str]) -> str:
    """The package manager that a package.json names; empty where it names none.

    `packageManager` is what corepack reads (https://nodejs.org/api/packages.html#packagemanager),
    `devEngines` what npm and pnpm read (https://docs.npmjs.com/cli/configuring-npm/package-json).
    """
    content = read_json(manifest) if manifest.is_file() else {}
    engines = content.get("devEngines")
    allowed = engines.get("packageManager") if isinstance(engines, dict) else None
    named = {
        "packageManager": [str(content.get("packageManager") or "").partition("@")[0]],
        "devEngines.packageManager": [
            str(one.get("name") or "")
            for one in (allowed if isinstance(allowed, list) else [allowed])
            if isinstance(one, dict)
        ],
    }
    named = {field: names for field, names in named.items() if any(names)}
    if not named:
        return ""
    common = [name for name in MANAGERS if all(name in names for names in named.values())]
    shown = " and ".join(f"{field} is {' or '.join(names)}" for field, names in named.items())
    if not common:
        one = {name for names in named.values() for name in names}
        if one.isdisjoint(MANAGERS):
            _check_supported("", shown, manifest)
        raise Refusal(f"{shown}: name one package manager.", path=str(manifest))
    fitting = [name for name in common if name in locks.values()]
    if locks and not fitting:
        raise Refusal(
            f"{shown}, and what is there is {' and '.join(sorted(locks))}: remove the lock file "
            "that is not in use, or name the package manager that wrote it.",
            path=str(manifest),
        )
    return (fitting or common)[0]


def _check_supported(manager: str, found: str, place: Path) -> None:
    if manager not in MANAGERS:
        raise Refusal(
            f"{found}, and Redwood and Cedar run with yarn, npm and pnpm only (Redwood's own "
            "apps have yarn): install the app with one of these, and remove what the other left.",
            path=str(place),
        )


def has_workspace(root: Path, api_path: str) -> bool:
    """Whether an installation in the app's folder, or above it, reaches the api side.

    Raises:
        Refusal: A package.json, or pnpm's list of workspaces, cannot be read.
    """
    api = root / api_path
    return any(
        _is_workspace(api.relative_to(folder).as_posix(), _workspaces(folder))
        for folder in up_to(root, repository_of(root))
    )


def _workspaces(folder: Path) -> list[str]:
    """The globs of the workspaces that a folder is the root of."""
    manifest, pnpm = folder / "package.json", folder / "pnpm-workspace.yaml"
    named = read_json(manifest).get("workspaces") if manifest.is_file() else None
    of_pnpm = read_yaml(pnpm) if pnpm.is_file() else None
    found = [one.get("packages") if isinstance(one, dict) else one for one in (named, of_pnpm)]
    return [str(glob) for globs in found if isinstance(globs, list) for glob in globs]


def _is_workspace(path: str, globs: list[str]) -> bool:
    """Whether globs match a folder, and none that begins with `!` excludes it again."""
    matching = [glob for glob in globs if _speaks_of(glob.removeprefix("!"), path)]
    return bool(matching) and not any(glob.startswith("!") for glob in matching)


def _speaks_of(glob: str, path: str) -> bool:
    try:
        return bool(glob_pattern(glob.removeprefix("./").rstrip("/")).match(path))
    except UnknownGlob:
        return False


def up_to(start: Path, top: Path) -> Iterator[Path]:
    """A folder and those above it, as far as another one."""
    for folder in (start, *start.parents):
        yield folder
        if folder == top:
            return
