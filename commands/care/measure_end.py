"""End a measure, by its time or by lifting it, and restore what was before."""

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
from commands.care import measure_store, person_hash
from commands.care.declaration import APPEALS, LATE, feature
from commands.care.measure_store import Deed, Measure

DEEP = 200
"""How many log entries are searched for the one that can be undone."""


async def lift(ctx: Context, one: Measure) -> list[Effect]:
    """End the measure now and tell the person."""
    effects = await _undone(ctx, one)
    person = await whom(ctx, one)
    await measure_store.end(ctx.db, one.item)
    await ctx.call_off(one.item)
    await _no_way_back(ctx, one)
    await _kept(ctx, one)
    if person is None:
        return effects
    return [*effects, Say((_lifted(one, await _name(ctx, one)),), to=person, loud=True)]


async def _no_way_back(ctx: Context, one: Measure) -> None:
    """Remove the measure from `!undo`, which then goes on to earlier changes."""
    for entry in await log.newest(ctx.db, one.room, DEEP):
        if entry.feature == feature.name and entry.undo and entry.undo.get("number") == one.item:
            await log.spent(ctx.db, entry.id)


async def _kept(ctx: Context, one: Measure) -> None:
    """Delete the measure when it can no longer be appealed."""
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
    """Restore the power level from before, unless somebody changed it meanwhile."""
    person = await whom(ctx, one)
    if person is None:
        return []
    return [SetPower(person, one.before, one.level, one.room)]


async def whom(ctx: Context, one: Measure) -> UserId | None:
    """Return the person of the measure.

    A forgotten person is found by hash among the room's people.
    """
    if one.person is not None:
        return one.person
    room = await rooms.get(ctx.db, one.room)
    users = room.power.get("users") if room is not None else None
    named = [*users] if isinstance(users, dict) else []
    banned = await rooms.members(ctx.db, one.room, *_GONE)
    return await person_hash.find(ctx.db, one.mark, [*named, *banned])


_GONE = (Membership.LEAVE, Membership.BAN, Membership.INVITE, Membership.KNOCK)


async def _name(ctx: Context, one: Measure) -> str:
    room = await rooms.get(ctx.db, one.room)
    return (room.name or room.room) if room is not None else ""


@feature.job("unmute")
async def unmute(ctx: Context, job: Job) -> Answer:
    """End a mute whose time is over, and say so if it is late."""
    one = await measure_store.get(ctx.db, job.item) if job.item is not None else None
    if one is None or one.over:
        return None
    effects, person = await _undone(ctx, one), await whom(ctx, one)
    await measure_store.end(ctx.db, one.item)
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
    """Delete a measure that can no longer be appealed, or a warning that no longer counts."""
    one = await measure_store.get(ctx.db, job.item) if job.item is not None else None
    if one is not None:
        await _no_way_back(ctx, one)
        await items.drop(ctx.db, one.item)
    return None
