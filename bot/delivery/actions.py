"""Executes outbox entries that are not messages. Each function is idempotent."""

from __future__ import annotations

from bot.delivery import power_levels
from bot.gateway import Gateway
from bot.types import RoomId
from storage.outbox_entries import OutboxEntry


async def set_state(gateway: Gateway, letter: OutboxEntry, room: RoomId) -> None:
    """Set a state event. Of power levels only the person's own entry is changed."""
    p = letter.payload
    if "power" in p:
        await power_levels.set_power_level(gateway, room, p["power"])
        return
    await gateway.set_state(room, p["type"], p["key"], p["content"])


async def invite(gateway: Gateway, letter: OutboxEntry, room: RoomId) -> None:
    """Invite a person."""
    await gateway.invite(room, letter.payload["user"], letter.payload["reason"])


async def remove(gateway: Gateway, letter: OutboxEntry, room: RoomId) -> None:
    """Kick, ban or unban a person."""
    p = letter.payload
    await gateway.remove(room, p["user"], p["reason"], p["how"])


async def leave(gateway: Gateway, _letter: OutboxEntry, room: RoomId) -> None:
    """Leave a room."""
    await gateway.leave(room)
