"""After a restore: find people who would stay muted for ever."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Person,
    Room,
    UserId,
    _,
    rooms,
)
from commands.care import floods, measure_store, person_hash
from commands.care.declaration import LOST_JOB, feature
from commands.care.measure_store import Deed

MOST_SHOWN = 10


@feature.offers(AFTER_RESTORE)
async def schedule_check(ctx: Context, _made: datetime) -> list[Effect]:
    """Schedule, after a restored backup, the check for mutes that were lost, for when the rooms'
    state has been read. Return what to send."""
    await ctx.schedule(LOST_JOB, ctx.now)
    return []


@feature.runs(LOST_JOB)
async def report_lost_mutes(ctx: Context, _job: Job) -> Answer:
    """Tell each room's moderators who is muted without a known end. Nothing is undone by guess.
    Return what to say, if anything."""
    said: list[Line | Effect] = []
    for room in await rooms.network_rooms(ctx.db):
        if people := await _unexplained_mutes(ctx, room):
            who = tuple(Person(one, full=True) for one in people[:MOST_SHOWN])
            said += await floods.alert_moderators(
                ctx,
                room,
                _(
                    "In “{room}” these can't write, and I don't know until when: {people}",
                    room=room.name or room.room,
                    people=who,
                ),
                _(
                    "It may have been set while what I know was lost. In your app, under the room's"
                    " rights, you can set them back."
                ),
            )
    return said


async def _unexplained_mutes(ctx: Context, room: Room) -> list[UserId]:
    """Return people with a negative power level that no stored mute explains."""
    users = room.power.get("users")
    named = sorted(users) if isinstance(users, dict) else []
    return [
        UserId(one)
        for one in named
        if room.power_of(UserId(one)) < 0
        and not await measure_store.measures_in_force(
            ctx.db, room.room, await person_hash.hash_person(ctx.db, UserId(one)), Deed.MUTE
        )
    ]
