"""TypeScript that others wrote: the sources that some npm packages publish."""

from __future__ import annotations

from pathlib import Path

from .cache import npm_packages

_PACKAGES = {
    "rxjs": "7.8.1",
    "immer": "10.1.1",
    "@tanstack/query-core": "5.62.7",
    "@reduxjs/toolkit": "2.5.0",
    "@tanstack/table-core": "8.20.5",
    "@trpc/server": "10.45.2",
}


def published_sources() -> list[Path]:
    """The files, about 600, in a fixed order."""
    packages = npm_packages("typescript-sources", _PACKAGES)
    return [
        path
        for path in sorted(packages.glob("node_modules/**/*.ts*"))
        if path.suffix in {".ts", ".tsx"} and not path.name.endswith(".d.ts")
    ]
