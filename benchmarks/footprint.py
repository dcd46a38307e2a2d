"""Point 8: what starting the process costs, and how large each bot is on disk."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from benchmarks.bots import HERE, PEERS, ROOT
from benchmarks.figures import Figure
from benchmarks.older import LOAD_CAPABILITIES, Older

POINT = 8
PYTHONS = {"minga": sys.executable, "nio": sys.executable, "maubot": str(PEERS)}
LOAD = {
    "minga": LOAD_CAPABILITIES,
    "nio": "import nio",
    "maubot": "import maubot, mautrix.crypto, aiosqlite",
}
TIMED = """
import time
began = time.perf_counter()
{}
print(time.perf_counter() - began)
"""
"""Prints last the seconds that something takes in a Python that has started."""
PACKAGES = {"minga": "minga", "nio": "matrix-nio[e2e]", "maubot": "maubot[encryption]"}
SIZE = """
import re, sys
from importlib.metadata import distribution, PackageNotFoundError
def needs(name, extras):
    for line in distribution(name).requires or ():
        wanted, _, marker = line.partition(";")
        if "extra" in marker and not any(e in marker for e in extras):
            continue
        yield wanted
seen, left = set(), [sys.argv[1]]
while left:
    found = re.match(r"([\\w.-]+)(?:\\[([\\w,-]*)\\])?", left.pop())
    name, extras = found[1].lower(), (found[2] or "").split(",")
    try:
        distribution(name)
    except PackageNotFoundError:
        continue
    if (name, *extras) not in seen:
        seen.add((name, *extras))
        left += needs(name, [e for e in extras if e])
print(sum(
    path.locate().stat().st_size
    for name in {one[0] for one in seen}
    for path in distribution(name).files or ()
    if path.locate().is_file() and path.suffix != ".pyc"
))
"""
"""Prints the bytes of a package and of all that it needs, as installed, without compiled caches."""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds of a process from its start to its end, of its imports, and of the processor."""

    wall: float
    imports: float
    cpu: float


async def measure(rounds: int, older: Older | None = None) -> list[Figure]:
    """Measure imports in turns, and the size of what is installed."""
    starts = {name: (python, LOAD[name]) for name, python in PYTHONS.items()}
    if older is not None:
        starts[older.name] = str(older.python), LOAD_CAPABILITIES
    took: dict[str, list[Start]] = {name: [] for name in starts}
    for turn in range(1 + rounds):  # the first one compiles
        for name, start in starts.items():
            one = await run_timed(*start)
            if turn:
                took[name].append(one)

    def each(value: Callable[[Start], float]) -> dict[str, list[float]]:
        return {name: [1000 * value(one) for one in ones] for name, ones in took.items()}

    sizes = {name: [await _size(python, PACKAGES[name])] for name, python in PYTHONS.items()}
    sizes["minga"][0] += sum(_tree(ROOT / folder) for folder in ("bot", "commands", "storage"))
    return [
        Figure(POINT, "start of the process with all imports", "ms", each(attrgetter("wall"))),
        Figure(POINT, "its imports alone", "ms", each(attrgetter("imports"))),
        Figure(POINT, "its processor time", "ms", each(attrgetter("cpu"))),
        Figure(POINT, "size of what is installed", "MiB", sizes),
    ]


async def run_timed(python: str, load: str) -> Start:
    """Start a Python that loads something and ends."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(python, "-c", TIMED.format(load)), cwd=HERE, stdout=asyncio.subprocess.PIPE
    )
    said, _errors = await process.communicate()
    assert process.returncode == 0, load
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Start(wall, float(said.splitlines()[-1]), cpu)


async def _size(python: str, package: str) -> float:
    process = await asyncio.create_subprocess_exec(
        *(python, "-c", SIZE, package), stdout=asyncio.subprocess.PIPE
    )
    said, _errors = await process.communicate()
    assert process.returncode == 0, package
    return int(said) / 2**20


def _tree(folder: Path) -> float:
    """Return the MiB of our own files: an editable installation lists none of them."""
    files = (path for path in folder.rglob("*") if path.is_file())
    kept = (f for f in files if "__pycache__" not in f.parts and "tests" not in f.parts)
    return sum(file.stat().st_size for file in kept) / 2**20
