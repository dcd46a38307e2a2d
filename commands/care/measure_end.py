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
    SetPowerLevel,
    Span,
    UserId,
    _,
    items,
    log,
    rooms,
)
from commands.care import measure_store, person_hash
from commands.care.declaration import APPEAL_PERIOD, LAPSE_JOB, LATE_AFTER, UNMUTE_JOB, feature
from commands.care.measure_store import Deed, Measure

MOST_LOG_ENTRIES = 200
"""How many log entries are searched for the one that can be undone."""


async def lift_measure(ctx: Context, one: Measure) -> list[Effect]:
    """End a measure (warning, mute, ban) now and tell the person. Return what to send."""
    effects = await _restore_rights(ctx, one)
    person = await find_person(ctx, one)
    await measure_store.end_measure(ctx.db, one.item)
    await ctx.cancel_jobs(one.item)
    await _drop_undo(ctx, one)
    await _schedule_deletion(ctx, one)
    if person is None:
        return effects
    return [*effects, Say((_lifted_line(one, await _room_name(ctx, one)),), to=person, loud=True)]


async def _drop_undo(ctx: Context, one: Measure) -> None:
    """Remove the measure from `!undo`, which then goes on to earlier changes."""
    for entry in await log.newest_entries(ctx.db, one.room, MOST_LOG_ENTRIES):
        if entry.feature == feature.name and entry.undo and entry.undo.get("number") == one.item:
            await log.delete_undo(ctx.db, entry.id)


async def _schedule_deletion(ctx: Context, one: Measure) -> None:
    """Delete the measure when it can no longer be appealed."""
    await ctx.schedule(
        LAPSE_JOB, max(one.at + APPEAL_PERIOD, ctx.now), item=one.item, room=one.room
    )


def _lifted_line(one: Measure, room: str) -> Line:
    if one.act is Deed.WARN:
        return _("Your warning {number} in “{room}” was taken back.", number=one.item, room=room)
    if one.act is Deed.MUTE:
        return _("You can write in “{room}” again.", room=room)
    return _("You can come into “{room}” again, by invitation.", room=room)


async def _restore_rights(ctx: Context, one: Measure) -> list[Effect]:
    if one.act is Deed.MUTE:
        return await _restore_power(ctx, one)
    if one.act is Deed.BAN and (person := await find_person(ctx, one)) is not None:
        return [Remove(person, one.room, "", "unban")]
    return []


async def _restore_power(ctx: Context, one: Measure) -> list[Effect]:
    """Restore the power level from before, unless somebody changed it meanwhile."""
    person = await find_person(ctx, one)
    if person is None:
        return []
    return [SetPowerLevel(person, one.before, one.level, one.room)]


async def find_person(ctx: Context, one: Measure) -> UserId | None:
    """Return the person against whom the measure is.

    A forgotten person is found by hash among the room's people.
    """
    if one.person is not None:
        return one.person
    room = await rooms.get(ctx.db, one.room)
    users = room.power.get("users") if room is not None else None
    named = [*users] if isinstance(users, dict) else []
    banned = await rooms.members(ctx.db, one.room, *_GONE)
    return await person_hash.find_person(ctx.db, one.mark, [*named, *banned])


_GONE = (Membership.LEAVE, Membership.BAN, Membership.INVITE, Membership.KNOCK)


async def _room_name(ctx: Context, one: Measure) -> str:
    room = await rooms.get(ctx.db, one.room)
    return (room.name or room.room) if room is not None else ""


@feature.runs(UNMUTE_JOB)
async def end_mute(ctx: Context, job: Job) -> Answer:
    """End a mute whose time is over; if that is late, say so to the person. Return what to say, if
    anything."""
    one = await measure_store.get_measure(ctx.db, job.item) if job.item is not None else None
    if one is None or one.is_over:
        return None
    effects, person = await _restore_rights(ctx, one), await find_person(ctx, one)
    await measure_store.end_measure(ctx.db, one.item)
    await _drop_undo(ctx, one)
    await _schedule_deletion(ctx, one)
    if person is None:
        return effects
    lines = [_lifted_line(one, await _room_name(ctx, one))]
    if ctx.now - job.due > LATE_AFTER:
        lines.append(_("I say it {span} late, because I was away.", span=Span(ctx.now - job.due)))
    return [*effects, Say(tuple(lines), to=person)]


@feature.runs(LAPSE_JOB)
async def delete_measure(ctx: Context, job: Job) -> Answer:
    """Delete a measure (warning, mute, removal, ban) that can no longer be appealed, or a warning
    that no longer counts. Return what to say, if anything."""
    one = await measure_store.get_measure(ctx.db, job.item) if job.item is not None else None
    if one is not None:
        await _drop_undo(ctx, one)
        await items.delete(ctx.db, one.item)
    return None
