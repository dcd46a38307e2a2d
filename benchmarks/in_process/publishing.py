"""What one more published item costs with the database, and how long a whole folder takes.

`python -m benchmarks.in_process.publishing` prints a line for each size, and fails above the goals.
It is the processor's time from the change to the written folder: pages, log, files and books.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog

from bot.capability.room_policy import PublicFolder
from bot.run.app import features
from bot.testing.talk import Talk
from commands.public_site.log.folder_check import check_folder
from commands.public_site.tests.site_world import CSV, MAKERS, signed_file
from storage.database import Tx

SIZES = (100, 10_000)
ROUNDS = 25
"""Items published after it, a multiple of the kinds."""
GOAL = 1.2
"""Times as much as at the first size."""
WHOLE_GOAL = 60.0
"""Seconds of the processor for the whole folder of the largest size."""
NOW = timedelta(0)


async def insert(tx: Tx, number: int, at: float) -> None:
    """Store an item as published, and that it is to be written."""
    document = MAKERS[number % len(MAKERS)](number)
    await tx.run(
        "INSERT INTO publishing_item"
        " (number, kind, place, document, content, words, since, changed)"
        " SELECT ?1, ?2, coalesce(max(place) + 1, 0), ?3, '', '', ?4, ?4 FROM publishing_item"
        " WHERE kind = ?2",
        number,
        document.kind,
        document.to_json(),
        at,
    )
    for one in document.files:
        content = CSV if one.mime == "text/csv" else signed_file(number)
        await tx.run("INSERT INTO publishing_file VALUES (?, ?, ?)", number, one.name, content)
    await tx.run("INSERT INTO publishing_change (number, at) VALUES (?, ?)", number, at)
    await tx.run(
        "INSERT INTO job (feature, name, room, due, payload) SELECT 'publishing', 'write', '', ?,"
        " '{}' WHERE NOT EXISTS (SELECT 1 FROM job WHERE name = 'write')",
        at,
    )


async def begin(folder: Path, size: int) -> Talk:
    """Return a network with so many items, all of them written."""
    public = folder / f"public-{size}"
    public.mkdir()
    talk = await Talk.start(folder / f"{size}.db", features(), public=PublicFolder(public))
    async with talk.machine.db.transaction() as tx:
        for number in range(1, size + 1):
            await insert(tx, number, talk.clock.at.timestamp() - size + number)
    began = time.process_time()
    await talk.wait(NOW)
    click.echo(f"all of {size} items: {time.process_time() - began:.1f} s")
    return talk


async def measure(folder: Path) -> bool:
    """Measure, tell, and return whether the goals are kept."""
    talks: dict[int, Talk] = {}
    whole = 0.0
    for size in SIZES:
        began = time.process_time()
        talks[size] = await begin(folder, size)
        whole = time.process_time() - began
    took: dict[int, list[float]] = {size: [] for size in SIZES}
    for turn in range(ROUNDS):
        for size, talk in talks.items():
            talk.clock.at += timedelta(seconds=1)
            async with talk.machine.db.transaction() as tx:
                await insert(tx, size + turn + 1, talk.clock.at.timestamp())
            began = time.process_time()
            await talk.wait(NOW)
            took[size].append(time.process_time() - began)
    means = {size: _cost(times) for size, times in took.items()}
    kept = whole <= WHOLE_GOAL and means[SIZES[-1]] <= GOAL * means[SIZES[0]]
    for size, talk in talks.items():
        await talk.close()
        times = means[size] / means[SIZES[0]]
        click.echo(f"one more among {size}: {means[size] * 1000:.0f} ms, {times:.2f} times")
        kept = kept and not check_folder(folder / f"public-{size}").wrong
    return kept


def _cost(times: list[float]) -> float:
    """Return what one item costs: of rounds through all kinds the median."""
    kinds = len(MAKERS)
    rounds = (times[first : first + kinds] for first in range(0, len(times), kinds))
    return statistics.median(map(statistics.mean, rounds))


def main() -> None:
    """Measure, and fail above the goals."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory() as folder:
        kept = asyncio.run(measure(Path(folder)))
    sys.exit(not kept)


if __name__ == "__main__":
    main()
