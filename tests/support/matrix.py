"""The apps of the matrix: each framework in each language, with packages that a case links in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cache import cached, npm_packages
from .cedar import become_cedar, cedar_app, cedar_environment, configure_eslint
from .node import NodeProcess
from .redwood import commit, javascript_sources, redwood_app, run

STAND_IN = Path(__file__).with_name("envelop_plugin_inngest")
# What the npm package pins comes with errors in its own declarations: Inngest SDK 2 needs this
# package. A `tsc` that skips libraries, as `rw type-check` and `cedar type-check` do, says none.
ERRORS_OF_THE_PACKAGE = "/node_modules/type-fest/"


@dataclass(frozen=True)
class Kind:
    """What an app is.

    Attributes:
        framework: `redwood` or `cedar`.
        language: `ts` or `js`.
    """

    framework: str
    language: str

    @property
    def scope(self) -> str:
        """The scope of the framework's packages."""
        return {"redwood": "@redwoodjs", "cedar": "@cedarjs"}[self.framework]

    def installed(self) -> Path:
        """The app in the cache that has the packages."""
        return redwood_app() if self.framework == "redwood" else cedar_app()


def sdk_packages() -> Path:
    """Both majors of the SDK, and a TypeScript that has what SDK 4 asks for, in the cache."""
    return npm_packages(
        "matrix-sdks",
        {
            "inngest3": "npm:inngest@3.54.2",
            "inngest3.41": "npm:inngest@3.41.0",
            "inngest4": "npm:inngest@4.24.0",
            "typescript": "5.9.3",
            # The one that Cedar brings, as an installation would share it: it declares globals,
            # and TypeScript takes two copies for one only where they are the same version.
            "@types/aws-lambda": "8.10.162",
        },
    )


def sdk_with_tests(major: int) -> Path:
    """The SDK at a major with the package that tests its functions, in the cache."""
    sdk, test = {3: ("3.54.2", "0.1.9"), 4: ("4.24.0", "1.0.0")}[major]
    packages = {"inngest": sdk, "@inngest/test": test, "@types/aws-lambda": "8.10.162"}
    return npm_packages(f"sdk-{major}-with-tests", {**packages, "typescript": "5.9.3"})


def plugin_package() -> Path:
    """The stand-in for the npm package of the plugin, with the packages that this pins."""
    packages = {
        "@envelop/core": "4.0.0",
        "@types/fast-redact": "3.0.2",
        "inngest": "2.1.0",
        "typescript": "5.9.3",  # a peer of the SDK
    }
    recipe = [packages, {file.name: file.read_text() for file in sorted(STAND_IN.iterdir())}]

    def make(folder: Path) -> None:
        modules = npm_packages("matrix-plugin", packages) / "node_modules"
        run(["cp", "-al", str(modules), str(folder / "node_modules")], folder)
        shutil.copytree(STAND_IN, folder / "node_modules" / "envelop-plugin-inngest")

    return cached("matrix-plugin-package", recipe, make) / "node_modules" / "envelop-plugin-inngest"


@dataclass
class MatrixApp:
    """An app, and its own tools in one process."""

    kind: Kind
    folder: Path
    tools: NodeProcess = field(init=False)

    def __post_init__(self) -> None:
        make_app(self.kind, self.folder)
        framework = self.kind.framework
        environment = cedar_environment(self.folder) if framework == "cedar" else {}
        self.tools = NodeProcess("app_tools.cjs", self.folder, **environment)

    def reset(self) -> None:
        """Make it the app that it was, with no package of a case."""
        run(["git", "reset", "--hard", "--quiet"], self.folder)
        run(["git", "clean", "-fdq"], self.folder)
        shutil.rmtree(self.folder / "api" / "node_modules", ignore_errors=True)

    def link(self, name: str, package: Path) -> None:
        """Put a package where the api side finds it, as an installation would."""
        link = self.folder / "api" / "node_modules" / name
        link.parent.mkdir(exist_ok=True, parents=True)
        link.symlink_to(package)

    def changed_files(self) -> list[str]:
        """The files that Git sees as changed or new."""
        options = ["--others", "--modified", "--exclude-standard"]
        listed = run(["git", "ls-files", *options], self.folder).splitlines()
        return [file for file in listed if (self.folder / file).exists()]

    def type_check_before(self, typescript: Path, folder: str = "api") -> None:
        """Have `tsc` check the app as it came, once for each TypeScript and configuration."""
        self.tools.call("typeCheckBefore", str(typescript), self._type_check_config(folder))

    def new_diagnostics(self, typescript: Path, folder: str = "api") -> list[str]:
        """What `tsc` says of the api side now, and did not say of the app as it came."""
        config = self._type_check_config(folder)
        said: list[str] = self.tools.call("newDiagnostics", str(typescript), config)
        return said

    def lint(self, files: list[str], *, with_prettier: bool = True) -> list[str]:
        """What the app's ESLint configuration says of files, warnings included."""
        said: list[str] = self.tools.call("lint", files, with_prettier)
        return said

    def unformatted(self, files: list[str]) -> list[str]:
        """The files that Prettier would write otherwise."""
        said: list[str] = self.tools.call("unformatted", self.kind.scope, files)
        return said

    def build(self, *modules: str) -> Any:
        """Build the api side; what is wrong, and what these modules of it export."""
        return self.tools.call("build", self.kind.scope, modules)

    def _type_check_config(self, folder: str) -> str:
        """What the app has for it: a JavaScript app has a jsconfig.json, which editors read."""
        name = {"ts": "tsconfig.json", "js": "jsconfig.json"}[self.kind.language]
        return str(self.folder / folder / name)


def make_app(kind: Kind, folder: Path) -> None:
    """Make the app; its node_modules is that of the installed one, which nothing here changes."""
    installed = kind.installed()
    sources = installed if kind.language == "ts" else javascript_sources()
    shutil.copytree(sources, folder, ignore=shutil.ignore_patterns("node_modules"))
    if kind.language == "js" and kind.framework == "cedar":
        become_cedar(folder)
    for name in ("package.json", "yarn.lock", "package-lock.json"):
        if (installed / name).exists():
            shutil.copyfile(installed / name, folder / name)
    if kind.framework == "cedar":
        configure_eslint(folder)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    ignored = folder / ".gitignore"
    ignored.write_text(f"{ignored.read_text()}\nnode_modules\n")
    commit(folder, "The app")
