"""Letters that are acts and no messages: done twice they are done."""

from __future__ import annotations

from bot import powering
from bot.gateway import Gateway
from bot.types import RoomId
from storage.letters import Letter


async def state(gateway: Gateway, letter: Letter, room: RoomId) -> None:
    """Set what the room's state says; of one person's power what it says now counts."""
    p = letter.payload
    if "power" in p:
        await powering.give(gateway, room, p["power"])
        return
    await gateway.set_state(room, p["type"], p["key"], p["content"])


async def invite(gateway: Gateway, letter: Letter, room: RoomId) -> None:
    await gateway.invite(room, letter.payload["user"], letter.payload["reason"])


async def remove(gateway: Gateway, letter: Letter, room: RoomId) -> None:
    p = letter.payload
    await gateway.remove(room, p["user"], p["reason"], p["how"])


async def leave(gateway: Gateway, _letter: Letter, room: RoomId) -> None:
    await gateway.leave(room)
