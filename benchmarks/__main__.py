"""`python -m benchmarks`: measure, print the table of ratios, and keep the figures as JSON."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import (
    burst,
    catch_up,
    first_answer,
    footprint,
    growth,
    large_network,
    round_trip,
)
from benchmarks.bots import ROOT
from benchmarks.crowd import crowd
from benchmarks.figures import Run
from benchmarks.report import text_table
from benchmarks.scene import Scene, scene

KEPT = ROOT / "dist/benchmarks.json"
TALK = ("round-trip", "burst", "catch-up")
CROWDED = ("devices", "start")
POINTS = (*TALK, *CROWDED, "growth", "parts", "footprint")
SHORT = tuple(point for point in POINTS if point != "parts")
LONG_OUTAGE = {"minga": (5_000, 50), "nio": (1_000, 10), "maubot": (1_000, 10)}
SHORT_OUTAGE = dict.fromkeys(LONG_OUTAGE, (300, 10))


async def measure(run: Run, only: tuple[str, ...], *, long: bool) -> None:
    """Measure the points into the run: each group on a homeserver of its own."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _end)
    if "footprint" in only:
        run.figures += await footprint.measure(9 if long else 3)
    if "growth" in only:
        run.figures += await growth.measure((100, 10_000, 1_000_000) if long else (100, 10_000))
    if "parts" in only:
        figures, run.notes = await growth.measure_parts()
        run.figures += figures
    for points, steps in ((TALK, _measure_talk), (CROWDED, _measure_crowded)):
        if wanted := set(points) & set(only):
            with TemporaryDirectory(prefix="minga-bench-") as folder:
                async with scene(Path(folder)) as made:
                    await steps(run, made, wanted, long=long)
    run.figures.sort(key=lambda figure: figure.point)


async def _measure_talk(run: Run, made: Scene, wanted: set[str], *, long: bool) -> None:
    if "round-trip" in wanted:
        run.figures += await round_trip.measure(made, 200 if long else 20)
    if "burst" in wanted:
        run.figures += await burst.measure(made, 3, 1_000 if long else 80)
    if "catch-up" in wanted:
        run.figures += await catch_up.measure(made, LONG_OUTAGE if long else SHORT_OUTAGE)


async def _measure_crowded(run: Run, made: Scene, wanted: set[str], *, long: bool) -> None:
    async with made.silence(), crowd(made.server) as people:
        if "devices" in wanted:
            sizes = {100: 1, 300: 3, 1_000: 1} if long else {100: 1}
            run.figures += await first_answer.measure(made, people, sizes)
        if "start" in wanted:
            size = (360, 2_000, 300) if long else (36, 200, 20)
            run.figures += await large_network.measure(made, people, *size)


def _end() -> None:
    """End as on Ctrl+C, so that everything that was started ends too."""
    signal.raise_signal(signal.SIGINT)


@click.command()
@click.option("--long", is_flag=True, help="at full size, and write docs/benchmarks.md")
@click.option("--only", multiple=True, type=click.Choice(POINTS), help="only this point")
def main(only: tuple[str, ...], *, long: bool) -> None:
    """Measure the bot beside others on one homeserver."""
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the members'
    began = time.monotonic()
    run = Run("long" if long else "short", "make bench-long" if long else "make bench")
    asyncio.run(measure(run, only or (POINTS if long else SHORT), long=long))
    run.seconds = round(time.monotonic() - began, 1)
    run.write(KEPT)
    click.echo(text_table(run))
    click.echo(
        f"{run.form} run of {run.seconds:.0f} s on {run.machine}, commit {run.commit}: {KEPT}"
    )
    sys.exit(any(figure.outcome("minga") is False for figure in run.figures))


if __name__ == "__main__":
    main()
