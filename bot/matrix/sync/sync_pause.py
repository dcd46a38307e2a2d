"""The time between two syncs: until what the last one brought is answered, or that takes long."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable

LONGEST_PAUSE = 0.25
"""Seconds that the next sync waits at most for the next answer to be sent. Asked sooner, the
homeserver is busy with it when our answer comes, and in a rush each sync brings one event."""
LONGEST_RUSH = 1.0
"""Seconds that it waits at most while one answer after the other is sent: the homeserver is busy
with those, and what it would tell meanwhile could not be answered sooner."""


class SyncPause:
    """Waits for answers that are being sent. `prolong` tells that one was."""

    def __init__(self) -> None:
        self._limit: asyncio.Timeout | None = None
        self._end = 0.0

    async def wait(self, answered: Awaitable[None]) -> None:
        """Wait for `answered`: `LONGEST_PAUSE` after the last answer was sent at most, and
        `LONGEST_RUSH` in all."""
        self._end = asyncio.get_running_loop().time() + LONGEST_RUSH
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_PAUSE) as self._limit:
                    await answered
        finally:
            self._limit = None

    def prolong(self) -> None:
        """Let a pause that is under way last `LONGEST_PAUSE` from now, because an answer was
        sent."""
        if self._limit is not None and not self._limit.expired():
            now = asyncio.get_running_loop().time()
            self._limit.reschedule(min(now + LONGEST_PAUSE, max(self._end, now)))
