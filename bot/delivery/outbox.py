"""Delivers outbox entries to the homeserver, each once: rooms in parallel, each room in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.clock import Clock
from bot.delivery import held_messages
from bot.delivery.arrivals import Arrivals
from bot.delivery.destinations import (
    PRESENT,
    ask_again_after,
    find_private_room,
    find_room,
    readdress_if_not_private,
)
from bot.delivery.effect_table import KINDS
from bot.delivery.entry_kind import DeliverySite, Kinds, PendingEntry, pending_entry, queue_of
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.owed_entries import OwedEntries
from bot.delivery.payload import MessagePayload
from bot.delivery.quiet import Quiet
from bot.delivery.results import finish_entry, mark_delivered, retry_delay
from bot.delivery.unmarked import UnmarkedDeliveries, may_be_batched
from bot.gateway import Gateway, Refused, TryLater
from bot.types import Echo, EventId, RoomId
from storage import outbox_entries
from storage.database import Database
from storage.outbox_entries import OutboxEntry

log = structlog.get_logger(__name__)

MOST_PARALLEL = 16
"""Most deliveries at the same time."""
MOST_FEDERATED = 8
"""Most deliveries at the same time that may wait for other servers."""
GIVE_UP_AFTER = timedelta(hours=1)
"""How long another server may fail before the entry is given up."""
TRANSACTION_ID_LIFETIME = timedelta(hours=23)
"""How long the homeserver surely remembers a transaction id (Synapse: 24 hours)."""
LONGEST_HOLD = 600.0

Sleep = Callable[[float], Awaitable[None]]


class Outbox:
    """Delivers entries from one queue per address. Call `wake()` after each commit."""

    def __init__(
        self,
        db: Database,
        gateway: Gateway,
        clock: Clock,
        answers: AnswerWriter,
        sleep: Sleep = asyncio.sleep,
        kinds: Kinds = KINDS,
    ) -> None:
        self._db, self._answers, self._gateway = db, answers, gateway
        self._clock, self._sleep, self._kinds = clock, sleep, kinds
        self._queues, self._held = dict[str, deque[int]](), dict[str, int]()
        self._working, self._sending = dict[str, asyncio.Task[None]](), set[str]()
        self.arrivals = Arrivals(self.release_held)
        self._turn = self._last = 0
        self._woken, self._failing = asyncio.Event(), dict[int, datetime]()
        self.quiet = Quiet(self._woken, self._working)
        self._slots = asyncio.Semaphore(MOST_PARALLEL)
        self._federated_slots = asyncio.Semaphore(MOST_FEDERATED)
        self._unmarked = UnmarkedDeliveries(partial(mark_delivered, db))
        self.owed = OwedEntries(self._queues, self._failing)
        self.on_delivered: Callable[[], None] = self.wake

    def wake(self) -> None:
        """Let the outbox look for new entries, because something was committed."""
        self._woken.set()
        self.quiet.end()

    def release_held(self) -> None:
        """Try all that waits again, because somebody joined or an event arrived."""
        self._turn += 1
        self._held.clear()
        self._woken.set()

    async def run(self) -> None:
        """Send outbox entries until cancelled. Those that are not delivered then stay in the
        database."""
        try:
            while True:
                await self._gather()
                self._start_workers()
                self.quiet.look()
                await self._wait()
        finally:
            for task in self._working.values():
                task.cancel()
            await asyncio.gather(*self._working.values(), return_exceptions=True)
            await self._unmarked.close()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_HOLD):
                await self._woken.wait()
        except TimeoutError:
            self.release_held()  # an absent reader's room may be due again
        self._woken.clear()

    async def deliver_pending(self) -> None:
        """Send the entries that can be sent now, then return. For tests and a clean end."""
        self._held.clear()
        self.arrivals.forget()
        await self._gather()
        self._start_workers()
        while self._working:
            await asyncio.wait(list(self._working.values()))
            await self._gather()
            self._start_workers()

    async def confirm_delivery(self, echo: Echo) -> None:
        """Mark as delivered the entry whose event came back by sync, also if the response was lost.
        Idempotent."""
        if await self._unmarked.flush_with(echo.txn):
            return
        async with self._db.reading() as tx:
            row = await outbox_entries.get_by_txn(tx, echo.txn)
        if row is not None:
            await self._finish(pending_entry(self._kinds, row), echo.room, echo.event)

    async def _gather(self) -> None:
        more = True
        async with self._db.reading() as tx:
            while more:
                fresh = await outbox_entries.entries_after(tx, self._last)
                for row in fresh:
                    self._queues.setdefault(queue_of(self._kinds, row), deque()).append(row.id)
                    self._last = row.id
                more = len(fresh) == outbox_entries.PAGE_ENTRIES

    def _start_workers(self) -> None:
        for address in self._queues:
            if address not in self._working and address not in self._held:
                task = asyncio.create_task(self._work(address))
                self._working[address] = task
                self._sending.add(address)
                task.add_done_callback(partial(self._worker_ended, address))

    def _worker_ended(self, address: str, task: asyncio.Task[None]) -> None:
        self._working.pop(address, None)
        self._sending.discard(address)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("outbox.worker_failed", error=type(error).__name__)
        if address in self._queues and address not in self._held:
            self._woken.set()
        self.quiet.look()

    async def _work(self, address: str) -> None:
        await self._empty_queue(address)
        self._sending.discard(address)
        if self.quiet.all_rest(self._sending):
            await self._unmarked.flush()

    async def _empty_queue(self, address: str) -> None:
        """Deliver the address's entries until it has none, or is held."""
        attempt = 0
        while queue := self._queues.get(address):
            turn = self._turn
            try:
                version, row = self._db.changes, await outbox_entries.get(self._db, queue[0])
                slots = await self._slots_for(row)
                with self.quiet.rest(address, slots is self._federated_slots):
                    async with slots:
                        if self._db.changes != version:
                            row = await outbox_entries.get(self._db, queue[0])
                        waits = await self._deliver(row)
            except TryLater as error:
                attempt += 1
                self.owed.free(address, self._clock.now())
                if await self._gives_up(queue[0], error.code):
                    continue
                with self.quiet.rest(address):
                    await self._sleep(retry_delay(attempt, error.after))
                continue
            except Exception:
                attempt += 1
                log.exception("outbox.failed", entry=queue[0])
                with self.quiet.rest(address):
                    await self._sleep(retry_delay(attempt, None))
                continue
            if waits is not None:
                self.owed.put_off(address)
                if turn == self._turn and await self._hold(address, waits):
                    return
                continue
            attempt = 0
            queue.popleft()
            if not queue:
                del self._queues[address]
            self.owed.free(address, self._clock.now())

    async def _slots_for(self, row: OutboxEntry | None) -> asyncio.Semaphore:
        """Return an entry's semaphore, so that no answer waits behind a server that is down."""
        if row is not None and self._kinds[row.kind].waits_for_servers:
            return self._federated_slots
        if row is None or row.person is None:
            return self._slots
        _room, there = await find_private_room(self._db, row.person)
        return self._slots if there in PRESENT else self._federated_slots

    async def _gives_up(self, number: int, code: str) -> bool:
        """Give up an entry whose server has failed for too long. Return whether it was."""
        now, row = self._clock.now(), await outbox_entries.get(self._db, number)
        is_federated = await self._slots_for(row) is self._federated_slots
        if row is None or not is_federated or not self._kinds[row.kind].is_given_up:
            return False
        if not (code == "TimeoutError" or code.startswith("http_5")):
            self._failing[number] = now  # our own server is away: start counting again
        if now - self._failing.setdefault(number, now) < GIVE_UP_AFTER:
            return False
        log.warning("outbox.gave_up", kind=row.kind, code=code, entry=row.id)
        del self._failing[number]
        await self._give_up(pending_entry(self._kinds, row), code, now)
        return True

    async def _give_up(self, entry: PendingEntry[Any], code: str, now: datetime) -> None:
        """End the entry. A private one is kept, and its room is tried again in an hour."""
        row = entry.row
        if row.person is not None:
            async with self._db.transaction() as tx:
                await ask_again_after(tx, row.person, GIVE_UP_AFTER, now)
            return
        await self._finish(entry, None, None, refused=code)
        if entry.kind.given_up is not None:
            async with self._db.transaction() as tx:
                await entry.kind.given_up(tx, row, self._gateway.device, now)
        self.wake()

    async def _deliver(self, row: OutboxEntry | None) -> int | None:
        """Deliver one entry. Return None, or the id of the one it waits for (0: for a wake-up)."""
        if row is not None and row.waits_for is not None:
            if await outbox_entries.get(self._db, row.waits_for) is not None:
                return row.waits_for
            row = await outbox_entries.get(self._db, row.id)  # that one may have ended in between
        if row is None:
            return None
        entry = pending_entry(self._kinds, row)
        if row.waits_for is not None:  # what it waits for was dropped
            await self._finish(entry, None, None)
            return None
        if await readdress_if_not_private(self._db, entry):
            self.wake()
            return None
        try:
            return await self._execute(entry)
        except Refused as error:
            log.warning("outbox.refused", kind=row.kind, code=error.code, entry=row.id)
            await self._finish(entry, None, None, refused=error.code)
            return None

    async def _execute(self, entry: PendingEntry[Any]) -> int | None:
        """Execute an entry and finish it, unless it was deleted meanwhile. Return 0 if it waits for
        a wake-up."""
        room = await find_room(self._db, self._gateway, entry, self._clock.now())
        if room is None or self.arrivals.has(room, entry.row.person):
            return 0
        if await held_messages.hold_if_unreadable(self._db, self._gateway, self._answers, entry):
            self.wake()  # help may have been written
            return 0
        if await held_messages.was_deleted(self._db, entry.row):
            return None
        if (event := await self._find_sent(entry, room)) is None:
            site = DeliverySite(room, self._db, self._clock.now(), self)
            event = await entry.kind.execute(self._gateway, entry, site)
        if event is not None and may_be_batched(entry) and entry.row.id not in self._failing:
            await self._unmarked.add(entry, room, event)
        else:
            await self._finish(entry, room, event)
        return None

    async def _hold(self, address: str, before: int) -> bool:
        """Hold an address, unless the entry it waits for was delivered meanwhile."""
        self._held[address] = before
        if before and await outbox_entries.get(self._db, before) is None:
            self._held.pop(address, None)
        return address in self._held

    async def _find_sent(self, entry: PendingEntry[Any], room: RoomId) -> EventId | None:
        """Find the event of an entry whose transaction id may no longer be known to the server."""
        row, age = entry.row, self._clock.now() - entry.row.written
        if not isinstance(entry.payload, MessagePayload):
            return None
        if row.device == self._gateway.device and age < TRANSACTION_ID_LIFETIME:
            return None
        return await self._gateway.find_sent(room, row.txn, row.written)

    async def _finish(
        self,
        entry: PendingEntry[Any],
        room: RoomId | None,
        event: EventId | None,
        *,
        refused: str | None = None,
    ) -> None:
        row, me = entry.row, self._gateway.me
        await finish_entry(self._db, self._answers, me, entry, room, event, refused)
        self._failing.pop(row.id, None)
        if row.slot is not None:  # entries that wait for this one may go
            self._held = {a: before for a, before in self._held.items() if before != row.id}
            self._woken.set()
        if refused:
            self.wake()
        if entry.payload.then is not None or refused:  # a job may have been scheduled
            self.on_delivered()
