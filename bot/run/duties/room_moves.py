"""Follows room upgrades: joins the new room and moves everything stored to it."""

from __future__ import annotations

from typing import Any

from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.capability.services import MOVE_ROOM
from bot.delivery.effects import Join, Leave, Say
from bot.i18n import _
from bot.types import Membership, RoomId, RoomUpgraded
from storage import help_rooms, rooms
from storage.membership.room import Room
from storage.rows import declared_rows, room_moves

GOES_ON = _("This room goes on here. Its settings and all that was open came along.")


async def is_expected_successor(ctx: Context, room: Room) -> bool:
    """Return whether this room and a room of ours name each other as successor and predecessor."""
    old = await rooms.get(ctx.db, room.predecessor) if room.predecessor else None
    if old is None or not old.joined or old.successor != room.room:
        return False
    return await help_rooms.person_of(ctx.db, old.room) is None


async def follow_upgrade(ctx: Context, what: RoomUpgraded) -> Answer:
    """Join the room that replaces an upgraded one, if a person with enough power set it; move its
    data if both rooms agree. Return what to say, if anything."""
    old, new = await rooms.get(ctx.db, what.room), await rooms.get(ctx.db, what.successor)
    if old is None or await room_moves.successor_of(ctx.db, what.room) is not None:
        return None
    if new is None or not new.joined:
        return Join(what.successor) if what.powered else None
    if not what.authentic:
        return None
    if old.kind != new.kind or (old.kind == rooms.LINK_ROOM_TYPE and not new.is_encrypted):
        return Leave(new.room)  # link rooms and rooms for people must not mix
    if old.is_encrypted and not new.is_encrypted:
        return Say(
            (
                _("This room is not encrypted as the one before was, so I keep quiet here."),
                _("What was open there stays there. To go on, replace this room by another one."),
            ),
            room=new.room,
        )
    if old.private_of is not None:
        return await _move_private(ctx, old, new)
    moved = await _move_data(ctx, old.room, new.room)
    return moved if old.kind == rooms.LINK_ROOM_TYPE else [Say((GOES_ON,), room=new.room), *moved]


async def _move_data(ctx: Context, old: RoomId, new: RoomId) -> list[Any]:
    """Move the core's tables and then those of each capability, in this transaction."""
    await room_moves.move_room(ctx.db, old, new)
    for feature in ctx.registry.features.values():
        await declared_rows.move_rows(ctx.db, feature.declared_rows, old, new)
    answer: list[Any] = []
    for service in ctx.registry.offers(MOVE_ROOM):
        answer += await service(ctx, old, new)
    return answer


async def _move_private(ctx: Context, old: Room, new: Room) -> Answer:
    """Move a private room, if the new one is for the same two."""
    assert old.private_of is not None
    there = await rooms.members(ctx.db, new.room, Membership.JOIN, Membership.INVITE)
    if not set(there) <= {ctx.me, old.private_of}:
        return Leave(new.room)
    await room_moves.move_private_room(ctx.db, old.room, new.room, old.private_of)
    return Say((_("Our private room goes on here."),), room=new.room)
