"""Queues that run each room's work in order and different rooms side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.types import RoomId

LONGEST_WAIT = 10.0
"""Seconds that work behind that of all rooms waits for it at most."""

RoomWork = Callable[[], Awaitable[None]]


class RoomQueues:
    """A queue for each room, all in one task group: an error in one cancels all."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._last: dict[RoomId, asyncio.Task[None]] = {}

    def add(self, room: RoomId, work: RoomWork) -> asyncio.Task[None]:
        """Run `work` when everything that was added for `room` before is done. Return the task that
        runs it."""
        before = self._last.get(room)
        task = self._group.create_task(_run_after(before, work))
        self._last[room] = task
        task.add_done_callback(lambda done: self._remove(room, done))
        return task

    def add_behind_all(self, room: RoomId, work: RoomWork) -> asyncio.Task[None]:
        """Run `work` also when what was added for other rooms is done, or takes long: who has just
        come into one may invite the bot to this one at once. Return the task that runs it."""
        others = [*self._last.values()]

        async def wait_and_work() -> None:
            if others:
                await asyncio.wait(others, timeout=LONGEST_WAIT)
            await work()

        return self.add(room, wait_and_work)

    def _remove(self, room: RoomId, done: asyncio.Task[None]) -> None:
        if self._last.get(room) is done:
            del self._last[room]


async def _run_after(before: asyncio.Task[None] | None, work: RoomWork) -> None:
    if before is not None:
        await asyncio.wait([before])
        if before.cancelled() or before.exception() is not None:
            return  # the group is ending: nothing may run after what failed
    await work()
