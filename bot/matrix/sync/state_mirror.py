"""Keep `storage/rooms.py` equal to the server's state: from state only, never from ciphertext.

(C1 in tests/matrix/test_points.py.)
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import structlog

from bot.gateway import Refused, TryLater
from bot.matrix.fields import as_mapping, event_list, read_membership, sent_at
from bot.matrix.http import Http, path_segment
from bot.matrix.parcels import parcels_of
from bot.types import Membership, RoomId, UserId
from storage import rooms
from storage.catch_up import gap_checks, undecrypted_events
from storage.database import Database, Tx
from storage.membership import removals, room_outsiders, room_state
from storage.membership.room import Room

_STATE_AFTER_KEYS = ("state_after", "org.matrix.msc4222.state_after")
_MOST_PARALLEL = 8
_TAKEN_TOGETHER = 50
"""How many rooms' states are stored in one commit."""
_STATE_TIMEOUT = 10.0
"""Seconds that a batch waits for states. A later one delays only its own room."""

_log = structlog.get_logger()


class Mirror:
    """What we know of rooms. A room with an outdated copy is `stale` until its state is fetched."""

    def __init__(self, http: Http, db: Database, me: UserId) -> None:
        self._http = http
        self._db = db
        self._me = me
        self._joined: set[RoomId] = set()
        self._lost: set[RoomId] = set()
        """The network's rooms that we left or were taken out of since the start."""
        self._stale: set[RoomId] = set()
        self._aside: set[RoomId] = set()
        self._locks: defaultdict[RoomId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self) -> None:
        async with self._db.reading() as tx:
            self._joined = {r.room for r in await rooms.joined_rooms(tx)}
            self._stale |= await room_outsiders.unknown_rooms(tx)

    async def get_room(self, room: RoomId) -> Room | None:
        """Return the room as the server describes it now, or None if we are not in it."""
        if room in self._stale or (room not in self._joined and not await self._is_stored(room)):
            await self.fetch_state(room)
        async with self._db.reading() as tx:
            found = await rooms.get(tx, room)
        return found if found and found.joined else None

    async def _is_stored(self, room: RoomId) -> bool:
        async with self._db.reading() as tx:
            return await rooms.get(tx, room) is not None

    async def members(self, room: RoomId) -> list[UserId]:
        async with self._db.reading() as tx:
            return await rooms.members(tx, room)

    async def fetch_state(self, room: RoomId) -> None:
        """Fetch all of the room's state and store it.

        If the bot is not in the room any more, note that. Raises `TryLater`.
        """
        async with self._locks[room]:
            self._stale.discard(room)
            try:
                state = await self._http.get_list(
                    f"/_matrix/client/v3/rooms/{path_segment(room)}/state"
                )
            except Refused as refused:
                _log.info("no state", code=refused.code)
                await self.note_left(room)
                return
            except BaseException:
                self._stale.add(room)
                raise
            if self._own_join(state) is None:
                await self.note_left(room)
                return
            try:
                async with self._db.transaction() as tx:
                    await self._store(tx, room, state)
            except BaseException:  # cancelled too: slow states are cut off
                self._stale.add(room)
                raise
            self._lost.discard(room)
            self._joined.add(room)

    def set_aside(self, room: RoomId, *, over: bool = False) -> None:
        """Mark the room's stored state as outdated, without any batch waiting for it, until called
        with `over`."""
        if over:
            self._aside.discard(room)
        else:
            self._aside.add(room)
            self._stale.add(room)

    async def note_left(self, room: RoomId, *, said: Iterable[Mapping[str, Any]] = ()) -> None:
        """Store that the bot is no longer in the room, and delete what only a member needs.

        `said`: events that may tell who took the bot out. A later call may bring them, since the
        server often refuses the room's state to us before it sends them.
        """
        at = _removed_at(said, self._me)
        async with self._db.transaction() as tx:
            if await removals.is_kept_for(tx, room):
                self._lost.add(room)
            if at is not None and room in self._lost:
                await removals.note(tx, room, at)
                _log.warning("somebody took the bot out of a room")
            await rooms.mark_left(tx, room)
            await undecrypted_events.drop_room(tx, room)
            await gap_checks.forget(tx, room)
        self._joined.discard(room)
        self._stale.discard(room)

    async def update(self, batch: Iterable[tuple[RoomId, Mapping[str, Any]]]) -> None:
        """Store what a sync batch says of joined rooms' state (MSC4222; otherwise the state is
        fetched).

        Never raises `TryLater`: a room whose state cannot be fetched now stays outdated.
        """
        sections = list(batch)
        taken = await self._take_whole(sections)
        changed: list[tuple[RoomId, list[dict[str, Any]]]] = []
        for room, section in sections:
            if section is taken.get(room):
                continue
            after = _state_after(section)
            if room not in self._joined or (after is None and _has_state(section)):
                self._stale.add(room)
            elif state := event_list(after):
                changed.append((room, state))
        await self._apply(changed)
        if self._stale - self._aside:
            await self._fetch_stale()

    async def _take_whole(
        self, sections: Iterable[tuple[RoomId, Mapping[str, Any]]]
    ) -> dict[RoomId, Mapping[str, Any]]:
        """Take the states of rooms that are new to us where the sync tells them whole.

        A first sync does so for all rooms. Else each of hundreds would be asked for. Return what
        was taken.
        """
        known = self._joined | self._stale | self._aside
        whole = {
            room: section
            for room, section in sections
            if room not in known
            and not self._locks[room].locked()
            and self._is_whole(event_list(_state_after(section)))
        }
        for some in parcels_of(list(whole), _TAKEN_TOGETHER):
            async with self._storing(some) as tx:
                for room in some:
                    await self._store(tx, room, event_list(_state_after(whole[room])))
            self._joined.update(some)
            self._lost.difference_update(some)
        return whole

    def _is_whole(self, state: list[dict[str, Any]]) -> bool:
        """Return whether it is all of a room that we are in: since it was made, it is all new."""
        return self._own_join(state) is not None and any(
            event.get("type") == "m.room.create" for event in state
        )

    def _own_join(self, state: list[dict[str, Any]]) -> dict[str, Any] | None:
        mine = next((event for event in state if _is_member(event, self._me)), {})
        joined = read_membership(as_mapping(mine.get("content"))) is Membership.JOIN
        return mine if joined else None

    async def _store(self, tx: Tx, room: RoomId, state: list[dict[str, Any]]) -> None:
        await rooms.mark_joined(tx, room, sent_at(self._own_join(state) or {}))
        await room_state.apply_state(tx, room, state, whole=True)

    async def _apply(self, changed: Sequence[tuple[RoomId, list[dict[str, Any]]]]) -> None:
        """Store changes of rooms' states, many in one commit: a start after a night brings
        hundreds."""
        for some in parcels_of(changed, _TAKEN_TOGETHER):
            # A state fetched before a change may be written after it: fetch again.
            fetched = {room for room, _ in some if self._locks[room].locked()}
            self._stale |= fetched
            here = [(room, state) for room, state in some if room not in fetched]
            if here:
                async with self._storing({room for room, _ in here}) as tx:
                    for room, state in here:
                        await room_state.apply_state(tx, room, state, whole=False)

    @asynccontextmanager
    async def _storing(self, some: Iterable[RoomId]) -> AsyncIterator[Tx]:
        """Return a context for storing the states of these rooms, in one transaction."""
        async with AsyncExitStack() as held:
            for room in some:
                await held.enter_async_context(self._locks[room])
            async with self._db.transaction() as tx:
                yield tx

    async def _fetch_stale(self) -> None:
        gate = asyncio.Semaphore(_MOST_PARALLEL)

        async def one(room: RoomId) -> None:
            async with gate:
                if room in self._stale:
                    await self._try_fetch(room)

        try:
            async with asyncio.timeout(_STATE_TIMEOUT), asyncio.TaskGroup() as group:
                for room in self._stale - self._aside:
                    group.create_task(one(room))
        except TimeoutError:
            _log.warning("states are slow", rooms=len(self._stale))

    async def _try_fetch(self, room: RoomId) -> None:
        try:
            await self.fetch_state(room)
        except TryLater as later:
            _log.info("state comes later", code=later.code)


def has_members(section: Mapping[str, Any]) -> bool:
    """Return whether a room's part of a sync says that somebody came, went or changed."""
    events = [*event_list(_state_after(section)), *event_list(section.get("timeline"))]
    return any(event.get("type") == "m.room.member" for event in events)


def _state_after(section: Mapping[str, Any]) -> Any:
    return next((section[key] for key in _STATE_AFTER_KEYS if key in section), None)


def _has_state(section: Mapping[str, Any]) -> bool:
    timeline = event_list(section.get("timeline"))
    return bool(event_list(section.get("state"))) or any("state_key" in e for e in timeline)


def _is_member(event: Mapping[str, Any], user: UserId) -> bool:
    return event.get("type") == "m.room.member" and event.get("state_key") == user


def _removed_at(said: Iterable[Mapping[str, Any]], me: UserId) -> datetime | None:
    """Return when somebody else took us out, by the last of these events that is about us."""
    ours = [e for e in said if e.get("type") == "m.room.member" and e.get("state_key") == me]
    return sent_at(ours[-1]) if ours and ours[-1].get("sender") != me else None
