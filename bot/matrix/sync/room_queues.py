"""Queues that run each room's work in order and different rooms side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial

from bot.types import RoomId

LONGEST_WAIT = 10.0
"""Seconds that work behind that of all rooms waits for it at most."""
LONGEST_TURN = 0.25
"""Seconds after which a room that is not done counts as slow: no further one waits for it."""

RoomWork = Callable[[], Awaitable[None]]


class RoomQueues:
    """A queue for each room, all in one task group: an error in one cancels all."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._last: dict[RoomId, asyncio.Task[None]] = {}
        self._all: asyncio.Task[None] | None = None

    def add(self, room: RoomId, work: RoomWork) -> asyncio.Task[None]:
        """Run `work` when everything that was added for `room` before is done. Return the task that
        runs it."""
        self._all = None
        return self._add(room, work)

    def add_behind_all(self, room: RoomId, work: RoomWork) -> asyncio.Task[None]:
        """Run `work` when everything that `add` was given before, for any room, is done, or
        `LONGEST_WAIT` has passed. Return the task that runs it.

        An invitation waits so: who has just come into a room may invite the bot at once.
        """
        if self._all is None:  # once for all that follow each other: there may be a thousand
            self._all = self._group.create_task(_wait_for([*self._last.values()]))
        return self._add(room, partial(_run_after, self._all, work))

    def _add(self, room: RoomId, work: RoomWork) -> asyncio.Task[None]:
        before = self._last.get(room)
        task = self._group.create_task(_run_after(before, work))
        self._last[room] = task
        task.add_done_callback(lambda done: self._remove(room, done))
        return task

    def _remove(self, room: RoomId, done: asyncio.Task[None]) -> None:
        if self._last.get(room) is done:
            del self._last[room]


async def _wait_for(others: Collection[asyncio.Task[None]]) -> None:
    if others:
        await asyncio.wait(others, timeout=LONGEST_WAIT)


async def _run_after(before: asyncio.Task[None] | None, work: RoomWork) -> None:
    if before is not None:
        await asyncio.wait([before])
        if before.cancelled() or before.exception() is not None:
            return  # the group is ending: nothing may run after what failed
    await work()


async def give_turn(begun: dict[asyncio.Task[None], float]) -> dict[asyncio.Task[None], float]:
    """Wait until one of these rooms, each with when it began, is handled or has taken
    `LONGEST_TURN`. Return the others: whose homeserver is slow holds up no further room."""
    clock = asyncio.get_running_loop().time
    patience = min(begun.values()) + LONGEST_TURN - clock()
    await asyncio.wait(begun, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    latest = clock() - LONGEST_TURN
    return {task: since for task, since in begun.items() if since > latest and not task.done()}
