"""Records the README's terminal session, docs/session.svg, from a real run: `make docs`.

The commands run in a pseudo-terminal on a small app. Whatever they ask is answered with Enter.
"""

from __future__ import annotations

import html
import json
import os
import shutil
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path
from typing import Any

import pexpect
import pyte

from tests.support.apps import small_app, write
from tests.support.redwood import commit
from tests.support.template import committed_template

PICTURE = Path(__file__).parents[1] / "docs" / "session.svg"
COMMANDS = (
    "redwood-inngest setup --no-install",
    "redwood-inngest events",
    "redwood-inngest generate function sendReceipt --on PlaceOrder --no-install",
)
COLUMNS, ROWS = 80, 28
# Seconds of silence after which a command waits for a line.
_PATIENCE = 5
# Where the package is said to be from: a public place, so that nothing is said about a local one.
PUBLIC = "https://git.example/redwood-inngest.git"

SDL = """\
export const schema = gql`
  type Order {
    id: Int!
    total: Float!
  }

  input PlaceOrderInput {
    email: String!
    cardNumber: String
  }

  type Query {
    order(id: Int!): Order @requireAuth
  }

  type Mutation {
    placeOrder(input: PlaceOrderInput!): Order! @requireAuth
  }
`
"""
OPERATIONS = """\
export const PLACE = gql`
  mutation PlaceOrder($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      id
    }
  }
`

export const FIND = gql`
  query FindOrder($id: Int!) {
    order(id: $id) {
      id
      total
    }
  }
`
"""


class Terminal(pyte.Screen):
    """A screen that answers what a program asks it: where the cursor is."""

    child: Any = None

    def write_process_input(self, data: str) -> None:
        """Send an answer; the name is pyte's."""
        if self.child:
            self.child.send(data)


class Recorder:
    """Plays commands into a terminal of its own, and keeps what it shows.

    Args:
        app: The app that they run in.
        environment: The environment that they run with.
    """

    def __init__(self, app: Path, environment: Mapping[str, str]) -> None:
        self._app = app
        self._environment = environment
        self._screen = Terminal(COLUMNS, ROWS)
        self._whole = pyte.Screen(COLUMNS, 1000)
        self._streams = [pyte.Stream(self._screen), pyte.Stream(self._whole)]
        # Each frame is the rows of the screen, each row its characters.
        self.frames: list[list[list[Any]]] = []

    def text(self) -> str:
        """All that was shown, as text."""
        rows = (row.rstrip() for row in self._whole.display)
        return "\n".join(rows).rstrip() + "\n"

    def play(self, command: str) -> None:
        """Type a command, run it to its end, and press Enter whenever it waits for a key."""
        self._screen.reset()
        self._show(f"\x1b[32m$\x1b[0m {command}\r\n")
        child = pexpect.spawn(
            command,
            cwd=str(self._app),
            env=dict(self._environment),
            dimensions=(ROWS, COLUMNS),
            encoding="utf-8",
        )
        self._screen.child = child
        while self._read_until_it_waits(child):
            self._keep()
            child.send("\r")
        self._screen.child = None
        child.close()
        if child.exitstatus:
            raise SystemExit(f"{command} ended with {child.exitstatus}:\n{self.text()}")
        self._keep()
        self._show("\r\n")

    def _read_until_it_waits(self, child: Any) -> bool:
        """Show what a command prints; whether it waits for a key now, and has not ended."""
        silent = 0
        while True:
            try:
                self._show(child.read_nonblocking(65536, timeout=1))
                silent = 0
            except pexpect.EOF:
                return False
            except pexpect.TIMEOUT:
                silent += 1
                # A prompt takes keys one by one; one that takes lines is known by its silence.
                takes_keys = not termios.tcgetattr(child.child_fd)[3] & termios.ICANON
                if takes_keys or silent > _PATIENCE:
                    return True

    def _show(self, text: str) -> None:
        text = text.replace(str(self._app.parent), "~")
        for stream in self._streams:
            stream.feed(text)

    def _keep(self) -> None:
        rows = [[self._screen.buffer[row][at] for at in range(COLUMNS)] for row in range(ROWS)]
        if not self.frames or self.frames[-1] != rows:
            self.frames.append(rows)


def record() -> Recorder:
    """Run the commands in an app that is made for it."""
    folder = Path(tempfile.mkdtemp(prefix="redwood-", dir="/tmp")).resolve()
    try:
        app = small_app(folder / "my-shop")
        write(app / "api/src/graphql/orders.sdl.ts", SDL)
        write(app / "web/src/lib/orders.ts", OPERATIONS)
        commit(app, "Orders")
        template = committed_template(folder / "template")
        recorder = Recorder(app, _environment(folder, template))
        for command in COMMANDS:
            recorder.play(command)
        return recorder
    finally:
        shutil.rmtree(folder)


def _environment(folder: Path, template: Path) -> dict[str, str]:
    """The environment of an installation from a public Git URL, which Git finds in a folder."""
    record = folder / "site" / "redwood_inngest-0.dist-info"
    write(record / "METADATA", distribution("redwood-inngest").read_text("METADATA") or "")
    vcs = {"vcs": "git", "commit_id": "HEAD"}
    write(record / "direct_url.json", json.dumps({"url": PUBLIC, "vcs_info": vcs}))
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}",
        "PYTHONPATH": str(record.parent),
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "PAGER": "cat",
        "LANG": "C.UTF-8",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{template}.insteadOf",
        "GIT_CONFIG_VALUE_0": PUBLIC,
    }


# The picture

_SECONDS = 2.5
_CELL, _LINE, _PADDING = 8.43, 19, 16
_PALETTE = {
    "default": "#d4d4d4",
    "black": "#808080",
    "red": "#f48771",
    "green": "#89d185",
    "brown": "#e5c07b",
    "blue": "#75beff",
    "magenta": "#d7a1f9",
    "cyan": "#4ec9d4",
    "white": "#ffffff",
}


def picture(recorder: Recorder) -> str:
    """The session as SVG: one frame after the other, for ever; the last where nothing may move."""
    width = round(COLUMNS * _CELL + 2 * _PADDING)
    height = ROWS * _LINE + 2 * _PADDING
    count = len(recorder.frames)
    frames = "".join(_frame(rows, at * height) for at, rows in enumerate(recorder.frames))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">
<title>redwood-inngest in a terminal</title>
<desc>{html.escape(recorder.text())}</desc>
<style>
text {{ font: 14px ui-monospace, Menlo, Consolas, monospace; white-space: pre; fill: #d4d4d4 }}
#film {{ animation: play {count * _SECONDS:g}s steps({count}) infinite }}
@keyframes play {{ to {{ transform: translateY(-{count * height}px) }} }}
@media (prefers-reduced-motion) {{
#film {{ animation: none; transform: translateY(-{(count - 1) * height}px) }}
}}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#1e1e1e"/>
<g id="film">
{frames}</g>
</svg>
"""


def _frame(rows: list[list[Any]], top: int) -> str:
    lines = ""
    for number, row in enumerate(rows):
        spans = "".join(_spans(row))
        if spans:
            y = top + _PADDING + (number + 1) * _LINE - 5
            lines += f'<text y="{y}">{spans}</text>\n'
    return lines


def _spans(row: list[Any]) -> Iterator[str]:
    """The runs of one style in a row, each at its own column."""
    at = 0
    for (colour, bold), run in groupby(row, lambda cell: (cell.fg, cell.bold)):
        text = "".join(cell.data for cell in run)
        x = _PADDING + at * _CELL
        at += len(text)
        if text.strip():
            style = "" if colour == "default" else f' fill="{_PALETTE.get(colour, f"#{colour}")}"'
            style += ' font-weight="bold"' if bold else ""
            yield f'<tspan x="{x:.4g}"{style}>{html.escape(text.rstrip())}</tspan>'


if __name__ == "__main__":
    PICTURE.write_text(picture(record()))
