"""A run that was killed leaves nothing behind: no workers, and no folders in which it wrote."""

from __future__ import annotations

import ctypes
import shutil
import signal
import sys
from getpass import getuser
from pathlib import Path

_SET_DEATH_SIGNAL = 1


def end_with_parent() -> None:
    """Let this process be killed when the one that started it ends, however that ends (prctl(2)).

    What a worker has started ends with it: it reads from a pipe or a socket of the worker's.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)


def remove_left_folders(root: Path) -> None:
    """Remove the temporary folders of runs of pytest that are over and could not do it themselves.

    Each has the process id of its run in `.lock`, which pytest would respect for three days.
    """
    processes = Path("/proc")
    if not (processes / "self").exists():  # not Linux: pytest does it in three days
        return
    for lock in root.glob(f"pytest-of-{getuser()}/pytest-*/.lock"):
        owner = lock.read_text(encoding="ascii")
        if owner.isdigit() and not (processes / owner).exists():
            shutil.rmtree(lock.parent, ignore_errors=True)
