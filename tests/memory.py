"""Files in memory: what tests write is gone after them, and no disk need keep it."""

from __future__ import annotations

import os
import shutil
from collections.abc import MutableMapping
from pathlib import Path

MEMORY, ENOUGH = Path("/dev/shm"), 1024**3  # noqa: S108 - folders of our own are made in it


def has_room(memory: Path = MEMORY, enough: int = ENOUGH) -> bool:
    """Return whether files fit into the memory, from which programs can be started too."""
    if not memory.is_dir() or shutil.disk_usage(memory).free < enough:
        return False
    return not os.statvfs(memory).f_flag & os.ST_NOEXEC


def keep_files_in_memory(environment: MutableMapping[str, str], memory: Path = MEMORY) -> None:
    """Let pytest make its temporary folders there, unless somebody chose another place."""
    if has_room(memory):
        environment.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
