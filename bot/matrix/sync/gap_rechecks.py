"""Recheck gaps that the homeserver itself could not fill yet.

When federation lags, a server gets an event without those before it. It marks our sync as limited
and fetches what is missing in its own time, often after it has answered our /messages; such events
never come by /sync (measured with Synapse: 14 and 19 of 1,000 commands of a storm were lost that
way). Each /messages makes it go on fetching, so it is asked again after a while.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from bot.matrix.sync.room_queues import RoomQueues, RoomWork
from bot.types import RoomId
from storage.catch_up import gap_checks
from storage.catch_up.gap_checks import GapCheck
from storage.database import Database
from storage.rooms import joined_rooms

RECHECK_DELAYS = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""How long after a gap, and after each recheck without news, the next recheck is."""


class GapRechecks:
    """Schedules rechecks of gaps. Stored on disk, so that a crash loses none."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now
        self._looking: set[RoomId] = set()
        self._changed = asyncio.Event()

    async def schedule(self, room: RoomId, floor: datetime) -> None:
        """Schedule further looks for late events in a gap of this room. Everything sent before
        `floor` had reached us."""
        async with self._db.transaction() as tx:
            await gap_checks.schedule(tx, room, floor, self._now() + RECHECK_DELAYS[0])
        self._changed.set()

    async def schedule_everywhere(self, floor: datetime) -> None:
        """Schedule further looks for late events in every room, because the homeserver forgot what
        it had shown us."""
        due = self._now() + RECHECK_DELAYS[0]
        async with self._db.transaction() as tx:
            for one in await joined_rooms(tx):
                await gap_checks.schedule(tx, one.room, floor, due)
        self._changed.set()

    async def note_result(self, hole: GapCheck, *, found: bool) -> None:
        """Note that a recheck of a gap is done.

        If it found something, the delays begin anew: more may come.
        """
        looks = 0 if found else hole.looks + 1
        async with self._db.transaction() as tx:
            if looks < len(RECHECK_DELAYS):
                await gap_checks.reschedule(tx, hole, looks, self._now() + RECHECK_DELAYS[looks])
            else:
                await gap_checks.forget(tx, hole.room)

    async def run(self, queues: RoomQueues, look: Callable[[GapCheck], RoomWork]) -> None:
        """Look again, when due, for late events in rooms with gaps, until cancelled, each in its
        room's queue."""
        while True:
            self._changed.clear()
            async with self._db.reading() as tx:
                due = await gap_checks.due_checks(tx, self._now())
                then = await gap_checks.next_due(tx, tuple(self._looking))
            for hole in due:
                if hole.room not in self._looking:
                    self._looking.add(hole.room)
                    queues.add(hole.room, look(hole)).add_done_callback(
                        partial(self._release, hole.room)
                    )
            await self._wait(then)

    def _release(self, room: RoomId, _: object) -> None:
        self._looking.discard(room)
        self._changed.set()

    async def _wait(self, until: datetime | None) -> None:
        seconds = None if until is None else max(0.0, (until - self._now()).total_seconds())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()
