"""Somebody comes into a room: is there a welcome for them, and are they new in the network?"""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Job, Membership, Moved, Room, UserId, rooms
from commands.onboarding.base import feature
from commands.onboarding.inviting import store as inviting
from commands.onboarding.welcome import store, telling, wave

GRACE = timedelta(minutes=10)
"""Who is not in all their rooms by then is told what there is in those they are in."""


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    room = await _entered(ctx, what)
    if room is not None:
        await wave.waits(ctx, room, what.user)
        await _perhaps_new(ctx, room, what.user)
    return None


async def _entered(ctx: Context, what: Moved) -> Room | None:
    """The room of the network that they came into, and still are in; not by a room's upgrade."""
    if what.now is not Membership.JOIN or what.before is Membership.JOIN or what.user == ctx.me:
        return None
    room = await rooms.get(ctx.db, what.room)
    if room is None or room.kind == "m.space":
        return None
    if room.room not in {one.room for one in await rooms.shared_rooms(ctx.db, what.user)}:
        return None
    before = room.predecessor
    if before and await rooms.membership(ctx.db, before, what.user) is not Membership.LEAVE:
        return None
    return room


async def _perhaps_new(ctx: Context, room: Room, person: UserId) -> None:
    """Members who come into one more room are not new. Told are all who are in their rooms."""
    known = await store.newcomer(ctx.db, person)
    if known is None:
        others = [one for one in await rooms.shared_rooms(ctx.db, person) if one != room]
        if others:
            return
        await store.is_new(ctx.db, person, ctx.read)
        await ctx.schedule("settled", ctx.read + GRACE, person=person)
    elif known.told is not None:
        return
    if await _in_all(ctx, person):
        await telling.soon(ctx, person)


async def _in_all(ctx: Context, person: UserId) -> bool:
    """Are they in every room to which the bot has invited them?"""
    awaited = await inviting.places_of(ctx.db, person)
    states = [await rooms.membership(ctx.db, room, person) for room in awaited]
    return bool(states) and all(state is Membership.JOIN for state in states)


@feature.job("settled")
async def settled(ctx: Context, job: Job) -> Answer:
    """Some invitations may wait for ever; who came without any has been let in by hand."""
    if job.person is not None:
        await telling.soon(ctx, job.person)
    return None
