"""What ends a measure: its time, or that it is lifted. All is put back as it was."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Membership,
    Remove,
    Say,
    SetPower,
    Span,
    UserId,
    _,
    items,
    log,
    rooms,
)
from commands.care import marks, store
from commands.care.base import APPEALS, LATE, feature
from commands.care.store import Deed, Measure

DEEP = 200
"""So many lines of the log are looked through."""


async def lift(ctx: Context, one: Measure) -> list[Effect]:
    """Not in force any more from now on; the person hears it."""
    effects = await _undone(ctx, one)
    person = await whom(ctx, one)
    await store.end(ctx.db, one.item)
    await ctx.call_off(one.item)
    await _no_way_back(ctx, one)
    await _kept(ctx, one)
    if person is None:
        return effects
    return [*effects, Say((_lifted(one, await _name(ctx, one)),), to=person, loud=True)]


async def _no_way_back(ctx: Context, one: Measure) -> None:
    """What is over stands in nobody's way: `!undo` goes on to what was changed before it."""
    for entry in await log.newest(ctx.db, one.room, DEEP):
        if entry.feature == feature.name and entry.undo and entry.undo.get("number") == one.item:
            await log.spent(ctx.db, entry.id)


async def _kept(ctx: Context, one: Measure) -> None:
    """For as long as it can be appealed."""
    await ctx.schedule("lapse", max(one.at + APPEALS, ctx.read), item=one.item, room=one.room)


def _lifted(one: Measure, room: str) -> Line:
    if one.act is Deed.WARN:
        return _("Your warning {number} in “{room}” was taken back.", number=one.item, room=room)
    if one.act is Deed.MUTE:
        return _("You can write in “{room}” again.", room=room)
    return _("You can come into “{room}” again, by invitation.", room=room)


async def _undone(ctx: Context, one: Measure) -> list[Effect]:
    if one.act is Deed.MUTE:
        return await _speaks(ctx, one)
    if one.act is Deed.BAN and (person := await whom(ctx, one)) is not None:
        return [Remove(person, one.room, "", "unban")]
    return []


async def _speaks(ctx: Context, one: Measure) -> list[Effect]:
    """The entry that was there before, unless somebody set another one meanwhile."""
    person = await whom(ctx, one)
    if person is None:
        return []
    return [SetPower(person, one.before, one.level, one.room)]


async def whom(ctx: Context, one: Measure) -> UserId | None:
    """Who was forgotten is known by their hash alone, among those whom the room still names."""
    if one.person is not None:
        return one.person
    room = await rooms.get(ctx.db, one.room)
    users = room.power.get("users") if room is not None else None
    named = [*users] if isinstance(users, dict) else []
    banned = await rooms.members(ctx.db, one.room, *_GONE)
    return await marks.find(ctx.db, one.mark, [*named, *banned])


_GONE = (Membership.LEAVE, Membership.BAN, Membership.INVITE, Membership.KNOCK)


async def _name(ctx: Context, one: Measure) -> str:
    room = await rooms.get(ctx.db, one.room)
    return (room.name or room.room) if room is not None else ""


@feature.job("unmute")
async def unmute(ctx: Context, job: Job) -> Answer:
    """The time is over; said late where the bot was away."""
    one = await store.get(ctx.db, job.item) if job.item is not None else None
    if one is None or one.over:
        return None
    effects, person = await _undone(ctx, one), await whom(ctx, one)
    await store.end(ctx.db, one.item)
    await _no_way_back(ctx, one)
    await _kept(ctx, one)
    if person is None:
        return effects
    lines = [_lifted(one, await _name(ctx, one))]
    if ctx.read - job.due > LATE:
        lines.append(_("I say it {span} late, because I was away.", span=Span(ctx.read - job.due)))
    return [*effects, Say(tuple(lines), to=person)]


@feature.job("lapse")
async def lapse(ctx: Context, job: Job) -> Answer:
    """Nothing is kept of it any more; a warning counts no longer."""
    one = await store.get(ctx.db, job.item) if job.item is not None else None
    if one is not None:
        await _no_way_back(ctx, one)
        await items.drop(ctx.db, one.item)
    return None
