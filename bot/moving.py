"""A room was upgraded: we follow, and all that was kept of the old one goes on in the new one."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from bot.effects import Join, Leave, Say
from bot.feature import Answer
from bot.i18n import _
from bot.types import Membership, RoomId, Upgraded
from storage import help_rooms, moves, rooms
from storage.rooms import Room

GOES_ON = _("This room goes on here. Its settings and all that was open came along.")


async def is_expected(ctx: Context, room: Room) -> bool:
    """Do a room of ours and this one name each other as before and after?"""
    old = await rooms.get(ctx.db, room.predecessor) if room.predecessor else None
    if old is None or not old.joined or old.successor != room.room:
        return False
    return await help_rooms.person_of(ctx.db, old.room) is None


async def upgraded(ctx: Context, what: Upgraded) -> Answer:
    """Go and look where somebody with power points; move where both rooms name each other."""
    old, new = await rooms.get(ctx.db, what.room), await rooms.get(ctx.db, what.successor)
    if old is None or await moves.where(ctx.db, what.room) is not None:
        return None
    if new is None or not new.joined:
        return Join(what.successor) if what.powered else None
    if not what.authentic:
        return None
    if old.kind != new.kind or (old.kind == rooms.LINK and not new.encrypted):
        return Leave(new.room)  # bots would talk among people, or people among bots
    if old.encrypted and not new.encrypted:
        return Say(
            (
                _("This room is not encrypted as the one before was, so I keep quiet here."),
                _("What was open there stays there. To go on, replace this room by another one."),
            ),
            room=new.room,
        )
    if old.private_of is not None:
        return await _move_private(ctx, old, new)
    moved = await _move(ctx, old.room, new.room)
    return moved if old.kind == rooms.LINK else [Say((GOES_ON,), room=new.room), *moved]


async def _move(ctx: Context, old: RoomId, new: RoomId) -> list[Any]:
    """The machine's own tables, and then those of each capability, in one transaction."""
    await moves.move(ctx.db, old, new)
    answer: list[Any] = []
    for service in ctx.registry.services("move"):
        answer += await service(ctx, old, new)
    return answer


async def _move_private(ctx: Context, old: Room, new: Room) -> Answer:
    """Only where the new room is for the same two."""
    assert old.private_of is not None
    there = await rooms.members(ctx.db, new.room, Membership.JOIN, Membership.INVITE)
    if not set(there) <= {ctx.me, old.private_of}:
        return Leave(new.room)
    await moves.move_private(ctx.db, old.room, new.room, old.private_of)
    return Say((_("Our private room goes on here."),), room=new.room)
