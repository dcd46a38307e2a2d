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
from bot.conversation import help_room
from bot.delivery import actions, event_content, expiry, held_messages, redactions, results
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.results import retry_delay
from bot.gateway import Gateway, Refused, TryLater, Uploaded
from bot.types import Echo, EventId, Membership, RoomId, UserId
from storage import help_rooms, outbox_entries, private_room_attempts, rooms
from storage.database import Database
from storage.outbox_entries import OutboxEntry

log = structlog.get_logger(__name__)

MOST_PARALLEL = 16
"""Most deliveries at the same time."""
FEDERATED_KINDS = frozenset({"join", "leave", "invite", "help", "create", "list"})
"""Entry kinds that may wait for other servers, which may be down. They have slots of their own."""
MOST_FEDERATED = 8
GIVE_UP_AFTER = timedelta(hours=1)
"""How long another server may fail before the entry is given up."""
TRANSACTION_ID_LIFETIME = timedelta(hours=23)
"""How long the homeserver surely remembers a transaction id (Synapse: 24 hours)."""
INVITATION_SETTLE_TIME = timedelta(minutes=2)
LONGEST_HOLD = 600.0
ROOM_RETRY_INTERVAL = timedelta(hours=24)
PRESENT = (Membership.JOIN, Membership.INVITE)

Sleep = Callable[[float], Awaitable[None]]


class Outbox:
    """Delivers entries from one queue per address. Call `wake()` after each commit."""

    def __init__(
        self,
        db: Database,
        gateway: Gateway,
        clock: Clock,
        desk: AnswerWriter,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._db = db
        self._desk = desk
        self._gateway = gateway
        self._clock = clock
        self._sleep = sleep
        self._queues: dict[str, deque[int]] = {}
        self._working: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, int] = {}
        self._turn = 0
        self._last = 0
        self._woken = asyncio.Event()
        self._slots = asyncio.Semaphore(MOST_PARALLEL)
        self._federated_slots = asyncio.Semaphore(MOST_FEDERATED)
        self._failing: dict[int, datetime] = {}
        self._began = clock.now()
        self.on_delivered: Callable[[], None] = self.wake
        self._executors: dict[str, Callable[[OutboxEntry, RoomId], Awaitable[EventId | None]]] = {
            "event": self._send_event,
            "file": self._send_file,
            "redact": self._redact,
            "state": partial(actions.set_state, gateway),
            "invite": partial(actions.invite, gateway),
            "remove": partial(actions.remove, gateway),
            "join": self._join,
            "leave": partial(actions.leave, gateway),
            "help": self._open_help_room,
            "create": self._finish_created,
            "list": partial(expiry.collect_sent, db, gateway),
            "keys": partial(expiry.forget_keys, gateway),
            "identity": self._accept_identity,
        }

    def wake(self) -> None:
        """Look for new entries."""
        self._woken.set()

    def release_held(self) -> None:
        """Try again every address that waits, because somebody joined or an event arrived."""
        self._turn += 1
        self._held.clear()
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled. Entries that are not delivered then stay in the database."""
        try:
            while True:
                await self._gather()
                self._start_workers()
                await self._wait()
        finally:
            for task in self._working.values():
                task.cancel()
            await asyncio.gather(*self._working.values(), return_exceptions=True)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_HOLD):
                await self._woken.wait()
        except TimeoutError:
            self.release_held()  # an absent reader's room may be due again
        self._woken.clear()

    async def deliver_pending(self) -> None:
        """Deliver what can be delivered now, then return. For tests and a clean end."""
        self._held.clear()
        await self._gather()
        self._start_workers()
        while self._working:
            await asyncio.wait(list(self._working.values()))
            await self._gather()
            self._start_workers()

    async def confirm_delivery(self, echo: Echo) -> None:
        """Mark the entry as delivered whose event came back, also if the response was lost.
        Idempotent.
        """
        async with self._db.reading() as tx:
            letter = await outbox_entries.get_by_txn(tx, echo.txn)
        if letter is not None:
            await self._finish(letter, echo.room, echo.event)

    async def _gather(self) -> None:
        async with self._db.reading() as tx:
            fresh = await outbox_entries.entries_after(tx, self._last)
        for letter, address in fresh:
            self._queues.setdefault(address, deque()).append(letter)
            self._last = letter

    def _start_workers(self) -> None:
        for address in self._queues:
            if address not in self._working and address not in self._held:
                task = asyncio.create_task(self._work(address))
                self._working[address] = task
                task.add_done_callback(partial(self._worker_ended, address))

    def _worker_ended(self, address: str, task: asyncio.Task[None]) -> None:
        self._working.pop(address, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("outbox.worker_failed", error=type(error).__name__)
        if address in self._queues and address not in self._held:
            self._woken.set()

    async def _work(self, address: str) -> None:
        attempt = 0
        while queue := self._queues.get(address):
            turn = self._turn
            try:
                async with await self._slots_for(queue[0]):
                    waits = await self._deliver(queue[0])
            except TryLater as error:
                attempt += 1
                if await self._gives_up(queue[0], error.code):
                    continue
                await self._sleep(retry_delay(attempt, error.after))
                continue
            except Exception:
                attempt += 1
                log.exception("outbox.failed", letter=queue[0])
                await self._sleep(retry_delay(attempt, None))
                continue
            if waits is not None:
                if turn == self._turn and await self._hold(address, waits):
                    return
                continue
            attempt = 0
            queue.popleft()
            if not queue:
                del self._queues[address]

    async def _slots_for(self, number: int) -> asyncio.Semaphore:
        """Return the semaphore of an entry, so that no answer waits behind a server that is
        down.
        """
        letter = await outbox_entries.get(self._db, number)
        if letter is None:
            return self._slots
        lacks_room = letter.person and (await self._private_room(letter.person))[1] not in PRESENT
        return (
            self._federated_slots if letter.kind in FEDERATED_KINDS or lacks_room else self._slots
        )

    async def _gives_up(self, number: int, code: str) -> bool:
        """Give up an entry whose server has failed for too long. Return whether it was."""
        now, letter = self._clock.now(), await outbox_entries.get(self._db, number)
        far = await self._slots_for(number) is self._federated_slots
        if letter is None or letter.kind == "leave" or not far:
            return False
        if not (code == "TimeoutError" or code.startswith("http_5")):
            self._failing[number] = now  # our own server is away: start counting again
        if now - self._failing.setdefault(number, now) < GIVE_UP_AFTER:
            return False
        log.warning("outbox.gave_up", kind=letter.kind, code=code, letter=letter.id)
        del self._failing[number]
        if letter.person is None:
            await self._finish(letter, None, None, refused=code)
            await results.decline_invitation(self._db, letter, self._gateway.device, now)
            self.wake()
        else:  # a private entry is kept; its room is tried again in an hour
            async with self._db.transaction() as tx:
                again = now - ROOM_RETRY_INTERVAL + GIVE_UP_AFTER
                await private_room_attempts.note_attempt(tx, letter.person, again)
        return True

    async def _deliver(self, number: int) -> int | None:
        """Deliver one entry. Return None, or the id of the entry it waits for (0: for a
        wake-up).
        """
        letter = await outbox_entries.get(self._db, number)
        if letter is None:
            return None
        if letter.waits_for is not None:
            return await self._drop_or_wait(letter, letter.waits_for)
        if await self._readdress(letter):
            self.wake()
            return None
        try:
            room = await self._find_room(letter)
            if room is None:
                return 0
            if await held_messages.hold_if_unreadable(self._db, self._gateway, self._desk, letter):
                self.wake()  # help may have been written
                return 0
            event = await self._find_sent(letter, room) or await self._executors[letter.kind](
                letter, room
            )
        except Refused as error:
            log.warning("outbox.refused", kind=letter.kind, code=error.code, letter=letter.id)
            await self._finish(letter, None, None, refused=error.code)
            return None
        await self._finish(letter, room, event)
        return None

    async def _drop_or_wait(self, letter: OutboxEntry, before: int) -> int | None:
        """Return the id of the entry this one waits for. Drop it if that one left no event."""
        if await outbox_entries.get(self._db, before) is not None:
            return before
        await self._finish(letter, None, None)
        return None

    async def _hold(self, address: str, before: int) -> bool:
        """Hold an address, unless the entry it waits for was delivered meanwhile."""
        self._held[address] = before
        if before and await outbox_entries.get(self._db, before) is None:
            self._held.pop(address, None)
        return address in self._held

    async def _find_room(self, letter: OutboxEntry) -> RoomId | None:
        """Return the room of an entry, or None if its reader has not joined it yet."""
        if letter.kind == "create":
            return await self._gateway.make_room(**letter.payload["made"])
        if letter.person is None:
            return await self._check_room(letter, RoomId(letter.room or ""))
        room, there = await self._private_room(letter.person)
        if room and there is Membership.JOIN:
            return room
        if room is None or there is not Membership.INVITE:
            await self._make_room(letter, letter.person, room)
        return None

    async def _private_room(self, person: UserId) -> tuple[RoomId | None, Membership]:
        """Return the private room of a person and their membership of it."""
        async with self._db.reading() as tx:
            room = await rooms.private_room(tx, person)
            there = await rooms.membership(tx, room, person) if room else Membership.LEAVE
        return room, there

    async def _readdress(self, letter: OutboxEntry) -> bool:
        """Move an entry whose room is private no more to the person. Return whether it moved."""
        whose = letter.payload.get("private")
        if whose is None:
            return False
        async with self._db.transaction() as tx:
            room = await rooms.get(tx, RoomId(letter.room or ""))
            if room is not None and room.joined and room.private_of == whose:
                return False
            await outbox_entries.readdress(tx, letter, UserId(whose))
        return True

    async def _check_room(self, letter: OutboxEntry, room: RoomId) -> RoomId | None:
        """Return the room, or None until a help room's person has joined. Raises `Refused` for
        mixups.
        """
        async with self._db.reading() as tx:
            helped = await help_rooms.person_of(tx, room)
            there = await rooms.membership(tx, room, helped) if helped else None
        meant = bool(letter.payload.get("help"))
        if letter.kind not in {"help", "leave"} and meant != (helped is not None):
            raise Refused("M_FORBIDDEN", "a help room is for help, and help for a help room")
        return None if meant and there is not Membership.JOIN else room

    async def _make_room(self, letter: OutboxEntry, person: UserId, old: RoomId | None) -> None:
        """Create a person's encrypted private room, at most once a day while they don't join."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            last = await private_room_attempts.last_attempt(tx, person)
        if last is not None and now - last < ROOM_RETRY_INTERVAL:
            return
        room = await self._gateway.make_private_room(person, letter.alias)
        async with self._db.transaction() as tx:
            await private_room_attempts.note_attempt(tx, person, now)
            if old is not None:
                await rooms.set_private(tx, old, None)
            await rooms.mark_joined(tx, room, now)
            await rooms.set_private(tx, room, person)

    async def _find_sent(self, letter: OutboxEntry, room: RoomId) -> EventId | None:
        """Find the event of an entry whose transaction id may no longer be known to the server."""
        now = self._clock.now()
        if letter.kind not in {"event", "file"}:
            return None
        if letter.device == self._gateway.device and now - letter.written < TRANSACTION_ID_LIFETIME:
            return None
        return await self._gateway.find_sent(room, letter.txn, letter.written)

    async def _finish(
        self,
        letter: OutboxEntry,
        room: RoomId | None,
        event: EventId | None,
        *,
        refused: str | None = None,
    ) -> None:
        async with self._db.transaction() as tx:
            first = await outbox_entries.finish(tx, letter, room, event)
            if first and letter.kind == "leave":
                await rooms.mark_left(tx, RoomId(letter.room or ""))
            if first:
                await results.finish_entry(tx, self._desk, self._gateway.me, letter, room, refused)
        self._failing.pop(letter.id, None)
        if letter.slot is not None:  # entries that wait for this one may go
            self._held = {a: before for a, before in self._held.items() if before != letter.id}
            self._woken.set()
        if refused:
            self.wake()
        if "then" in letter.payload:
            self.on_delivered()

    # --- the kinds of letters -----------------------------------------------------------------

    async def _send_event(self, letter: OutboxEntry, room: RoomId) -> EventId | None:
        event = letter.target
        body = event_content.fill_target(letter.payload["content"], event)
        if event is None and event_content.needs_target(body):
            return None
        return await self._send(letter, room, body)

    async def _send_file(self, letter: OutboxEntry, room: RoomId) -> EventId | None:
        payload: dict[str, Any] = dict(letter.payload)
        if "file" not in payload:
            data = await outbox_entries.get_blob(self._db, letter.id)
            mime = payload["content"]["info"]["mimetype"]
            uploaded: Uploaded = await self._gateway.upload(data, mime)
            payload["file"] = dict(uploaded.file)
            async with self._db.transaction() as tx:
                await outbox_entries.save_payload(tx, letter.id, payload)
        body = event_content.fill_target(payload["content"], letter.target)
        body["file"] = payload["file"]
        return await self._send(letter, room, body)

    async def _send(self, letter: OutboxEntry, room: RoomId, body: dict[str, Any]) -> EventId:
        alone = letter.person or letter.payload.get("private")
        kind, readers = letter.payload["type"], letter.payload.get("readers")
        return await self._gateway.send(room, kind, body, letter.txn, alone=alone, readers=readers)

    async def _redact(self, letter: OutboxEntry, room: RoomId) -> None:
        if letter.target is not None:
            await redactions.redact_with_edits(self._db, self._gateway, letter, room, letter.target)

    async def _join(self, letter: OutboxEntry, room: RoomId) -> EventId | None:
        try:
            await self._gateway.join(room)
        except Refused as error:
            # The inviter's server may announce an invitation before it has stored it, and
            # refuses to let anybody join in that moment.
            if self._clock.now() - letter.written < INVITATION_SETTLE_TIME:
                raise TryLater(error.code) from None
            raise
        return None

    async def _finish_created(self, _letter: OutboxEntry, _room: RoomId) -> None:
        """Do nothing: `_find_room` created the room already."""

    async def _accept_identity(self, letter: OutboxEntry, _room: RoomId) -> None:
        person = UserId(letter.payload["person"])
        await self._gateway.accept_identity(person, letter.payload["key"])
        self.release_held()  # entries for them may have waited

    async def _open_help_room(self, letter: OutboxEntry, _room: RoomId) -> None:
        await help_room.open_help_room(self._db, self._gateway, letter)
        self._woken.set()
