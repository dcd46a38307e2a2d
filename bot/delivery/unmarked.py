"""Delivered messages that the database does not know of yet: several are marked in one commit.

Until then a crash sends them again under their transaction ids, and the homeserver takes each once
(docs/decisions/0069).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from bot.delivery.entry_kind import PendingEntry
from bot.delivery.payload import MessagePayload
from bot.types import EventId, RoomId

MOST = 16
"""Deliveries after which they are marked at once."""
LATEST = 0.25
"""Seconds after which a delivery is marked at the latest, while others are still on their way."""


class Delivered(NamedTuple):
    """An entry whose event stands in a room."""

    entry: PendingEntry[Any]
    room: RoomId
    event: EventId


class UnmarkedDeliveries:
    """Collects deliveries and marks them together by `mark`, in one transaction."""

    def __init__(self, mark: Callable[[Sequence[Delivered]], Awaitable[None]]) -> None:
        self._mark = mark
        self._waiting: list[Delivered] = []
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._late: asyncio.Task[None] | None = None

    async def add(self, done: Delivered) -> None:
        """Mark this delivery soon; with the others at once if they are many."""
        self._waiting.append(done)
        if len(self._waiting) >= MOST:
            await self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LATEST, self._flush_late)

    async def flush(self) -> None:
        """Mark all that was delivered. What can't be marked now is kept for the next time."""
        async with self._turn:
            self._stop_timer()
            if some := self._waiting[:]:
                await self._mark(some)
                del self._waiting[: len(some)]

    def _flush_late(self) -> None:
        self._late = asyncio.create_task(self.flush())

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def can_wait(entry: PendingEntry[Any]) -> bool:
    """Return whether nothing follows from the entry's delivery but its mark.

    Not where others wait for its event, or it is how people act on an item.
    """
    row, payload = entry.row, entry.payload
    followed = row.item is not None or row.slot is not None or entry.kind.finished is not None
    return isinstance(payload, MessagePayload) and payload.then is None and not followed
