"""Finds the room in which an entry is executed, and opens people's private rooms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from bot.delivery.entry_kind import PendingEntry
from bot.delivery.kinds.messages import EventPayload
from bot.delivery.payload import MessagePayload, Payload
from bot.gateway import Gateway, Refused, RoomAdmin
from bot.types import Membership, RoomId, UserId
from storage import help_rooms, outbox_entries, rooms
from storage.database import Database, Tx
from storage.membership import private_room_attempts
from storage.sections import handovers

ROOM_RETRY_INTERVAL = timedelta(hours=24)
PRESENT = (Membership.JOIN, Membership.INVITE)
_opening: WeakValueDictionary[tuple[int, UserId], asyncio.Lock] = WeakValueDictionary()
"""One lock for each person whose private room is being opened: several queues may want it at once,
and whoever joins the other of two rooms would never be written to."""


async def find_room(
    db: Database, gateway: Gateway, entry: PendingEntry[Any], now: datetime
) -> RoomId | None:
    """Return the room to which an outbox entry is sent, or None if its reader has not joined it
    yet."""
    row = entry.row
    if entry.kind.open_room is not None:
        return await entry.kind.open_room(gateway, entry.payload)
    if row.person is None:
        return await _check_room(db, entry, RoomId(row.room or ""))
    room, there = await find_private_room(db, row.person)
    if room and there is Membership.JOIN:
        return room
    if room is None or there is not Membership.INVITE:
        async with _opening.setdefault((id(db), row.person), asyncio.Lock()):
            await _open_private_room(db, gateway, row.person, row.alias, now)
    return None


async def find_private_room(db: Database, person: UserId) -> tuple[RoomId | None, Membership]:
    """Return a person's private room with the bot, and their membership in it."""
    async with db.reading() as tx:
        room = await rooms.private_room(tx, person)
        there = await rooms.membership(tx, room, person) if room else Membership.LEAVE
    return room, there


async def readdress_if_not_private(db: Database, entry: PendingEntry[Any]) -> bool:
    """Move an outbox entry whose room is no longer private to the person it is for. Return whether
    it moved.

    Edits and poll ends are dropped, because their target stays behind.
    """
    payload, row = entry.payload, entry.row
    whose = payload.private_of if isinstance(payload, MessagePayload) else None
    if whose is None:
        return False
    async with db.transaction() as tx:
        room = await rooms.get(tx, RoomId(row.room or ""))
        if room is not None and room.joined and room.private_of == whose:
            return False
        await outbox_entries.readdress(tx, row, whose, _for_another_room(payload))
    return True


def _for_another_room(payload: MessagePayload) -> Mapping[str, Any] | None:
    content = dict(payload.content)
    relation = content.pop("m.relates_to", {}).get("rel_type")
    if relation not in (None, "m.thread"):
        return None
    return replace(payload, private_of=None, content=content).to_json()


async def _check_room(db: Database, entry: PendingEntry[Any], room: RoomId) -> RoomId | None:
    """Return the room, or None until a help room's person has joined or the bot that hands a room
    over to us has said so. Raises `Refused` for mixups.

    Nothing but what was published goes to a public room, and by its own kinds alone.
    """
    async with db.reading() as tx:
        if not entry.kind.is_for_awaited_room and await handovers.is_awaited(tx, room):
            return None
        helped, kind = await help_rooms.purpose_of(tx, room)
        there = await rooms.membership(tx, room, helped) if helped else None
    if entry.kind.is_public is not (kind == rooms.PUBLIC_ROOM):
        raise Refused("M_FORBIDDEN", "a public room is for what was published, and that for it")
    is_help = _is_help(entry.payload)
    if not entry.kind.is_for_any_room and is_help != (helped is not None):
        raise Refused("M_FORBIDDEN", "a help room is for help, and help for a help room")
    return None if is_help and there is not Membership.JOIN else room


def _is_help(payload: Payload) -> bool:
    return isinstance(payload, EventPayload) and payload.is_help


async def _open_private_room(
    db: Database,
    gateway: RoomAdmin,
    person: UserId,
    alias: str,
    now: datetime,
) -> None:
    """Create a person's encrypted private room, at most once a day while they don't join."""
    old, _there = await find_private_room(db, person)
    async with db.reading() as tx:
        last = await private_room_attempts.last_attempt(tx, person)
    if last is not None and now - last < ROOM_RETRY_INTERVAL:
        return
    room = await gateway.make_private_room(person, alias)
    async with db.transaction() as tx:
        await private_room_attempts.note_attempt(tx, person, now)
        if old is not None:
            await rooms.set_private(tx, old, None)
        await rooms.mark_joined(tx, room, now)
        await rooms.set_private(tx, room, person)


async def ask_again_after(tx: Tx, person: UserId, wait: timedelta, now: datetime) -> None:
    """Note that the person is to be invited to a private room again no sooner than after `wait`."""
    await private_room_attempts.note_attempt(tx, person, now - ROOM_RETRY_INTERVAL + wait)
