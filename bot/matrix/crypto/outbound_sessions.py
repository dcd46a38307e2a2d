"""Outbound Megolm sessions: who has been given each, and when it must be replaced.

H5 and H12 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

import vodozemac

from bot.gateway import Refused, TryLater
from bot.matrix.crypto.devices import DeviceRegistry
from bot.matrix.crypto.key_requests import DEVICES_PER_REQUEST, KeyExchange
from bot.matrix.crypto.olm_machine import OlmMachine
from bot.matrix.crypto.room_session import RoomSession, WantingRooms, key_content, must_rotate
from bot.matrix.crypto.trust import Device
from bot.matrix.crypto.wire import MEGOLM, JsonHttp
from bot.matrix.parcels import for_each_parcel, try_halving
from bot.signing.canonical_json import encode_canonical
from bot.types import RoomId, UserId

MOST_MESSAGES, LONGEST_USE = 100, 7 * 24 * 3600.0
"""Default limits of a session, in messages and seconds (spec, m.room.encryption)."""
LEFT_UNUSED = 3600.0
"""Least seconds before a session that nothing was said under is replaced ahead of need."""
MOST_RECENT = 50
"""Limit of rooms that are given keys ahead: those in which we spoke last. A new device of somebody
in hundreds of rooms would else cost as many sessions at once, most of them for nothing."""
REQUERY_AFTER = 1.0
"""Seconds before somebody without any signed device is queried once more.

Synapse stores a person's devices before their cross-signing keys: a query in between finds
nothing signed.
"""
WITHHELD = "The bot sends its keys only to devices that are signed by their owner."


class KeySharer:
    """Gives each room's session to every device that should read it, before anything is sent."""

    def __init__(
        self, olm: OlmMachine, book: DeviceRegistry, keys: KeyExchange, clock: Callable[[], float]
    ) -> None:
        self._olm, self._book, self._keys, self._clock = olm, book, keys, clock
        self._rooms: dict[RoomId, RoomSession] = {}
        self._spoken: dict[RoomId, None] = {}
        self._turns: dict[RoomId, asyncio.Lock] = {}
        self._me = UserId(olm.user_id)
        self._doubted: set[UserId] = set()
        self.wanting = WantingRooms()
        self.refused: Counter[str] = Counter()

    async def encrypt(
        self,
        http: JsonHttp,
        room: RoomId,
        rules: Mapping[str, Any],
        members: Sequence[UserId],
        payload: Mapping[str, Any],
        *,
        everyone: bool,
        shared: bool,
    ) -> tuple[str, str]:
        """Return the ciphertext and the session id of `payload`, after giving all readers the
        session's key.

        `shared`: they may give the key to whoever is invited later.
        """
        async with self._turns.setdefault(room, asyncio.Lock()):
            outbound = await self._current_session(
                http, room, rules, members, everyone=everyone, shared=shared
            )
            if not outbound.messages:
                self._keep_own_copy(room, outbound)
            outbound.messages += 1
            self._note_spoken(room)
            sealed = outbound.session.encrypt(encode_canonical(payload))
        if self._is_expired(outbound, rules, soon=True):
            self.wanting.add(room)
        return sealed.to_base64(), outbound.session.session_id

    async def prepare(
        self,
        http: JsonHttp,
        room: RoomId,
        rules: Mapping[str, Any],
        members: Sequence[UserId],
        *,
        shared: bool,
    ) -> None:
        """Give all readers the key of the room's next message, so that it need not wait for that.

        Who gets it is decided as for a message, and again when there is one.
        """
        async with self._turns.setdefault(room, asyncio.Lock()):
            outbound = self._rooms.get(room)
            if outbound is not None and self._is_left_unused(outbound):
                return
            if outbound is not None and self._is_expired(outbound, rules, soon=True):
                self.discard_session(room)
            await self._current_session(http, room, rules, members, everyone=False, shared=shared)

    def keep_copy_ahead(self, room: RoomId) -> None:
        """Store our own copy of the session that the bot's first message in the room will begin, if
        one is prepared.

        For whoever has a transaction open because somebody spoke there: the answer, which is
        likely, then waits once less for the disk. If it is rolled back, the message stores it.
        """
        outbound = self._rooms.get(room)
        if outbound is not None and not outbound.messages and not outbound.has_copy:
            self._keep_own_copy(room, outbound)
            outbound.has_copy = True

    def _is_left_unused(self, outbound: RoomSession) -> bool:
        return not outbound.messages and self._clock() - outbound.born < LEFT_UNUSED

    def _note_spoken(self, room: RoomId) -> None:
        """Note the room as the one in which we spoke last."""
        self._spoken.pop(room, None)
        self._spoken[room] = None
        if len(self._spoken) > MOST_RECENT:
            del self._spoken[next(iter(self._spoken))]

    def want_where_known(self, people: AbstractSet[UserId]) -> None:
        """Request keys to be prepared for recent rooms whose session these people have, if their
        devices have changed."""
        recent = [(room, self._rooms[room]) for room in self._spoken if room in self._rooms]
        for room, outbound in recent:
            if outbound.settled[:1] != (self._book.version,) and outbound.known.keys() & people:
                self.wanting.add(room)

    def want_recent(self) -> None:
        """Request keys to be prepared for the rooms with the latest own copies of sessions that
        could still be in use: the bot spoke there, or others did where it had spoken.

        For after a start: sessions are not stored, and these rooms are likely to need the next.
        """
        since = int(time.time() - LONGEST_USE)
        spoken = self._olm.store.megolm.rooms_of(self._me, self._olm.curve25519, since)
        for room in spoken[:MOST_RECENT]:
            self.wanting.add(room)

    def want_in(self, rooms: Iterable[RoomId]) -> None:
        """Request keys to be prepared for those of these rooms in which the bot spoke last."""
        for room in self._spoken.keys() & set(rooms):
            self.wanting.add(room)

    async def _current_session(
        self,
        http: JsonHttp,
        room: RoomId,
        rules: Mapping[str, Any],
        members: Sequence[UserId],
        *,
        everyone: bool,
        shared: bool,
    ) -> RoomSession:
        outbound = self._rooms.get(room)
        if outbound is not None and outbound.shared != shared:
            outbound = None
            self.discard_session(room)  # a mark holds for all of a session (MSC4268)
        if outbound is None or not self._is_unchanged(outbound, rules, members, everyone):
            outbound = await self._prepare_session(
                http, room, rules, members, everyone=everyone, shared=shared
            )
        return outbound

    def discard_session(self, room: RoomId) -> None:
        """Discard the room's session, so that the next message begins a new one."""
        self._rooms.pop(room, None)

    def _is_unchanged(
        self,
        outbound: RoomSession,
        rules: Mapping[str, Any],
        members: Sequence[UserId],
        everyone: bool,
    ) -> bool:
        """Return whether nothing has changed since the last message: then no request is needed."""
        due = outbound.retry_at is not None and outbound.retry_at <= self._clock()
        same = outbound.settled == (self._book.version, tuple(members), everyone)
        return same and not due and not self._is_expired(outbound, rules)

    def _is_expired(
        self, outbound: RoomSession, rules: Mapping[str, Any], *, soon: bool = False
    ) -> bool:
        """Return whether the session must be replaced; with `soon`, after nine tenths of its life.

        The room's rules may shorten its life, not lengthen it: anybody may set them.
        """
        most = min(_positive_or(rules.get("rotation_period_msgs"), MOST_MESSAGES), MOST_MESSAGES)
        longest = min(
            _positive_or(rules.get("rotation_period_ms"), LONGEST_USE * 1000) / 1000, LONGEST_USE
        )
        if soon:
            most, longest = most - most // 10, longest - longest / 10
        return outbound.messages >= most or self._clock() - outbound.born >= longest

    async def _prepare_session(
        self,
        http: JsonHttp,
        room: RoomId,
        rules: Mapping[str, Any],
        members: Sequence[UserId],
        *,
        everyone: bool,
        shared: bool,
    ) -> RoomSession:
        stale = [u for u in members if u not in self._book.fresh]
        if stale:
            await self._keys.query_devices(http, stale)
        if not everyone:
            await self._requery(http, members)
        version = self._book.version
        theirs = {u: [d for d in self._book.devices_of(u) if not self._is_me(d)] for u in members}
        readers = {d for ds in theirs.values() for d in ds if everyone or d.signed}
        outbound = self._rooms.get(room)
        if outbound is None or self._is_expired(outbound, rules) or must_rotate(outbound, readers):
            outbound = self._new_session(room, shared)
        await self._send_keys(http, room, outbound, readers - outbound.given)
        others = {d for ds in theirs.values() for d in ds} - readers
        await self._send_withheld(http, room, outbound, others - outbound.withheld)
        outbound.known = {u: {d.id for d in ds} for u, ds in theirs.items()}
        outbound.retry_at = self._keys.patience.next_due([*stale, *(readers - outbound.given)])
        outbound.settled = (version, tuple(members), everyone)
        return outbound

    async def _requery(self, http: JsonHttp, members: Sequence[UserId]) -> None:
        """Query people without a signed device once more, since the first answer may have come too
        early."""
        doubtful = {
            u
            for u in members
            if u not in self._doubted
            and any(True for _ in self._book.devices_of(u))
            and not any(d.signed for d in self._book.devices_of(u))
        }
        if doubtful:
            self._doubted |= doubtful
            await asyncio.sleep(REQUERY_AFTER)
            await self._keys.query_devices(http, doubtful)

    def _is_me(self, device: Device) -> bool:
        # H5: nio compares the device id alone, and two accounts may share one.
        return (device.user_id, device.id) == (self._olm.user_id, self._olm.device_id)

    def _new_session(self, room: RoomId, shared: bool) -> RoomSession:
        outbound = RoomSession(vodozemac.GroupSession(), self._clock(), shared)
        self._rooms[room] = outbound
        return outbound

    def _keep_own_copy(self, room: RoomId, outbound: RoomSession) -> None:
        """Store the session as one that we can decrypt with: we read our own messages later."""
        with self._olm.store.atomic():
            me = (self._me, self._olm.curve25519, self._olm.ed25519)
            self._olm.add_megolm_session(*me, key_content(room, outbound.session, outbound.shared))

    async def _send_keys(
        self, http: JsonHttp, room: RoomId, outbound: RoomSession, missing: set[Device]
    ) -> None:
        """Send the key. A device has it when the server took it, not earlier.

        If the server refuses a request because of one recipient, the others still get theirs.
        """
        todo = {d for d in missing if self._keys.patience.is_due(d)}
        content = key_content(room, outbound.session, outbound.shared)

        async def give(parcel: list[Device]) -> None:
            await self._keys.start_sessions(http, parcel)
            sealed = self._keys.encrypt_for(parcel, "m.room_key", content)
            await try_halving(list(sealed), partial(send, sealed), self._note_refusal, frozenset())

        async def send(sealed: Mapping[Device, Any], devices: list[Device]) -> None:
            some = {d: sealed[d] for d in devices}
            await self._keys.send_to_devices(http, "m.room.encrypted", some)
            outbound.given.update(devices)

        await for_each_parcel(give, in_order(todo), DEVICES_PER_REQUEST)
        for device in outbound.given & todo:
            self._keys.patience.note_success(device)

    def _note_refusal(self, device: Device) -> None:
        """Note that the server refused for good. It is tried again ever less often."""
        self.refused["room_key"] += 1
        self._keys.patience.note_failure(device, 1)

    async def _send_withheld(
        self, http: JsonHttp, room: RoomId, outbound: RoomSession, others: set[Device]
    ) -> None:
        """Tell unsigned devices once per session that they get no key (m.room_key.withheld)."""
        content = {
            "algorithm": MEGOLM,
            "room_id": room,
            "session_id": outbound.session.session_id,
            "sender_key": self._olm.curve25519,
            "code": "m.unverified",
            "reason": WITHHELD,
        }

        async def tell(parcel: list[Device]) -> None:
            try:
                await self._keys.send_to_devices(
                    http, "m.room_key.withheld", dict.fromkeys(parcel, content)
                )
            except TryLater:
                self.refused["withheld"] += 1  # optional: no message waits for it
                return
            except Refused:
                self.refused["withheld"] += 1
            outbound.withheld.update(parcel)

        await for_each_parcel(tell, in_order(others), DEVICES_PER_REQUEST)


def in_order(devices: Iterable[Device]) -> list[Device]:
    """Return the devices of all people in one list, each person's one after the other."""
    return sorted(devices, key=lambda d: (d.user_id, d.id))


def _positive_or(value: Any, otherwise: float) -> float:
    known = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53
    return value if known else otherwise
