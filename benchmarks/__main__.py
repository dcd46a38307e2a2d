"""`python -m benchmarks`: measure, print the table of ratios, and keep the figures as JSON."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
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
    page,
    round_trip,
)
from benchmarks.bots import PEERS, ROOT
from benchmarks.crowd import crowd
from benchmarks.figures import Figure, Run
from benchmarks.pictures import KEPT
from benchmarks.report import text_table
from benchmarks.scene import OURS, Scene, scene

DRAFT = ROOT / "dist/benchmarks.json"
TALK = ("round-trip", "burst", "catch-up")
CROWDED = ("devices", "start")
PARTS = "parts"
POINTS = (*TALK, *CROWDED, "growth", PARTS, "footprint")
SHORT = tuple(point for point in POINTS if point != PARTS)
LONG_OUTAGE = {OURS: (5_000, 50), "nio": (1_000, 10), "maubot": (1_000, 10)}
Measure = Callable[[], Awaitable[list[Figure]]]
SHORT_OUTAGE = dict.fromkeys(LONG_OUTAGE, (300, 10))


class Measurement:
    """One run: its points one after the other, each group on a homeserver of its own."""

    def __init__(self, run: Run, points: Sequence[str], kept: Path) -> None:
        self.run = run
        self.points = points
        self.kept = kept
        self.long = run.form == "long"

    async def measure(self) -> None:
        """Measure all points. What breaks off is noted, and the others go on."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _end)
        await self._try("footprint", lambda: footprint.measure(9 if self.long else 3))
        counts = (100, 10_000, 1_000_000) if self.long else (100, 10_000)
        await self._try("growth", lambda: growth.measure(counts))
        await self._try(PARTS, lambda: growth.measure_parts(self.run.notes))
        for points, measure in ((TALK, self._talk), (CROWDED, self._crowd)):
            if set(points) & set(self.points):
                with TemporaryDirectory(prefix="minga-bench-") as folder:
                    async with scene(Path(folder)) as made:
                        await measure(made)

    async def _talk(self, made: Scene) -> None:
        outage = LONG_OUTAGE if self.long else SHORT_OUTAGE
        trips, commands = (200, 1_000) if self.long else (20, 80)
        await self._try("round-trip", lambda: round_trip.measure(made, trips))
        await self._try("burst", lambda: burst.measure(made, 3, commands))
        await self._try("catch-up", lambda: catch_up.measure(made, outage))

    async def _crowd(self, made: Scene) -> None:
        sizes = {100: 1, 300: 3, 1_000: 1} if self.long else {100: 1}
        network = (360, 2_000, 150) if self.long else (36, 200, 45)
        async with made.silence(), crowd(made.server) as people:
            await self._try("devices", lambda: first_answer.measure(made, people, sizes))
            await self._try("start", lambda: large_network.measure(made, people, *network))

    async def _try(self, point: str, measure: Measure) -> None:
        if point not in self.points:
            return
        began = time.monotonic()
        try:
            self.run.figures += await measure()
        except Exception as error:
            traceback.print_exc()
            self.run.broken[point] = f"{type(error).__name__}: {error}".partition("\n")[0]
        self.run.figures.sort(key=lambda figure: figure.point)
        self.run.write(self.kept)
        click.echo(f"{point}: {time.monotonic() - began:.0f} s", err=True)


def _end() -> None:
    """End as on Ctrl+C, so that everything that was started ends too."""
    signal.raise_signal(signal.SIGINT)


@click.command()
@click.option("--long", is_flag=True, help="at full size")
@click.option("--page", "published", is_flag=True, help="write docs/benchmarks.md of it")
@click.option("--only", multiple=True, type=click.Choice(POINTS), help="only this point")
def main(only: tuple[str, ...], *, long: bool, published: bool) -> None:
    """Measure the bot beside others on one homeserver."""
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the members'
    began = time.monotonic()
    run = Run("long" if long else "short", "make bench-long" if long else "make bench")
    kept = KEPT if published else DRAFT
    asyncio.run(Measurement(run, only or (POINTS if long else SHORT), kept).measure())
    run.seconds = round(time.monotonic() - began, 1)
    run.write(kept)
    click.echo(text_table(run))
    for point, error in run.broken.items():
        click.echo(f"{point} broke off: {error}")
    click.echo(f"{run.form} run, {run.seconds:.0f} s, {run.machine}, commit {run.commit}: {kept}")
    if published:
        subprocess.run([PEERS, "-m", "benchmarks.plots"], cwd=ROOT, check=True)  # noqa: S603
        page.write()
    missed = any(figure.outcome(OURS) is False for figure in run.figures)
    sys.exit(missed or bool(run.broken))


if __name__ == "__main__":
    main()
