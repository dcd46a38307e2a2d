"""Room upgrades (`m.room.tombstone`): check that the new room is what it claims to be."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.gateway import Refused, TryLater
from bot.matrix.backoff import insist
from bot.matrix.fields import mapping, room_id
from bot.matrix.http import Http, part
from bot.matrix.sync.state_mirror import Mirror
from bot.matrix.sync.translation import Heard, hear
from bot.types import EventId, RoomId, Upgraded

_log = structlog.get_logger()
_STATE = "/_matrix/client/v3/rooms/{}/state"


class Upgrades:
    """Follows a tombstone only if both rooms name each other (spec §Room upgrades)."""

    def __init__(self, http: Http, mirror: Mirror, hints: dict[RoomId, str]) -> None:
        self._http = http
        self._hints = hints
        self._mirror = mirror

    async def of(self, heard: Heard) -> Upgraded | None:
        """Return what a tombstone in server state says, or None if it names no room."""
        successor = heard.content.get("replacement_room")
        old = await insist("state", lambda: self._mirror.room(heard.room))
        if old is None or not room_id(successor):
            return None
        powered = old.power_of(heard.sender) >= old.power_for("m.room.tombstone", state=True)
        new = RoomId(str(successor))
        self._hints[new] = heard.sender.partition(":")[2]
        authentic = powered and await self._points_back(new, heard.room)
        return Upgraded(heard.room, heard.event, heard.sender, heard.at, new, authentic, powered)

    async def entered(self, room: RoomId, heard: Heard) -> Upgraded | None:
        """Check, after we joined `room`, the upgrade that led to it: its create event is readable
        now.

        Reported with an event id of its own, since the tombstone was reported as unproven before.
        """
        new = await insist("state", lambda: self._mirror.room(room))
        if new is None or new.predecessor is None:
            return None
        try:
            state = await insist("state", partial(self._old_state, new.predecessor, room))
        except (Refused, TryLater) as error:
            _log.warning("an upgrade stays unproven", code=error.code)
            return None
        old_room = new.predecessor
        for event in state:
            stone = hear(old_room, event, lambda _: heard.at, heard.late)
            if stone is not None and stone.kind == "m.room.tombstone" and stone.state_key == "":
                told = await self.of(stone)
                return replace(told, event=_proof(stone)) if told else None
        return None

    async def _old_state(self, old: RoomId, new: RoomId) -> list[dict[str, Any]]:
        """Return the state of our room if it names `new` as its successor, else []."""
        known = await self._mirror.room(old)
        if known is None or known.successor != new:
            return []
        return await self._http.listing(_STATE.format(part(old)))

    async def _points_back(self, new: RoomId, old: RoomId) -> bool:
        path = f"{_STATE.format(part(new))}/m.room.create/"
        try:
            create = await insist("state", lambda: self._http.call("GET", path))
        except (Refused, TryLater):
            return False  # not in it yet: checked again after we join
        return mapping(create.get("predecessor")).get("room_id") == old


def _proof(stone: Heard) -> EventId:
    return EventId("$proved-" + hashlib.sha256(stone.event.encode()).hexdigest()[:32])
