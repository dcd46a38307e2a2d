"""Room upgrades (`m.room.tombstone`): check that the new room is what it claims to be."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.gateway import Refused, TryLater
from bot.matrix.backoff import insist
from bot.matrix.fields import as_mapping, is_room_id
from bot.matrix.http import Http, path_segment
from bot.matrix.sync.state_mirror import Mirror
from bot.matrix.sync.translation import CheckedEvent, check_event
from bot.types import EventId, RoomId, RoomUpgraded

_log = structlog.get_logger()
_STATE = "/_matrix/client/v3/rooms/{}/state"


class RoomUpgrades:
    """Follows a tombstone only if both rooms name each other (spec §Room upgrades)."""

    def __init__(self, http: Http, mirror: Mirror, hints: dict[RoomId, str]) -> None:
        self._http = http
        self._hints = hints
        self._mirror = mirror

    async def read_tombstone(self, heard: CheckedEvent) -> RoomUpgraded | None:
        """Return the room upgrade that a tombstone in the room's state tells of, or None if it
        names no room."""
        successor = heard.content.get("replacement_room")
        old = await insist("state", lambda: self._mirror.get_room(heard.room))
        if old is None or not is_room_id(successor):
            return None
        powered = old.power_of(heard.sender) >= old.power_for("m.room.tombstone", state=True)
        new = RoomId(str(successor))
        self._hints[new] = heard.sender.partition(":")[2]
        authentic = powered and await self._names_predecessor(new, heard.room)
        return RoomUpgraded(
            heard.room, heard.event, heard.sender, heard.at, new, authentic, powered
        )

    async def check_predecessor(self, room: RoomId, heard: CheckedEvent) -> RoomUpgraded | None:
        """Return the upgrade that led to `room`, or None if it can't be proven. To be called when
        the bot has joined `room`: its create event is readable now.

        The upgrade gets an event id of its own: its tombstone was reported as unproven before.
        """
        new = await insist("state", lambda: self._mirror.get_room(room))
        if new is None or new.predecessor is None:
            return None
        try:
            state = await insist("state", partial(self._old_state, new.predecessor, room))
        except (Refused, TryLater) as error:
            _log.warning("an upgrade stays unproven", code=error.code)
            return None
        old_room = new.predecessor
        for event in state:
            stone = check_event(old_room, event, lambda _: heard.at, heard.late)
            if stone is not None and stone.kind == "m.room.tombstone" and stone.state_key == "":
                told = await self.read_tombstone(stone)
                return replace(told, event=_proof_id(stone)) if told else None
        return None

    async def _old_state(self, old: RoomId, new: RoomId) -> list[dict[str, Any]]:
        """Return the state of our room if it names `new` as its successor, else []."""
        known = await self._mirror.get_room(old)
        if known is None or known.successor != new:
            return []
        return await self._http.get_list(_STATE.format(path_segment(old)))

    async def _names_predecessor(self, new: RoomId, old: RoomId) -> bool:
        path = f"{_STATE.format(path_segment(new))}/m.room.create/"
        try:
            create = await insist("state", lambda: self._http.call("GET", path))
        except (Refused, TryLater):
            return False  # not in it yet: checked again after we join
        return as_mapping(create.get("predecessor")).get("room_id") == old


def _proof_id(stone: CheckedEvent) -> EventId:
    return EventId("$proved-" + hashlib.sha256(stone.event.encode()).hexdigest()[:32])
