"""One migration of copier.yml: Copier runs it by name in the folder of an app that is updated."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from redwood_inngest.errors import Refusal
from redwood_inngest.flows.updated_app import UpdatedApp

# Copier runs this from a clone of the template that it makes for one update, and then deletes.
SHARED = Path(__file__).parents[1] / ".shared-by-migrations"


def main(name: str, answers_file: str) -> int:
    """Run the migration; the exit code says whether that went well."""
    try:
        import_module(f"redwood_inngest.flows.migrations.{name}").migrate(
            UpdatedApp(Path.cwd(), answers_file, SHARED)
        )
    except Refusal as refusal:
        print(f"redwood-inngest: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
