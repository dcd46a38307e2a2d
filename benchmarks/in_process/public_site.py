"""What one more published item costs as more is public, and how long the whole folder takes.

`python -m benchmarks.in_process.public_site` prints a line for each size, and fails above the
goals. Folders of all sizes are written in turns in one process; items are read from memory.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from commands.public_site.log.folder_check import check_folder
from commands.public_site.tests.site_world import MAKERS, MemoryReader, WrittenSite

SIZES = (100, 1_000, 10_000)
ROUNDS = 100
"""Items that are published after it: a multiple of the kinds, enough for lists to turn a page."""
GOAL = 1.2
"""Times as much as at the first size."""
WHOLE_GOAL = 120.0
"""Seconds for all files of the largest folder."""


async def prepare(folder: Path, size: int) -> tuple[WrittenSite, float]:
    """Return a folder with so many items, and the seconds of the processor that it took."""
    shown = [MAKERS[n % len(MAKERS)](n) for n in range(size)]
    site = WrittenSite(folder / str(size), MemoryReader(shown))
    began = time.process_time()
    await site.write_all()
    return site, time.process_time() - began


async def measure(folder: Path) -> bool:
    """Measure, tell, and return whether the goals are kept."""
    sites: dict[int, WrittenSite] = {}
    took, whole = {size: list[float]() for size in SIZES}, 0.0
    for size in SIZES:
        sites[size], whole = await prepare(folder, size)
        click.echo(f"all of {size} items: {whole:.1f} s")
    gc.collect()
    gc.freeze()  # The items lie in memory here only; else each collection goes through all of them.
    for turn in range(ROUNDS):
        for size, site in sites.items():
            number = size + turn
            document = MAKERS[turn % len(MAKERS)](number)
            began = time.process_time()
            await site.write([site.reader.publish(document)])
            took[size].append(time.process_time() - began)
    means = {size: mean_of(times) for size, times in took.items()}
    for size, mean in means.items():
        times = mean / means[SIZES[0]]
        click.echo(f"one more among {size}: {mean * 1000:.1f} ms, {times:.2f} times")
    began = time.perf_counter()
    check = check_folder(sites[SIZES[-1]].folder)
    files = len(check.state.files)
    click.echo(f"to check all {files} files: {time.perf_counter() - began:.1f} s")
    return not check.wrong and means[SIZES[-1]] <= GOAL * means[SIZES[0]] and whole <= WHOLE_GOAL


def mean_of(times: list[float]) -> float:
    """Return what one item costs: of rounds through all kinds the median, as others run too."""
    kinds = len(MAKERS)
    return statistics.median(
        statistics.mean(times[first : first + kinds]) for first in range(0, len(times), kinds)
    )


def main() -> None:
    """Measure, and fail above the goals."""
    with TemporaryDirectory() as folder:
        kept = asyncio.run(measure(Path(folder)))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
