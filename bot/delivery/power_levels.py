"""Sets one person's power level in a room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateway import Gateway, Refused
from bot.types import RoomId

POWER_LEVELS = "m.room.power_levels"
CHANGED = "M_CHANGED"
"""Our own code: the person's power level changed since it was read."""


async def set_power_level(gateway: Gateway, room: RoomId, power: Mapping[str, Any]) -> None:
    """Set one entry of the room's power levels. Idempotent. Raises `Refused` if it is not `was`.

    Matrix has no compare-and-set, so a change by others in the same moment may be lost.
    """
    levels = dict(await gateway.get_state(room, POWER_LEVELS, "") or {})
    users = dict(levels.get("users") or {})
    user, wanted = power["user"], power["level"]
    now = users.get(user)
    if now == wanted:
        return
    if now != power["was"]:
        raise Refused(CHANGED)
    if wanted is None:
        del users[user]
    else:
        users[user] = wanted
    await gateway.set_state(room, POWER_LEVELS, "", {**levels, "users": users})
