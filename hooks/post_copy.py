"""The task that Copier runs after the rendering: wires the app's own files, and installs.

`copier update` runs it in folders that hold no app, too: there it does nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from redwood_inngest.app.find import find_root
from redwood_inngest.errors import Refusal
from redwood_inngest.flows.install import install, install_folder, lock_files
from redwood_inngest.flows.summary import changes_dependencies


def main(operation: str, answers_file: str, installing: str, app_root: str = "") -> int:
    """Wire the app in the current folder; the exit code says whether that went well.

    `app_root` says where its packages are, when the folder is a copy of the app.
    """
    root = Path.cwd()
    updating = operation == "update"
    if updating and find_root(root) != root:
        return 0
    # Slow to import, and an update comes here three times, twice without an app.
    from redwood_inngest.flows.answers import read_answers
    from redwood_inngest.flows.interrupted import OF_TASK, take_back_task
    from redwood_inngest.flows.own_files import update_app, wire_app
    from redwood_inngest.flows.updated_app import former_answers
    from redwood_inngest.journal import end_with_an_exception

    end_with_an_exception()
    try:
        take_back_task(root)
        answers = read_answers(root / answers_file)
        if updating:
            former = former_answers(root, answers_file)
            changes = update_app(root, answers, former, Path(app_root or root))
        else:
            changes = wire_app(root, answers)
        wanted = installing == "install" and changes_dependencies(changes)
        folder = install_folder(root, answers)
        with changes.applied(guarded=lock_files(folder) if wanted else (), extra=OF_TASK):
            for change in changes.changes:
                print(f"    {change.verb:>6}  {change.path}", file=sys.stderr)
            if wanted:
                _install(folder, answers["package_manager"], updating=updating)
    except Refusal as refusal:
        print(f"redwood-inngest: {refusal}", file=sys.stderr)
        if not updating:
            print("The files that Copier has just created are still there.", file=sys.stderr)
        return 1
    return 0


def _install(folder: Path, package_manager: str, *, updating: bool) -> None:
    try:
        install(folder, package_manager)
    except Refusal as refusal:
        if not updating:
            raise
        # Copier would stop here, halfway, with the team's edits not merged yet.
        print(f"redwood-inngest: {refusal}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
