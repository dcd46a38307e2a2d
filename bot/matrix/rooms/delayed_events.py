"""Events that lie at the homeserver until their time comes (MSC4140)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.gateway import DelayedEvent, DelayLimits, Refused, TryLater
from bot.matrix.fields import as_mapping
from bot.matrix.http import Http, path_segment
from bot.matrix.rooms.member_encryption import MemberEncryption
from bot.matrix.rooms.membership import ROOMS_API
from bot.matrix.rooms.sent_event_search import TRANSACTION_FIELD
from bot.types import RoomId, UserId
from storage.membership.room import Room

MANAGE_API = "/_matrix/client/unstable/org.matrix.msc4140/delayed_events"
CAPABILITY = "org.matrix.msc4140.delayed_events"
DELAY = "org.matrix.msc4140.delay"
LONGEST_ID = 255
MOST_LISTED = 1000
FEW = 100
"""How many a homeserver takes that does not say so (Synapse's default)."""


async def read_limits(http: Http) -> DelayLimits | None:
    """Return the limits of delayed events in the homeserver's capabilities, or None if it takes
    none."""
    answer = await http.call("GET", "/_matrix/client/v3/capabilities", timeout=10)
    said = as_mapping(as_mapping(answer, "capabilities"), CAPABILITY)
    longest, most = _count(said.get("max_delay_ms")), _count(said.get("max_scheduled", FEW))
    if not longest or not most:
        return None
    return DelayLimits(timedelta(milliseconds=longest), most)


class DelayedEvents:
    """What the bot leaves at its homeserver. `turns` are the rooms' locks, one sender at a time."""

    def __init__(
        self,
        http: Http,
        encryption: MemberEncryption,
        turns: Mapping[RoomId, asyncio.Lock],
        find_room: Callable[[RoomId], Awaitable[Room]],
    ) -> None:
        self._http = http
        self._encryption = encryption
        self._turns = turns
        self._find_room = find_room

    async def limits(self) -> DelayLimits | None:
        """Return the homeserver's limits of delayed events (`GET /capabilities`), or None if it
        takes none."""
        return await read_limits(self._http)

    async def leave(
        self,
        room: RoomId,
        kind: str,
        content: Mapping[str, Any],
        txn: str,
        delay: timedelta,
        *,
        alone: UserId,
    ) -> str:
        """Encrypt an event now, leave it at the homeserver to be sent later, and return its delay
        id.

        Idempotent by `txn` while the server runs. Raises `Refused` in a room without encryption.
        """
        async with self._turns[room]:
            where = await self._find_room(room)
            if not where.is_encrypted:
                raise Refused("M_FORBIDDEN", "nothing is left in plain text")
            body = {**content, TRANSACTION_FIELD: txn}
            sealed = await self._encryption.encrypt(where, kind, body, alone, None)
            return await self._put(room, sealed, txn, delay)

    async def _put(
        self, room: RoomId, sealed: Mapping[str, Any], txn: str, delay: timedelta
    ) -> str:
        path = f"{ROOMS_API}/{path_segment(room)}/send/m.room.encrypted/{path_segment(txn)}"
        query = {DELAY: str(max(0, round(delay.total_seconds() * 1000)))}
        found = (await self._http.call("PUT", path, sealed, query=query)).get("delay_id")
        if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
            raise TryLater("bad_json")
        return found

    async def listed(self) -> list[DelayedEvent]:
        """Return the bot's events that the homeserver keeps to send later. Malformed entries are
        left out."""
        answer = await self._http.call("GET", MANAGE_API)
        listed = answer.get("delayed_events")
        if not isinstance(listed, list):
            raise TryLater("bad_json")
        return [one for entry in listed[:MOST_LISTED] if (one := _read(as_mapping(entry)))]

    async def cancel(self, delay_id: str) -> bool:
        """Cancel a delayed event. Return False if it is not there: it was sent, or cancelled."""
        path = f"{MANAGE_API}/{path_segment(delay_id)}"
        try:
            await self._http.call("POST", f"{path}/cancel", {})
        except Refused as refused:
            if refused.code == "M_NOT_FOUND":
                return False
            if refused.code != "M_UNRECOGNIZED":
                raise
        else:
            return True
        return await self._cancel_by_action(path)

    async def _cancel_by_action(self, path: str) -> bool:
        """Take an event back at a homeserver of before the paths of their own (2025)."""
        try:
            await self._http.call("POST", path, {"action": "cancel"})
        except Refused as refused:
            if refused.code != "M_NOT_FOUND":
                raise
            return False
        return True

    async def cancel_all(self) -> int:
        """Cancel all the bot's delayed events. Return how many there were.

        Waits between calls as long as the homeserver asks.
        """
        taken = 0
        for one in await self.listed():
            taken += await self._cancel_patiently(one.delay_id)
        return taken

    async def _cancel_patiently(self, delay_id: str) -> bool:
        while True:
            try:
                return await self.cancel(delay_id)
            except TryLater as later:
                if later.code != "M_LIMIT_EXCEEDED":
                    raise
                await asyncio.sleep((later.after or timedelta(seconds=1)).total_seconds())


def _count(value: Any) -> int:
    """Return a positive number, no larger than dates can be computed with, or 0."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(value, 10**13) if is_number and value > 0 else 0


def _read(entry: Mapping[str, Any]) -> DelayedEvent | None:
    delay_id, room = entry.get("delay_id"), entry.get("room_id")
    since = _count(entry.get("delayed_since_ts", entry.get("running_since")))
    if not isinstance(delay_id, str) or not isinstance(room, str) or not since:
        return None
    left, delay = datetime.fromtimestamp(since / 1000, UTC), _count(entry.get("delay_ms"))
    send_at = left + timedelta(milliseconds=delay) if delay else None
    return DelayedEvent(delay_id, RoomId(room), left, send_at)
