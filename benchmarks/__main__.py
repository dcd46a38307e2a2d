"""`python -m benchmarks`: measure, print the table of ratios, and keep the figures as JSON."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import (
    answer_sizes,
    burst,
    catch_up,
    first_answer,
    footprint,
    growth,
    image,
    large_network,
    page,
    round_trip,
    vote_traffic,
)
from benchmarks.bots import MAKERS, ROOT, Maker
from benchmarks.crowd import crowd
from benchmarks.figures import Figure, Part, Run, Whole, read_run
from benchmarks.first_answer import Size
from benchmarks.older import Older, find_older
from benchmarks.pictures import KEPT
from benchmarks.report import text_table
from benchmarks.scene import OURS, Scene, scene
from tests.faults.figures import commit, machine

DRAFT = ROOT / "dist/benchmarks.json"
TALK = ("round-trip", "sizes", "votes", "burst", "catch-up")
CROWDED = ("devices", "start")
SINGLE = "parts"
POINTS = (*TALK, *CROWDED, "footprint", "growth", SINGLE)
SHORT = tuple(point for point in POINTS if point != SINGLE)
LIMIT = 45 * 60
"""Seconds after which a part breaks off, so that those after it are measured."""
LONG_OUTAGE = {OURS: (5_000, 50), "nio": (1_000, 10), "maubot": (1_000, 10)}
Measure = Callable[[], Awaitable[list[Figure]]]
SHORT_OUTAGE = dict.fromkeys(LONG_OUTAGE, (300, 10))
LONG_DEVICES = {100: Size(3, 2), 300: Size(9, 2), 1_000: Size(1, 4)}
"""A quarter of an hour."""


class Measurement:
    """One run: its parts one after the other, each group on a homeserver of its own.

    What is measured takes the place of what the file held of the same part, unless it broke off.
    The file, and the page if it is published, are whole after each part.
    """

    def __init__(
        self,
        points: Sequence[str],
        *,
        long: bool,
        published: bool,
        timed: bool,
        older: Older | None,
    ) -> None:
        self.kept = KEPT if published else DRAFT
        self.run = read_run(self.kept) if self.kept.exists() else Run()
        self.measured = Run()
        self._points = points
        self._long = long
        self._published = published
        self._timed = timed
        self._form = "long" if long else "short"
        self._older = older
        self._makers: dict[str, Maker] = dict(MAKERS)
        if older is not None:  # right after ours, for the machine changes with time
            self._makers = {OURS: MAKERS[OURS], older.name: older.make, **MAKERS}

    async def measure(self) -> None:
        """Measure all points. What breaks off is noted, and the others go on."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _end)
        began = time.monotonic()
        for points, measure in ((TALK, self._talk), (CROWDED, self._crowd)):
            await self._stage(points, measure)
        await self._try("footprint", lambda: self._weigh())
        counts = (100, 10_000, 1_000_000) if self._long else (100, 10_000)
        await self._try("growth", lambda: growth.measure(counts))
        notes: dict[str, list[str]] = {}
        await self._try(SINGLE, lambda: growth.measure_parts(notes), notes)
        if set(SHORT) <= set(self._points) and self._older is None:
            await self._note_whole(time.monotonic() - began)

    async def _stage(
        self, points: Sequence[str], measure: Callable[[Scene], Awaitable[None]]
    ) -> None:
        """Measure these points on a homeserver of their own. If that breaks off, so do those of
        them that were still to come."""
        left = [point for point in points if point in self._points]
        if not left:
            return
        try:
            with TemporaryDirectory(prefix="minga-bench-") as folder:
                async with scene(Path(folder), self._makers) as made:
                    await measure(made)
        except Exception as error:
            traceback.print_exc()
            for point in left:
                if point not in self.measured.parts:
                    await self._try(point, partial(_fail, error))

    async def _publish(self) -> None:
        """Bring the page up to date. If that fails, what is still to come is measured all the
        same; the page is written again after the next part."""
        try:
            await asyncio.to_thread(page.publish)
        except Exception:
            traceback.print_exc()

    async def _note_whole(self, seconds: float) -> None:
        """Keep how long the whole form took; of a short one only that is kept, for the page."""
        whole = Whole(round(seconds), len(self.measured.broken))
        self.run.wholes[self._form] = whole
        self.run.write(self.kept)
        if self._timed and not self._published:
            kept = read_run(KEPT)
            kept.wholes[self._form] = whole
            kept.write(KEPT)
        if self._timed or self._published:
            await asyncio.to_thread(page.publish)

    @property
    def _fine(self) -> bool:
        """Whether a few per cent count: at full size, and beside an older commit."""
        return self._long or self._older is not None

    async def _weigh(self) -> list[Figure]:
        figures = await footprint.measure(9 if self._fine else 3, self._older)
        return figures + (await asyncio.to_thread(image.measure) if self._long else [])

    async def _talk(self, made: Scene) -> None:
        sizes = LONG_OUTAGE if self._long else SHORT_OUTAGE
        outage = {name: sizes.get(name, sizes[OURS]) for name in self._makers}
        trips = 200 if self._fine else 20
        bursts = 5 if self._fine else 1
        commands = 1_000 if self._long else 80
        await self._try("round-trip", lambda: round_trip.measure(made, trips))
        await self._try("sizes", lambda: answer_sizes.measure(made))
        await self._try("votes", lambda: vote_traffic.measure(made, 3 if self._long else 1))
        await self._try("burst", lambda: burst.measure(made, bursts, commands))
        await self._try("catch-up", lambda: catch_up.measure(made, outage))

    async def _crowd(self, made: Scene) -> None:
        few = Size(5, 2) if self._fine else Size(1)
        sizes = LONG_DEVICES if self._long else {100: few}
        network = (360, 2_000, 300) if self._long else (18, 50, 30)
        starts = 5 if self._older is not None else 3 if self._long else 1
        async with made.silence(), crowd(made.server) as people:
            await self._try("devices", lambda: first_answer.measure(made, people, sizes))
            await self._try("start", lambda: large_network.measure(made, people, *network, starts))

    async def _try(
        self, point: str, measure: Measure, notes: dict[str, list[str]] | None = None
    ) -> None:
        if point not in self._points:
            return
        began = time.monotonic()
        command = f"make {'bench-long' if self._long else 'bench'} ONLY={point}"
        if self._older is not None:
            command += f" BESIDE={self._older.commit}"
        part = Part(self._form, command)
        try:
            async with asyncio.timeout(LIMIT):
                part.figures = await measure()
        except Exception as error:
            traceback.print_exc()
            part.broken = f"{type(error).__name__}: {error}".partition("\n")[0]
        part.seconds, part.notes = round(time.monotonic() - began, 1), notes or {}
        self.measured.parts[point] = part
        self.run.take(point, part)
        self.run.write(self.kept)
        if self._published:
            await self._publish()
        click.echo(f"{point}: {part.seconds:.0f} s {part.broken}".rstrip(), err=True)


async def _fail(error: Exception) -> list[Figure]:
    """Break off as what comes before a part did."""
    raise error


def _end() -> None:
    """End as on Ctrl+C, so that everything that was started ends too."""
    signal.raise_signal(signal.SIGINT)


@click.command()
@click.option("--long", is_flag=True, help="at full size")
@click.option("--page", "published", is_flag=True, help="bring docs/benchmarks.md up to date")
@click.option("--time", "timed", is_flag=True, help="keep for the page how long the form took")
@click.option("--beside", metavar="COMMIT", help="an older commit of ours, as one more bot")
@click.option("--only", multiple=True, type=click.Choice(POINTS), help="only this part")
def main(
    only: tuple[str, ...], *, beside: str | None, long: bool, published: bool, timed: bool
) -> None:
    """Measure the bot beside others on one homeserver."""
    if beside and published:
        raise click.UsageError("The page has no place for an older commit.")
    older = find_older(beside) if beside else None
    if older is not None:
        older.install()
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the members'
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # operators' modules are compiled once
    began = time.monotonic()
    points = only or (POINTS if long else SHORT)
    measurement = Measurement(points, long=long, published=published, timed=timed, older=older)
    asyncio.run(measurement.measure())
    run = measurement.measured
    click.echo(text_table(run, older.name if older is not None else ""))
    for point, error in run.broken.items():
        click.echo(f"{point} broke off: {error}")
    took = time.monotonic() - began
    click.echo(f"{took:.0f} s in all, {machine()}, commit {commit()}: {measurement.kept}")
    missed = any(figure.outcome(OURS) is False for figure in run.figures)
    sys.exit(missed or bool(run.broken))


if __name__ == "__main__":
    main()
