"""The task that Copier runs after the rendering: wires the app's own files, and installs.

`copier update` runs it in folders that hold no app, too: there it does nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from redwood_inngest.app import find_root
from redwood_inngest.install import install
from redwood_inngest.refusal import Refusal
from redwood_inngest.wiring import read_answers, wire_app


def main(operation: str, answers_file: str, installing: str) -> int:
    """Wire the app in the current folder; the exit code says whether that went well."""
    root = Path.cwd()
    if operation == "update" and find_root(root) != root:
        return 0
    try:
        answers = read_answers(root / answers_file)
        changes = wire_app(root, answers)
        undo = changes.apply()
        for change in changes.changes:
            print(f"    {change.verb:>6}  {change.path}", file=sys.stderr)
        if installing == "install" and changes.changes:
            try:
                install(root, answers["package_manager"])
            except BaseException:
                undo()
                raise
    except Refusal as refusal:
        print(f"redwood-inngest: {refusal}", file=sys.stderr)
        print("The files that Copier has just created are still there.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
