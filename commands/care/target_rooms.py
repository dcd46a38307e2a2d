"""Find the rooms in which a measure is to be taken: this one, a chosen one, or an area's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import (
    Context,
    Line,
    Membership,
    Person,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
    choice,
    fold,
    rooms,
)
from commands.care import permission
from commands.care.measure_store import Deed

SHOWN = 10
TYPED = "typed-in"
"""Key of the room in which a command was typed, while its questions are asked in private."""
_AREA = re.compile(r"(?<!\w)[áa]reas?\s*:\s*(?:\"([^\"]{1,60})\"|(\S{1,60}))", re.IGNORECASE)
_IN = re.compile(r"\s(?:en|em|in|na|no)\s+([^\n\"]{1,60})$")


@dataclass(frozen=True, slots=True)
class Places:
    """The rooms where it can be done, and why not in others. `area` is set if an area was named."""

    rooms: tuple[Room, ...]
    without: tuple[Line, ...] = ()
    area: str = ""


async def meant(ctx: Context, deed: Deed, person: UserId, text: str) -> tuple[Places, str]:
    """Return the rooms, and the text without their name. Raises `UserError` if there is none."""
    named = _AREA.search(text)
    if named is not None:
        rest = f"{text[: named.start()]} {text[named.end() :]}".strip()
        return await _area(ctx, deed, person, named[1] or named[2]), rest
    room, rest = await _one(ctx, deed, person, text)
    await may(ctx, deed, room)
    await permission.check(ctx, deed, room, person)
    return Places((room,)), rest


async def allowed(ctx: Context, act: str, room: Room, of: str = "") -> bool:
    """Return whether the room's rules give this person any way to it.

    Without rules: moderators only.
    """
    for offer in ctx.registry.services("may"):
        return bool(await offer(ctx, act, room.room, of))
    return await ctx.moderates(room.room)


async def may(ctx: Context, act: str, room: Room, of: str = "") -> None:
    """Raises `UserError` unless the room's rules give the asker a way to it.

    Call it before any question.
    """
    if not await allowed(ctx, act, room, of):
        raise UserError(_("You can't do that here: it is for the room's moderators."))


async def _one(ctx: Context, deed: Deed, person: UserId, text: str) -> tuple[Room, str]:
    if not ctx.private:
        if ctx.policy.room is None:
            raise UserError(_("I am not in this room any more."))
        ctx.known[TYPED] = ctx.room
        return ctx.policy.room, text
    if (typed := await _typed(ctx)) is not None:
        return typed, text
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    if (named := _IN.search(text)) is not None:
        for room in shared:
            if room.name and fold(room.name) == fold(named[1].strip()):
                return room, text[: named.start()].strip()
    mine = [room for room in shared if await _fits(ctx, deed, room, person)]
    if not mine:
        raise UserError(
            _("You moderate no room with {who} in it.", who=Person(person, full=True)),
            _("It is for the room's moderators."),
        )
    if len(mine) == 1:
        return mine[0], text
    lines = [_("{n}) {name}", n=n, name=_called(room)) for n, room in enumerate(mine[:20], 1)]
    names = [room.name for room in mine[:20]]
    answer = ctx.ask("room", choice(len(lines), names=names), _("In which room?"), *lines)
    return mine[int(answer) - 1], text


async def _typed(ctx: Context) -> Room | None:
    """Return the room in which the command stood to whose question this is the answer."""
    room = await rooms.get(ctx.db, RoomId(ctx.known.get(TYPED, "")))
    return room if room is not None and await _inside(ctx, room) else None


async def _fits(ctx: Context, deed: Deed, room: Room, person: UserId) -> bool:
    there = await rooms.membership(ctx.db, room.room, person)
    return there is Membership.JOIN and await allowed(ctx, deed, room)


async def _area(ctx: Context, deed: Deed, person: UserId, name: str) -> Places:
    """Return the area's rooms where the asker may and the bot can, and why not in the others."""
    found = [room for area in ctx.registry.services("area") for room in await area(ctx, name)]
    every = [room for one in found if (room := await rooms.get(ctx.db, one)) and room.joined]
    mine = [room for room in every if await _inside(ctx, room)]
    if not mine:
        raise UserError(_("There is no area “{name}” here.", name=name[:40]))
    can: list[Room] = []
    without: list[Line] = []
    for room in mine:
        why = await _against(ctx, deed, room, person)
        if why is None:
            can.append(room)
        else:
            without.append(why)
    if not can:
        raise UserError(_("In none of these rooms that can be done."), *without[:SHOWN])
    return Places(tuple(can), tuple(without[:SHOWN]), name)


async def _inside(ctx: Context, room: Room) -> bool:
    return await rooms.membership(ctx.db, room.room, ctx.who) is Membership.JOIN


async def _against(ctx: Context, deed: Deed, room: Room, person: UserId) -> Line | None:
    try:
        await may(ctx, deed, room)
        await permission.check(ctx, deed, room, person)
    except UserError as error:
        first = error.lines[0]
        return _("Not in “{room}”: {why}", room=_called(room), why=first)
    return None


def _called(room: Room) -> str:
    return room.name or room.room
