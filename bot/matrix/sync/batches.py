"""Hand over what syncs brought, room by room, and settle it batch by batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot.gateway import Inbox, Refused, TryLater
from bot.matrix.backoff import Backoff, insist
from bot.matrix.fields import as_mapping, event_list, synthetic_id
from bot.matrix.http import Http, path_segment
from bot.matrix.sync.gap_fill import (
    GapEvents,
    GapFiller,
    MessageClock,
    events_since_join,
    until_left,
)
from bot.matrix.sync.gap_rechecks import GapRechecks
from bot.matrix.sync.inbound_events import EventReader
from bot.matrix.sync.requests_before_join import RequestsBeforeJoin
from bot.matrix.sync.room_queues import RoomQueues, give_turn
from bot.matrix.sync.state_events import read_invitation
from bot.matrix.sync.state_mirror import Mirror
from bot.matrix.sync.sync_batch import SyncBatch
from bot.types import EventId, RoomId, UnfilledGap, UserId
from storage import sync
from storage.catch_up import stale_rooms
from storage.catch_up.gap_checks import GapCheck
from storage.database import Database
from storage.membership.room import Room
from storage.rooms import get

MOST_UNSETTLED = 10_000
"""Limit of events that may wait in slow rooms before no more are asked for."""
ROOMS_TOGETHER = 50
"""How many rooms of one batch are handled side by side, beside slow ones. A start after a night has
hundreds: they would need megabytes, and what stays in memory comes to lie between what is freed."""
PAGE_EVENTS = 100
"""How many events are decrypted together."""

_log = structlog.get_logger()


class BatchIntake:
    """Gives each room's events to its queue, and settles a batch when all its rooms are done."""

    def __init__(
        self,
        http: Http,
        db: Database,
        mirror: Mirror,
        reader: EventReader,
        hints: dict[RoomId, str],
        me: UserId,
        now: Callable[[], datetime],
    ) -> None:
        self._http = http
        self._db = db
        self._mirror = mirror
        self._reader = reader
        self._gaps = GapFiller(http, db, me)
        self._before = RequestsBeforeJoin(db, self._gaps, reader)
        self.holes = GapRechecks(db, now)
        self._hints = hints
        self._me = me
        self._now = now
        self._done: asyncio.Queue[SyncBatch] = asyncio.Queue()
        self._held = 0
        self._aside: dict[RoomId, datetime | None] = {}
        self._any_aside = asyncio.Event()
        self.unknown_devices = asyncio.Event()
        self.caught_up = asyncio.Event()
        """Set when everything of the first batch is done."""

    async def accept(self, inbox: Inbox, queues: RoomQueues, batch: SyncBatch) -> None:
        """Begin to handle a sync batch. Waits only between its first `ROOMS_TOGETHER` rooms and
        the next ones, and if far too many events are unfinished."""
        joined, invited, left = batch.hand_over("join", "invite", "leave")
        self._held += batch.held
        begun: dict[asyncio.Task[None], float] = {}
        for rooms, add, step in (
            (joined, queues.add, self._handle_joined),
            (invited, queues.add_behind_all, self._handle_invite),
            (left, queues.add, self._handle_left),
        ):
            while rooms:
                room, section = rooms.popleft()
                task = add(room, partial(step, inbox, batch, room, section))
                begun[task] = asyncio.get_running_loop().time()
                batch.work.append(task)
                del section
                if len(begun) >= ROOMS_TOGETHER:
                    begun = await give_turn(begun)
        self._done.put_nowait(batch)
        if self._held > MOST_UNSETTLED:
            _log.warning("too much at once", events=self._held)
            await self._done.join()

    async def settle(self, inbox: Inbox, queues: RoomQueues) -> None:
        """Finish batches in their order, for ever: a sync token is stored when everything before it
        is done."""
        while True:
            await self._finish(inbox, queues, await self._done.get())
            self._done.task_done()

    async def _finish(self, inbox: Inbox, queues: RoomQueues, batch: SyncBatch) -> None:
        if batch.work:
            await asyncio.gather(*batch.work)
        await inbox.commit_batch(batch.token, batch.answered, batch.unmarked, batch.newest)
        batch.settled.set()
        self.caught_up.set()
        for room in await self._reader.overdue_rooms(batch.answered):
            _ = queues.add(
                room, partial(self._reader.report_unreadable, inbox, room, batch.answered)
            )
        await self._reader.drop_expired()
        self._held -= batch.held

    # --- rooms that the server cannot tell us of now ------------------------------------------

    async def load(self) -> None:
        """Load the list of rooms that were set aside before a restart, because their events could
        not be read."""
        async with self._db.reading() as tx:
            found = await stale_rooms.get_all(tx)
        for room, floor in found.items():
            self._mark_aside(room, floor)

    async def recover(self, inbox: Inbox, queues: RoomQueues) -> None:
        """Retry rooms that were set aside, for ever, until all their events have been read."""
        while True:
            await self._any_aside.wait()
            backoff = Backoff()
            while self._aside:
                await asyncio.sleep(backoff.next_wait())
                work = [queues.add(r, partial(self._retry_room, inbox, r)) for r in self._aside]
                await asyncio.gather(*work)
            self._any_aside.clear()

    async def _set_aside(self, room: RoomId, batch: SyncBatch) -> None:
        """Set the room aside, so that it delays nobody.

        Its history is filled later from that moment on.
        """
        async with self._db.transaction() as tx:
            await stale_rooms.put(tx, room, batch.when.floor)
        self._mark_aside(room, batch.when.floor)

    def _mark_aside(self, room: RoomId, floor: datetime | None) -> None:
        self._aside[room] = floor
        self._mirror.set_aside(room)
        self._any_aside.set()

    async def _retry_room(self, inbox: Inbox, room_id: RoomId) -> None:
        now = self._now()
        batch = SyncBatch(
            f"aside {now}", "", now, MessageClock(now, True, self._aside[room_id]), []
        )
        try:
            await self._mirror.fetch_state(room_id)
            if (room := await self._mirror.get_room(room_id)) is not None:
                batch.unmarked += await self._fill_gap(inbox, batch, room, None)
        except TryLater as later:
            _log.info("a room stays aside", code=later.code)
            return
        async with self._db.transaction() as tx:
            await sync.mark_all_seen(tx, batch.unmarked, now)
            await stale_rooms.drop(tx, room_id)
        del self._aside[room_id]
        self._mirror.set_aside(room_id, over=True)

    # --- rooms we are in ----------------------------------------------------------------------

    async def _handle_joined(
        self, inbox: Inbox, batch: SyncBatch, room_id: RoomId, section: Mapping[str, Any]
    ) -> None:
        if room_id in self._aside:
            return  # its events will be read from the history
        try:
            await self._hand_over(inbox, batch, room_id, section)
        except TryLater as later:
            _log.warning("a room is set aside", code=later.code)
            await self._set_aside(room_id, batch)

    async def _hand_over(
        self, inbox: Inbox, batch: SyncBatch, room_id: RoomId, section: Mapping[str, Any]
    ) -> None:
        room = await insist("state", partial(self._mirror.get_room, room_id))
        timeline = as_mapping(section.get("timeline"))
        said, entered = events_since_join(event_list(timeline), self._me)
        if room is None:
            return
        before = timeline.get("prev_batch")
        if timeline.get("limited") is True and not entered and isinstance(before, str):
            batch.unmarked += await self._fill_gap(inbox, batch, room, before)
        batch.unmarked += await self._read(inbox, room, said, batch.when)
        if entered:
            await self._before.read_requests(inbox, room, timeline, said, batch.when)

    async def _fill_gap(
        self, inbox: Inbox, batch: SyncBatch, room: Room, before: str | None
    ) -> list[EventId]:
        filled = await self._gaps.fill(room, before, batch.answered)
        late = replace(batch.when, late=True)
        unmarked, _ = await self._read_pages(inbox, room, filled, late)
        if not filled.is_whole:
            _log.warning("a gap is too long")
            made_up = synthetic_id("gap", room.room, before or batch.since)
            await inbox.receive(UnfilledGap(room.room, made_up, self._me, batch.answered))
        await self.holes.schedule(room.room, batch.when.floor or batch.answered)
        return unmarked

    async def recheck_gaps(self, inbox: Inbox, queues: RoomQueues) -> None:
        """Fetch, until cancelled, events of gaps that the homeserver itself did not have when the
        gap was filled."""
        await self.holes.run(queues, lambda hole: partial(self._recheck, inbox, hole))

    async def _recheck(self, inbox: Inbox, hole: GapCheck) -> None:
        async with self._db.reading() as tx:
            room = await get(tx, hole.room)
        if room is None or not room.joined:
            return  # `Mirror.note_left` deletes its gap checks
        now = self._now()
        when = MessageClock(now, late=True, floor=hole.floor)
        try:
            filled = await self._gaps.recheck(room, hole.floor, now)
            unmarked, found = await self._read_pages(inbox, room, filled, when)
        except TryLater:
            await self.holes.note_result(hole, found=False)
            return
        if unmarked:
            async with self._db.transaction() as tx:
                await sync.mark_all_seen(tx, unmarked, now)
        await self.holes.note_result(hole, found=found)

    async def _read_pages(
        self, inbox: Inbox, room: Room, filled: GapEvents, when: MessageClock
    ) -> tuple[list[EventId], bool]:
        """Return the events to mark as seen, and whether there were any events."""
        unmarked: list[EventId] = []
        found = False
        while (page := filled.pop_page()) is not None:
            unmarked += await self._read(inbox, room, page, when)
            found = True
        return unmarked, found

    async def _read(
        self, inbox: Inbox, room: Room, said: Sequence[Mapping[str, Any]], when: MessageClock
    ) -> list[EventId]:
        unmarked: list[EventId] = []
        for start in range(0, len(said), PAGE_EVENTS):
            unmarked += await self._reader.read(
                inbox, room, said[start : start + PAGE_EVENTS], when
            )
        if self._reader.unknown_devices:
            self.unknown_devices.set()
        return unmarked

    # --- rooms we are not in ------------------------------------------------------------------

    async def _handle_invite(
        self, inbox: Inbox, batch: SyncBatch, room: RoomId, section: Mapping[str, Any]
    ) -> None:
        """Report an invitation."""
        invited = read_invitation(room, section, self._me, batch)
        if invited is not None:
            self._hints[room] = invited.sender.partition(":")[2]
            await inbox.receive(invited)

    async def _fill_last_gap(
        self, inbox: Inbox, batch: SyncBatch, room: Room, timeline: Mapping[str, Any]
    ) -> None:
        """Read what came before the end of a room that we are out of; its server may refuse it."""
        before = timeline.get("prev_batch")
        if timeline.get("limited") is not True or not isinstance(before, str):
            return
        try:
            batch.unmarked += await self._fill_gap(inbox, batch, room, before)
        except TryLater as later:
            _log.warning("the last messages of a room are not read", code=later.code)

    async def _handle_left(
        self, inbox: Inbox, batch: SyncBatch, room_id: RoomId, section: Mapping[str, Any]
    ) -> None:
        """Read what was said until we left or were removed, note that, and have the server forget
        the room."""
        said = event_list(section.get("timeline"))
        async with self._db.reading() as tx:
            room = await get(tx, room_id)
        if room is not None and room.joined:  # while its members are known
            await self._fill_last_gap(inbox, batch, room, as_mapping(section.get("timeline")))
            messages = [e for e in until_left(said, self._me) if "state_key" not in e]
            batch.unmarked += await self._read(inbox, room, messages, batch.when)
        await self._mirror.note_left(room_id, said=said)
        if room is not None:
            state = [e for e in said if "state_key" in e]
            batch.unmarked += await self._read(inbox, room, state, batch.when)
        try:
            await self._http.call(
                "POST", f"/_matrix/client/v3/rooms/{path_segment(room_id)}/forget", {}
            )
        except (Refused, TryLater) as error:
            _log.info("not forgotten", code=error.code)
