"""The code style of a file that is named on the command line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..app.find import find_root
from ..app.packages import repository_of
from ..app.prettier import read_prettier
from ..typescript.style import CodeStyle


@cache
def folder_style(folder: Path, name: str) -> CodeStyle:
    """The code style in a folder, by the Prettier configuration of its app.

    Args:
        folder: The folder.
        name: The name of a file in it, which the configuration may single out.
    """
    top = find_root(folder) or folder
    return read_prettier(folder, repository_of(top), name).style
