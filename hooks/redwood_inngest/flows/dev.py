"""The Inngest dev server, started for an app."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..app.config import api_config, api_port
from ..app.earlier import USUAL_ENDPOINT
from ..app.find import framework_of, root_of
from ..app.handler import answered
from ..errors import Refusal
from . import interrupted
from .own_files import dev_command

# https://www.inngest.com/docs/dev-server
_IN_DOCKER = (
    "docker run -p 8288:8288 inngest/inngest "
    "inngest dev -u http://host.docker.internal:{port}/{endpoint}"
)
# Seconds that the dev server has to end by itself.
_GRACE = 5
_INTERRUPTED = 130


@dataclass(frozen=True)
class DevServer:
    """The dev server that fits an app.

    Attributes:
        root: The app's folder.
        line: The command, as the script `inngest:dev` has it.
        in_docker: The command for the same in Docker.
        notes: Assumptions where something could not be read.
    """

    root: Path
    line: str
    in_docker: str
    notes: tuple[str, ...]


def dev_server(folder: Path) -> DevServer:
    """The dev server for an app, by the port that the app's configuration names now.

    Args:
        folder: The app's folder, or one in it.

    Raises:
        Refusal: It is no app, its configuration cannot be read, or an earlier run is unfinished.
    """
    root = root_of(folder)
    interrupted.check(root, dry_run=True)
    config = root / framework_of(root).config_file
    port, notes = api_port(api_config(config), config)
    endpoint = answered(root, "endpoint") or USUAL_ENDPOINT
    in_docker = _IN_DOCKER.format(port=port, endpoint=endpoint)
    return DevServer(root, dev_command(port, endpoint), in_docker, tuple(notes))


def run(server: DevServer) -> int:
    """Run the dev server to its end, in this terminal.

    Returns:
        Its exit code; that of an interruption where the user ended it.

    Raises:
        Refusal: Its launcher is not on this machine.
    """
    name, *arguments = shlex.split(server.line)
    program = shutil.which(name)
    if program is None:
        raise Refusal(f"{name} was not found, which comes with Node: install Node 20 or newer.")
    process = subprocess.Popen([program, *arguments], cwd=server.root)  # noqa: S603 - no shell
    try:
        code = process.wait()
    except KeyboardInterrupt:
        # The terminal has told the dev server, too.
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
        return _INTERRUPTED
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    return code if code >= 0 else 128 - code
