"""Make and unmake moderators, within the power of the bot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    CREATOR,
    MODERATES,
    Answer,
    Context,
    Line,
    Membership,
    People,
    Person,
    Room,
    RoomId,
    SetPower,
    UserError,
    UserId,
    Where,
    Wish,
    _,
    carry,
    has_power,
    is_enough,
    log,
    moderators,
    need_rank,
    rooms,
    words,
)
from commands.governance.declaration import GOVERNANCE, feature, here, permit

POWERS = "m.room.power_levels"
ON_THE_WAY = timedelta(minutes=10)
"""How long the server may take to report a power that was taken away."""
MAKE = words("dar-moderación", "dar-moderação", "make-moderator")
UNMAKE = words("quitar-moderación", "tirar-moderação", "unmake-moderator")


@feature.command(
    MAKE,
    help=_("make somebody a moderator of this room"),
    example=_("For example: `!make-moderator @bea:example.org`"),
    topic=GOVERNANCE,
    where=Where.ROOM,
)
async def make(ctx: Context, people: People) -> Answer:
    """Make somebody a moderator under the rules of the room."""
    room, person = here(ctx), _one(people)
    await permit(ctx, "promote")
    await _to_make(ctx, room, person)
    what = _("make {person} a moderator", person=Person(person, full=True))
    ctx.confirm(_("In this room: {what}.", what=what))
    return await carry(ctx, Wish("promote", room.room, what, {"user": person}))


@feature.command(
    UNMAKE,
    help=_("take the right to moderate this room from somebody"),
    example=_("For example: `!unmake-moderator @bea:example.org`"),
    topic=GOVERNANCE,
    where=Where.ROOM,
)
async def unmake(ctx: Context, people: People) -> Answer:
    """Take moderation from somebody under the rules of the room.

    Nobody has to agree if it is one's own.
    """
    room, person = here(ctx), _one(people)
    await permit(ctx, "demote")
    await _to_unmake(ctx, room, person)
    what = _("take the right to moderate from {person}", person=Person(person, full=True))
    ctx.confirm(_("In this room: {what}.", what=what))
    return await carry(ctx, Wish("demote", room.room, what, {"person": person}))


def _one(people: People) -> UserId:
    if len(people) != 1:
        raise UserError(_("One person at a time, please."))
    return people[0]


async def _known(ctx: Context, room: RoomId) -> Room:
    found = await rooms.get(ctx.db, room)
    if found is None or not found.joined:
        raise UserError(_("I am not in this room any more."))
    return found


def _powered(ctx: Context, room: Room, least: int) -> None:
    """Raise `UserError` that says which power the bot lacks."""
    mine = room.power_of(ctx.me)
    needed = max(room.power_for(POWERS, state=True), least)
    if mine < needed:
        raise UserError(
            _("I can't change powers in this room: I have {mine} and it takes {needed}.",
              mine=mine, needed=needed),
            _("Whoever has that power can give it to me in their app, or do this there."),
        )  # fmt: skip


async def _to_make(ctx: Context, room: Room, person: UserId) -> None:
    _powered(ctx, room, MODERATES)
    if await rooms.membership(ctx.db, room.room, person) is not Membership.JOIN:
        raise UserError(_("{person} is not in this room.", person=Person(person, full=True)))
    if has_power(room, person):
        raise UserError(_("{person} moderates here already.", person=Person(person, full=True)))


async def _to_unmake(ctx: Context, room: Room, person: UserId) -> None:
    level = room.power_of(person)
    if not has_power(room, person):
        raise UserError(_("{person} has no power to moderate here.",
                          person=Person(person, full=True)))  # fmt: skip
    if level >= CREATOR:
        raise UserError(_("{person} made this room, and nobody can take that power away in a room"
                          " of this version.", person=Person(person, full=True)))  # fmt: skip
    _powered(ctx, room, level + 1)
    if not set(await moderators(ctx, room.room)) - {person, *await _leaving(ctx, room)}:
        raise UserError(_("Nobody else moderates here. Make somebody else a moderator first:"
                          " `!make-moderator`"))  # fmt: skip


async def _leaving(ctx: Context, room: Room) -> set[UserId]:
    """Return whose power was taken a moment ago and may not be reported by the server yet."""
    recent = await log.newest(ctx.db, room.room, 20)
    return {
        UserId(entry.facts["user"])
        for entry in recent
        if (entry.feature, entry.act) == (feature.name, "demote")
        and ctx.read - entry.at < ON_THE_WAY
    }


@feature.act("promote", MAKE, _("make somebody a moderator"), urgent=False)
async def promote(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act: give a person the power to moderate."""
    known, person = await _known(ctx, room), UserId(payload["user"])
    await _to_make(ctx, known, person)
    return [_("{person} moderates this room from now on.", person=Person(person, full=True)),
            await _set(ctx, known, "promote", person, MODERATES)]  # fmt: skip


@feature.act("demote", UNMAKE, _("take the right to moderate from somebody"))
async def demote(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act: take the power to moderate from a person.

    The payload names them `person`, like all acts against somebody: see `services.forget_person`.
    """
    known, person = await _known(ctx, room), UserId(payload["person"])
    await need_rank(ctx, known, person)
    await _to_unmake(ctx, known, person)
    return [_("{person} does not moderate this room any more.", person=Person(person, full=True)),
            await _set(ctx, known, "demote", person, 0)]  # fmt: skip


async def _set(ctx: Context, room: Room, act: str, person: UserId, level: int) -> SetPower:
    undo = {"user": person, "level": room.power_of(person), "now": level, "by": ctx.who}
    await ctx.log(act, {"user": person}, room=room.room, undo=undo)
    return SetPower(person, level, room.entry_of(person), room.room)


@feature.undo("promote")
@feature.undo("demote")
async def back(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Restore the power a person had, if it was not changed since and the bot can give it.

    Also to somebody who has left: otherwise an urgent act in their absence would need nobody's
    consent.
    """
    room, person, level = here(ctx), UserId(kept["user"]), int(kept["level"])
    if room.power_of(person) != kept["now"]:
        raise UserError(_("That was changed again since then."))
    if not is_enough(level):
        if kept.get("by") != ctx.who:
            await need_rank(ctx, room, person)
        await _to_unmake(ctx, room, person)
    elif await rooms.membership(ctx.db, room.room, person) is Membership.BAN:
        raise UserError(_("{person} is not in this room.", person=Person(person, full=True)))
    _powered(ctx, room, level)
    return SetPower(person, level, room.entry_of(person), room.room)


async def describe(entry: log.Entry) -> Line | None:
    """Describe a log entry about moderators, or return None."""
    user = entry.facts.get("user")
    person = Person(UserId(user)) if user else _("somebody who is gone")
    if entry.act == "promote":
        return _("{person} moderates", person=person)
    if entry.act == "demote":
        return _("{person} does not moderate any more", person=person)
    return None
