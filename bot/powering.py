"""One person's power in a room, and nothing else of what the room's power levels say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateway import Gateway, Refused
from bot.types import RoomId

LEVELS = "m.room.power_levels"
CHANGED = "M_CHANGED"
"""Not the server's: somebody else changed this person's power since it was looked at."""


async def give(gateway: Gateway, room: RoomId, power: Mapping[str, Any]) -> None:
    """Change the one entry in what the server has now; done twice it does no harm.

    Matrix can't compare and set: what others change in the moment between is lost to both of us.
    """
    levels = dict(await gateway.get_state(room, LEVELS, "") or {})
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
    await gateway.set_state(room, LEVELS, "", {**levels, "users": users})
