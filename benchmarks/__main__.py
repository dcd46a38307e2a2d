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

from benchmarks import burst, catch_up, round_trip
from benchmarks.bots import ROOT
from benchmarks.figures import Run
from benchmarks.report import text_table
from benchmarks.scene import Scene, scene

POINTS = ("round-trip", "burst", "catch-up")
KEPT = ROOT / "dist/benchmarks.json"


async def measure(run: Run, only: tuple[str, ...], *, long: bool) -> None:
    """Measure the points into the run."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _end)
    with TemporaryDirectory(prefix="minga-bench-") as folder:
        async with scene(Path(folder)) as made:
            await _measure_together(run, made, only, long=long)


async def _measure_together(run: Run, made: Scene, only: tuple[str, ...], *, long: bool) -> None:
    if "round-trip" in only:
        run.figures += await round_trip.measure(made, 200 if long else 20)
    if "burst" in only:
        run.figures += await burst.measure(made, 3, 1_000 if long else 80)
    if "catch-up" in only:
        sizes = {"minga": (5_000, 50), "nio": (1_000, 10), "maubot": (1_000, 10)}
        short = dict.fromkeys(sizes, (300, 10))
        run.figures += await catch_up.measure(made, sizes if long else short)


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
    asyncio.run(measure(run, only or POINTS, long=long))
    run.seconds = round(time.monotonic() - began, 1)
    run.write(KEPT)
    click.echo(text_table(run))
    click.echo(
        f"{run.form} run of {run.seconds:.0f} s on {run.machine}, commit {run.commit}: {KEPT}"
    )
    sys.exit(any(figure.outcome("minga") is False for figure in run.figures))


if __name__ == "__main__":
    main()
