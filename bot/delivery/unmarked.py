"""Delivered messages that the database does not know of yet: several are marked in one commit.

Until then a crash sends them again under their transaction ids, and the homeserver takes each once
(docs/decisions/0069).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog

from bot.delivery.entry_kind import Delivered, PendingEntry
from bot.delivery.payload import MessagePayload
from bot.delivery.results import retry_delay
from bot.types import EventId, RoomId
from storage.files.disk import database_failed

log = structlog.get_logger(__name__)

MOST = 16
"""Deliveries after which they are marked at once."""
LATEST = 1.0
"""Seconds after which a delivery is marked at the latest, while others are still on their way and
none of their events has come back by sync."""


class UnmarkedDeliveries:
    """Collects deliveries and marks them together by `mark`, in one transaction.

    What can't be marked is logged, and tried again by itself: it keeps no other from being marked.
    """

    def __init__(self, mark: Callable[[Sequence[Delivered]], Awaitable[None]]) -> None:
        self._mark = mark
        self._waiting: list[Delivered] = []
        self._failed: list[Delivered] = []
        self._attempt = 0
        self._turn = asyncio.Lock()
        self._late, self._again = Timer(self.flush), Timer(self._retry)

    async def add(self, entry: PendingEntry[Any], room: RoomId, event: EventId) -> None:
        """Mark this delivery soon; with the others at once if they are many."""
        self._waiting.append(Delivered(entry, room, event))
        if len(self._waiting) >= MOST:
            await self.flush()
        else:
            self._late.start(LATEST)

    async def flush_with(self, txn: str) -> bool:
        """Mark all, if the entry with this transaction id is among them. Return whether it was."""
        held = any(one.entry.row.txn == txn for one in self._waiting)
        if held:
            await self.flush()
        return held

    async def flush(self) -> None:
        """Mark all that was delivered since the last time."""
        async with self._turn:
            self._late.stop()
            some = self._waiting[:]
            self._failed += await self._mark_all(some)
            del self._waiting[: len(some)]
            self._plan_retry()

    async def close(self) -> None:
        """Mark what is left. What fails now is sent again at the next start."""
        async with self._turn:
            self._again.stop()
            self._waiting, self._failed = [*self._failed, *self._waiting], []
        await self.flush()
        self._again.stop()

    async def _retry(self) -> None:
        async with self._turn:
            self._failed = await self._mark_all(self._failed)
            self._plan_retry()

    def _plan_retry(self) -> None:
        if not self._failed:
            self._attempt = 0
        elif self._again.start(retry_delay(self._attempt + 1, None)):
            self._attempt += 1

    async def _mark_all(self, some: list[Delivered]) -> list[Delivered]:
        """Mark these together, or one by one if that fails. Return those that can't be marked."""
        if not some:
            return []
        try:
            await self._mark(some)
        except Exception as error:
            if len(some) > 1 and not database_failed(error):
                return [one for each in some for one in await self._mark_all([each])]
            log.exception("outbox.unmarked", entries=[one.entry.row.id for one in some])
            return some
        return []


class Timer:
    """Runs `work` once, some time after it was started."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._handle: asyncio.TimerHandle | None = None
        self._running: asyncio.Task[None] | None = None

    def start(self, seconds: float) -> bool:
        """Start it. Return False if it is started already."""
        if self._handle is not None:
            return False
        self._handle = asyncio.get_running_loop().call_later(seconds, self._run)
        return True

    def stop(self) -> None:
        """Stop it, unless the work has begun."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run(self) -> None:
        self._handle = None
        self._running = asyncio.create_task(self._work())


def may_be_batched(entry: PendingEntry[Any]) -> bool:
    """Return whether nothing follows from the entry's delivery but its mark.

    Not where others wait for its event, or it is how people act on an item; and not an edit, which
    goes when its message is taken away.
    """
    row, payload = entry.row, entry.payload
    followed = row.item is not None or row.slot is not None or entry.kind.finished is not None
    followed = followed or row.ref is not None
    return isinstance(payload, MessagePayload) and payload.then is None and not followed
