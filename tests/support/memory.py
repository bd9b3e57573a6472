"""Temporary folders in memory, where a machine has room there: tests write many small files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# Where Linux has a file system in memory.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 2 * 2**30


def folder_in_memory() -> Path | None:
    """The folder in memory that temporary folders can be made in.

    Returns:
        The folder; None where there is none, where it is small, or where no program in it can be
        run, as in a container of Docker.
    """
    if not os.access(MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return None if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC else MEMORY
