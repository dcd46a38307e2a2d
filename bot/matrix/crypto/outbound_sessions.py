"""Outbound Megolm sessions: who has been given each, and when it must be replaced.

H5 and H12 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import vodozemac

from bot.gateway import Refused, TryLater
from bot.matrix.crypto.devices import DeviceRegistry
from bot.matrix.crypto.history_marks import SHARED_HISTORY
from bot.matrix.crypto.key_requests import KeyExchange, try_halving
from bot.matrix.crypto.olm_machine import GuardedOlm
from bot.matrix.crypto.trust import Device
from bot.matrix.crypto.wire import MEGOLM, JsonHttp
from bot.signing.canonical_json import encode_canonical
from bot.types import RoomId, UserId

DEVICES_PER_REQUEST = 100
"""Limit of devices in one to-device request."""
MOST_MESSAGES, LONGEST_USE = 100, 7 * 24 * 3600.0
"""Default limits of a session, in messages and seconds (spec, m.room.encryption)."""
REQUERY_AFTER = 1.0
"""Seconds before somebody without any signed device is queried once more.

Synapse stores a person's devices before their cross-signing keys: a query in between finds
nothing signed.
"""
WITHHELD = "The bot sends its keys only to devices that are signed by their owner."


@dataclass(slots=True)
class RoomSession:
    """A session that we encrypt with. It is never stored: a restart starts a new one."""

    session: vodozemac.GroupSession
    born: float
    shared: bool
    messages: int = 0
    given: set[Device] = field(default_factory=set)
    withheld: set[Device] = field(default_factory=set)
    known: dict[UserId, set[str]] = field(default_factory=dict)
    settled: tuple[object, ...] = ()
    retry_at: float | None = None


class KeySharer:
    """Gives each room's session to every device that should read it, before anything is sent."""

    def __init__(
        self, olm: GuardedOlm, book: DeviceRegistry, keys: KeyExchange, clock: Callable[[], float]
    ) -> None:
        self._olm, self._book, self._keys, self._clock = olm, book, keys, clock
        self._rooms: dict[RoomId, RoomSession] = {}
        self._turns: dict[RoomId, asyncio.Lock] = {}
        self._doubted: set[UserId] = set()
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
        """Return ciphertext and session id of `payload`, whose key all readers have been given.

        `shared`: they may give the key to whoever is invited later.
        """
        async with self._turns.setdefault(room, asyncio.Lock()):
            outbound = self._rooms.get(room)
            if outbound is not None and outbound.shared != shared:
                outbound = None
                self.discard_session(room)  # a mark holds for all of a session (MSC4268)
            if outbound is None or not self._is_unchanged(outbound, rules, members, everyone):
                outbound = await self._prepare_session(
                    http, room, rules, members, everyone=everyone, shared=shared
                )
            outbound.messages += 1
            sealed = outbound.session.encrypt(encode_canonical(payload))
        return sealed.to_base64(), outbound.session.session_id

    def discard_session(self, room: RoomId) -> None:
        """Use a new session for what is sent next in the room."""
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

    def _is_expired(self, outbound: RoomSession, rules: Mapping[str, Any]) -> bool:
        """Return whether the session must be replaced.

        The room's rules may shorten its life, not lengthen it: anybody may set them.
        """
        most = min(_positive_or(rules.get("rotation_period_msgs"), MOST_MESSAGES), MOST_MESSAGES)
        longest = min(
            _positive_or(rules.get("rotation_period_ms"), LONGEST_USE * 1000) / 1000, LONGEST_USE
        )
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
        if outbound is None or self._is_expired(outbound, rules) or _must_rotate(outbound, readers):
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
        session = vodozemac.GroupSession()
        with self._olm.store.atomic():
            # so that we can decrypt our own messages later
            me = (UserId(self._olm.user_id), self._olm.curve25519, self._olm.ed25519)
            self._olm.add_megolm_session(*me, _key_content(room, session, shared=shared))
        outbound = self._rooms[room] = RoomSession(session, self._clock(), shared)
        return outbound

    async def _send_keys(
        self, http: JsonHttp, room: RoomId, outbound: RoomSession, missing: set[Device]
    ) -> None:
        """Send the key. A device has it when the server took it, not earlier.

        If the server refuses a request because of one recipient, the others still get theirs.
        """
        todo = {d for d in missing if self._keys.patience.is_due(d)}
        if not todo:
            return
        await self._keys.start_sessions(http, todo)
        content = _key_content(room, outbound.session, shared=outbound.shared)
        for parcel in device_chunks(todo):
            sealed = self._keys.encrypt_for(parcel, "m.room_key", content)

            async def send(devices: list[Device], sealed: Mapping[Device, Any] = sealed) -> None:
                await self._keys.send_to_devices(
                    http, "m.room.encrypted", {d: sealed[d] for d in devices}
                )
                outbound.given.update(devices)

            await try_halving(list(sealed), send, self._note_refusal, frozenset())
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
        for parcel in device_chunks(others):
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


def _must_rotate(outbound: RoomSession, readers: set[Device]) -> bool:
    """Return whether somebody lost the right to read on, or has a device that is new to us (H12).

    A device counts with its keys and signature: a changed one is another one. People who join,
    devices signed later and unreachable ones are offered the session as it is.
    """
    if outbound.given - readers:
        return True
    return any(
        d.user_id in outbound.known and d.id not in outbound.known[d.user_id] for d in readers
    )


def device_chunks(devices: set[Device]) -> Iterator[list[Device]]:
    todo = sorted(devices, key=lambda d: (d.user_id, d.id))
    return (
        todo[start : start + DEVICES_PER_REQUEST]
        for start in range(0, len(todo), DEVICES_PER_REQUEST)
    )


def _key_content(room: RoomId, session: vodozemac.GroupSession, *, shared: bool) -> dict[str, Any]:
    mark = {SHARED_HISTORY: True} if shared else {}
    return mark | {
        "algorithm": MEGOLM,
        "room_id": room,
        "session_id": session.session_id,
        "session_key": session.session_key.to_base64(),
    }


def _positive_or(value: Any, otherwise: float) -> float:
    known = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53
    return value if known else otherwise
