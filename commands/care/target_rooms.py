"""Find whom a measure is for, and in which rooms: this one, a chosen one, or an area's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import (
    AREA_ROOMS,
    MAY,
    Context,
    Line,
    Membership,
    MissingArgument,
    People,
    Person,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
    choice_of,
    fold,
    fold_in_place,
    is_in,
    localpart,
    named_people,
    rooms,
)
from commands.care import permission
from commands.care.measure_store import Deed

MOST_SHOWN = 10
TYPED_IN = "typed-in"
"""Key of the room in which a command was typed, while its questions are asked in private."""
_AREA = re.compile(r"(?<!\w)[áa]reas?\s*:\s*(?:\"([^\"]{1,60})\"|(\S{1,60}))", re.IGNORECASE)
_IN_ROOM = re.compile(r"\s(?:en|em|in|na|no)\s+([^\n\"]{1,60})$")


@dataclass(frozen=True, slots=True)
class TargetRooms:
    """The rooms where it can be done, and why not in others. `area` is set if an area was named."""

    rooms: tuple[Room, ...]
    without: tuple[Line, ...] = ()
    area: str = ""


async def find_targets(
    ctx: Context, deed: Deed, person: UserId, text: str
) -> tuple[TargetRooms, str]:
    """Return the rooms in which the measure is to be taken, and `text` without their name. Raises
    `UserError` for no room, area or person that fits, and if the measure can be taken in none of
    them."""
    named = _AREA.search(text)
    if named is not None:
        rest = f"{text[: named.start()]} {text[named.end() :]}".strip()
        return await _area_rooms(ctx, deed, person, named[1] or named[2]), rest
    room, rest = await _one_room(ctx, deed, person, text)
    await require_may(ctx, deed, room)
    await permission.require_allowed(ctx, deed, room, person)
    return TargetRooms((room,)), rest


async def is_allowed(ctx: Context, act: str, room: Room, of: str = "") -> bool:
    """Return whether the room's rules give this person any way to the measure.

    Without rules: moderators only.
    """
    for offer in ctx.registry.offers(MAY):
        return bool(await offer(ctx, act, room.room, of))
    return await ctx.moderates(room.room)


async def require_may(ctx: Context, act: str, room: Room, of: str = "") -> None:
    """Raise `UserError` unless the room's rules give the asker a way to the measure.

    Call it before any question.
    """
    if not await is_allowed(ctx, act, room, of):
        raise _not_about_somebody(ctx)


async def require_a_room(ctx: Context, act: str) -> None:
    """Raise `UserError` unless the asker has a way to the measure in some room.

    A room in which it was typed is remembered, while the questions are asked in private.
    """
    here = ctx.policy.room if not ctx.is_private else await _room_typed_in(ctx)
    if here is not None:
        ctx.answers[TYPED_IN] = here.room
        return await require_may(ctx, act, here)
    for room in await rooms.shared_rooms(ctx.db, ctx.who):
        if await is_allowed(ctx, act, room):
            return None
    raise _not_about_somebody(ctx)


def _not_about_somebody(ctx: Context) -> UserError:
    """Return the refusal to who may not act on somebody: never that they ask the whole room.

    A proposal would name the person before everybody.
    """
    refused = _("You can't do that here: it is for the room's moderators.")
    if ctx.registry.find_command("incident") is None:
        return UserError(refused)
    return UserError(
        refused,
        _("If somebody hurt you or others, tell it in private: `incident` and what happened."),
    )


async def _one_room(ctx: Context, deed: Deed, person: UserId, text: str) -> tuple[Room, str]:
    if not ctx.is_private:
        if ctx.policy.room is None:
            raise UserError(_("I am not in this room any more."))
        ctx.answers[TYPED_IN] = ctx.room
        return ctx.policy.room, text
    if (typed := await _room_typed_in(ctx)) is not None:
        return typed, text
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    if (named := _IN_ROOM.search(text)) is not None:
        for room in shared:
            if room.name and fold(room.name) == fold(named[1].strip()):
                return room, text[: named.start()].strip()
    mine = [room for room in shared if await _is_candidate(ctx, deed, room, person)]
    if not mine:
        raise UserError(
            _("You moderate no room with {who} in it.", who=Person(person, full=True)),
            _("It is for the room's moderators."),
        )
    if len(mine) == 1:
        return mine[0], text
    lines = [_("{n}) {name}", n=n, name=_room_name(room)) for n, room in enumerate(mine[:20], 1)]
    names = [room.name for room in mine[:20]]
    answer = ctx.ask("room", choice_of(len(lines), names=names), _("In which room?"), *lines)
    return mine[int(answer) - 1], text


async def _room_typed_in(ctx: Context) -> Room | None:
    """Return the room in which the command stood to whose question this is the answer."""
    room = await rooms.get(ctx.db, RoomId(ctx.answers.get(TYPED_IN, "")))
    return room if room is not None and await _is_inside(ctx, room) else None


async def _is_candidate(ctx: Context, deed: Deed, room: Room, person: UserId) -> bool:
    there = await rooms.membership(ctx.db, room.room, person)
    return there is Membership.JOIN and await is_allowed(ctx, deed, room)


async def _area_rooms(ctx: Context, deed: Deed, person: UserId, name: str) -> TargetRooms:
    """Return the area's rooms where the asker may and the bot can, and why not in the others."""
    found = [room for area in ctx.registry.offers(AREA_ROOMS) for room in await area(ctx, name)]
    every = [room for one in found if (room := await rooms.get(ctx.db, one)) and room.joined]
    mine = [room for room in every if await _is_inside(ctx, room)]
    if not mine:
        raise UserError(_("There is no area “{name}” here.", name=name[:40]))
    can: list[Room] = []
    without: list[Line] = []
    for room in mine:
        why = await _refusal(ctx, deed, room, person)
        if why is None:
            can.append(room)
        else:
            without.append(why)
    if not can:
        raise UserError(_("In none of these rooms that can be done."), *without[:MOST_SHOWN])
    return TargetRooms(tuple(can), tuple(without[:MOST_SHOWN]), name)


async def _is_inside(ctx: Context, room: Room) -> bool:
    return await is_in(ctx, room.room, ctx.who)


async def _refusal(ctx: Context, deed: Deed, room: Room, person: UserId) -> Line | None:
    try:
        await require_may(ctx, deed, room)
        await permission.require_allowed(ctx, deed, room, person)
    except UserError as error:
        first = error.lines[0]
        return _("Not in “{room}”: {why}", room=_room_name(room), why=first)
    return None


def _room_name(room: Room) -> str:
    return room.name or room.room


async def find_person(ctx: Context, deed: Deed, people: People, text: str) -> tuple[UserId, str]:
    """Return the one person whom the text names, and the text without them.

    Whoever may not take the measure anyway hears that, and is not asked for an address first.
    """
    if not people:
        await require_a_room(ctx, deed)
        if (answered := ctx.answers.get("part:people")) is not None:
            people, _rest = await named_people(ctx, answered)
        else:
            people, text = await named_people(ctx, text)
    if not people:
        raise MissingArgument("people", _("the person, as `@name:server`"))
    person = only_person(people)
    return person, await _without_name(ctx, person, text) if "part:people" in ctx.answers else text


async def _without_name(ctx: Context, person: UserId, text: str) -> str:
    """Return the text without the person's name at its beginning, which named nobody by itself.

    So `mute carla 2h` keeps its `2h` once the address of Carla was asked for.
    """
    shown, folded = await rooms.display_name(ctx.db, person), fold_in_place(text)
    for name in filter(None, (shown, localpart(person), *shown.split()[:1])):
        pattern = rf"\s*(?:(?:a|à|ao|to)\s+)?@?{re.escape(fold_in_place(name))}(?![\w@])[\s,:;]*"
        if (found := re.match(pattern, folded)) is not None:
            return text[found.end() :]
    return text


def only_person(people: Sequence[UserId]) -> UserId:
    """Return the only person in a list. Raises `UserError` for several."""
    if len(people) != 1:
        raise UserError(_("One person at a time, please: each has a reason of their own."))
    return people[0]
