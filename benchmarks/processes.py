"""What the kernel counts of a process: processor time, memory, wake-ups. Linux only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used since it began, in seconds of the processor.

    `cpu` is of all its threads, in steps of a hundredth; `living` exactly, but only of those that
    live still.
    """

    cpu: float
    living: float
    wakeups: int


def read_usage(pid: int) -> Usage:
    """Return the use so far. Wake-ups are voluntary context switches of the living threads."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / TICKS
    tasks = list((PROC / str(pid) / "task").iterdir())
    living = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    return Usage(cpu, living, sum(_status(task, "voluntary_ctxt_switches") for task in tasks))


def forget_peak(pid: int) -> None:
    """Let the peak of memory begin anew (`man proc_pid_clear_refs`)."""
    (PROC / str(pid) / "clear_refs").write_text("5")


def read_peak(pid: int) -> float:
    """Return the most memory that was resident at once, in MiB."""
    return _status(PROC / str(pid), "VmHWM") / 1024


def read_memory(pid: int) -> float:
    """Return the memory that is resident now, in MiB."""
    return _status(PROC / str(pid), "VmRSS") / 1024


def forget_files(folder: Path) -> None:
    """Let the kernel forget what it keeps of the files in memory, but what a process has mapped."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            file = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)


def _status(folder: Path, name: str) -> int:
    for line in (folder / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise KeyError(name)
