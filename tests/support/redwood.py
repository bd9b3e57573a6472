"""Real Redwood apps: the one inside the npm package `create-redwood-app`, installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from .cache import cached

REDWOOD = "8.9.0"

# What a team has that we set up: a handler without Prisma, whose engines come from a host that
# is not an npm registry, and posts in memory.
HANDLER = """\
import { createGraphQLHandler } from '@redwoodjs/graphql-server'

import directives from 'src/directives/**/*.{js,ts}'
import sdls from 'src/graphql/**/*.sdl.{js,ts}'
import services from 'src/services/**/*.{js,ts}'

import { logger } from 'src/lib/logger'

export const handler = createGraphQLHandler({
  loggerConfig: { logger, options: {} },
  directives,
  sdls,
  services,
})
"""
POSTS_SDL = """\
export const schema = gql`
  type Post {
    id: Int!
    title: String!
  }

  type Query {
    post(id: Int!): Post @skipAuth
  }

  type Mutation {
    createPost(title: String!): Post! @skipAuth
  }
`
"""
POSTS_SERVICE = """\
const all = [{ id: 1, title: 'First' }]

export const post = ({ id }: { id: number }) => all.find((each) => each.id === id)

export const createPost = ({ title }: { title: string }) => {
  const created = { id: all.length + 1, title }
  all.push(created)
  return created
}
"""


def node_environment() -> dict[str, str]:
    """The environment for the app's own commands: npm's registry for yarn too, no telemetry."""
    return {
        **os.environ,
        "COREPACK_NPM_REGISTRY": _registry(),
        "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
        "YARN_NPM_REGISTRY_SERVER": _registry(),
        "YARN_ENABLE_IMMUTABLE_INSTALLS": "false",
        "REDWOOD_DISABLE_TELEMETRY": "1",
    }


@cache
def _registry() -> str:
    command = ["npm", "config", "get", "registry"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return printed.strip().rstrip("/")


def redwood_app() -> Path:
    """The TypeScript app of `create-redwood-app`, installed with yarn, in the cache."""
    recipe = [REDWOOD, HANDLER, POSTS_SDL, POSTS_SERVICE]

    def make(folder: Path) -> None:
        unpack(folder, "ts")
        run(["corepack", "yarn", "install"], folder)

    return cached("redwood-app", recipe, make)


def javascript_sources() -> Path:
    """The JavaScript app of `create-redwood-app`, not installed, in the cache."""
    recipe = [REDWOOD, HANDLER, POSTS_SDL, POSTS_SERVICE]
    return cached("redwood-javascript", recipe, lambda folder: unpack(folder, "js"))


def unpack(folder: Path, language: str) -> None:
    """Make the app of `create-redwood-app` in `ts` or `js`, without its packages."""
    subprocess.run(
        ["npm", "pack", "--silent", f"create-redwood-app@{REDWOOD}"], cwd=folder, check=True
    )
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()
    shutil.copytree(folder / "package" / "templates" / language, folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "package")
    (folder / "gitignore.template").rename(folder / ".gitignore")
    manifest = json.loads((folder / "package.json").read_text())
    del manifest["resolutions"]  # it points outside the npm registry
    (folder / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
    source = folder / "api" / "src"
    (source / "functions" / f"graphql.{language}").write_text(HANDLER)
    (source / "graphql" / f"posts.sdl.{language}").write_text(POSTS_SDL)
    (source / "services" / "posts").mkdir()
    service = POSTS_SERVICE if language == "ts" else re.sub(r": \{.*? \}\)", ")", POSTS_SERVICE)
    (source / "services" / "posts" / f"posts.{language}").write_text(service)


def copy_app(app: Path, destination: Path) -> Path:
    """Copy an installed app and commit it; the packages are hard links, which takes 2 s."""
    shutil.copytree(app, destination, symlinks=True, ignore=shutil.ignore_patterns("node_modules"))
    _link_packages(app, destination)
    commit(destination, "The app")
    return destination


# What yarn and pnpm write in place, and may so not be a link to the cache.
_STATES = (".yarn-state.yml", ".modules.yaml", ".pnpm-workspace-state-v1.json", ".pnpm/lock.yaml")


def _link_packages(app: Path, destination: Path) -> None:
    for modules in (app / "node_modules", app / "api/node_modules", app / "web/node_modules"):
        if modules.exists():
            target = destination / modules.relative_to(app)
            run(["cp", "-al", str(modules), str(target)], destination)
            for state in filter(Path.exists, (target / name for name in _STATES)):
                state.unlink()
                shutil.copyfile(modules / state.relative_to(target), state)


def commit(folder: Path, message: str) -> None:
    """Commit everything in a folder, which becomes a repository first if it is none."""
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        run(["git", "init", "--quiet"], folder)
    run(["git", "add", "--all"], folder)
    run(["git", *author, "commit", "--quiet", "--message", message], folder)


def run(command: list[str], folder: Path, **environment: str) -> str:
    """Run a command in a folder; its standard output. A failure shows all that it printed."""
    result = subprocess.run(
        command,
        cwd=folder,
        env={**node_environment(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise AssertionError(f"{command} failed:\n{result.stdout}\n{result.stderr}")
    return result.stdout


@contextmanager
def api_server(
    app: Path,
    log: Path,
    program: str = "rw-server",
    arguments: Sequence[str] = ("api",),
    ready: str = "/graphql/health",
    **environment: str,
) -> Iterator[str]:
    """Run the app's built api side with Redwood's own server.

    Args:
        app: The app, built.
        log: The file that gets what the server prints.
        program: The server's program in `node_modules/.bin`.
        arguments: What it is started with; `PORT` stands for the port, and the environment has it.
        ready: The path at which it answers when it is up.
        environment: What to add to the environment.

    Yields:
        The URL at which it answers.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = {"REDWOOD_API_HOST": "127.0.0.1", "REDWOOD_API_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                str(app / "node_modules/.bin" / program),
                *(str(port) if argument == "PORT" else argument for argument in arguments),
            ],
            cwd=app,
            env={**node_environment(), **address, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            wait_for(f"{url}{ready}", process, log)
            yield url
        finally:
            # pnpm's commands are shell scripts, which a signal ends without the server in them.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server that was started answers at a URL.

    Raises:
        AssertionError: It ended, or took longer than a minute; its log is the message.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the api server does not answer:\n{log.read_text()}")


def files_of(app: Path) -> dict[str, bytes]:
    """The content of all files that Git would see, by path."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], app)
    paths = [path for path in listed.split("\0") if path and (app / path).exists()]
    return {path: (app / path).read_bytes() for path in paths}
