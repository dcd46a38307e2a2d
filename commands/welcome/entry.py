"""Reactions to somebody entering a room: greet them there, and sum up for new members."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Job,
    Membership,
    MembershipChanged,
    Room,
    UserId,
    outsiders,
    rooms,
)
from commands.onboarding.invitations import store as invitation_store
from commands.welcome import greeting, store, summary_delivery
from commands.welcome.declaration import SETTLED_JOB, feature

GRACE = timedelta(minutes=10)
"""How long a newcomer has to enter all their rooms before the summary is sent anyway."""


@feature.on(MembershipChanged)
async def watch_entries(ctx: Context, what: MembershipChanged) -> Answer:
    """Schedule a room's welcome when somebody enters and, for a newcomer, their summary. Return
    what to say, if anything."""
    room = await _entered_room(ctx, what)
    if room is not None:
        await greeting.await_greeting(ctx, room, what.user)
        await _note_newcomer(ctx, room, what.user)
    return None


async def _entered_room(ctx: Context, what: MembershipChanged) -> Room | None:
    """Return the room of the network that the person entered and is still in, or None.

    Spaces do not count, nor does following a room's upgrade, nor who comes by a bridge.
    """
    if what.after is not Membership.JOIN or what.before is Membership.JOIN or what.user == ctx.me:
        return None
    room = await rooms.get(ctx.db, what.room)
    if room is None or room.kind == "m.space":
        return None
    if await outsiders.is_no_newcomer(ctx, room.room, what.user):
        return None
    if not await rooms.is_shared_room(ctx.db, room.room, what.user):
        return None
    before = room.predecessor
    if before and await rooms.membership(ctx.db, before, what.user) is not Membership.LEAVE:
        return None
    return room


async def _note_newcomer(ctx: Context, room: Room, person: UserId) -> None:
    """Note the person as new if this is their first room, and schedule their summary.

    The summary is due as soon as they are in all rooms they were invited to, or after `GRACE`.
    """
    known = await store.get_newcomer(ctx.db, person)
    if known is None:
        if await rooms.shares_other_room(ctx.db, room.room, person):
            return
        await store.add_newcomer(ctx.db, person, ctx.now)
        await ctx.schedule(SETTLED_JOB, ctx.now + GRACE, person=person)
    elif known.told_at is not None:
        return
    if await _is_in_all_rooms(ctx, person):
        await summary_delivery.queue_summary(ctx, person)


async def _is_in_all_rooms(ctx: Context, person: UserId) -> bool:
    """Tell whether the person is in every room to which the bot invited them; False if in none."""
    awaited = await invitation_store.rooms_invited_to(ctx.db, person)
    states = [await rooms.membership(ctx.db, room, person) for room in awaited]
    return bool(states) and all(state is Membership.JOIN for state in states)


@feature.runs(SETTLED_JOB)
async def send_after_grace(ctx: Context, job: Job) -> Answer:
    """Schedule a newcomer's summary after `GRACE`: some invitations are never accepted, and who was
    let in by hand has none. Return what to say, if anything."""
    if job.person is not None:
        await summary_delivery.queue_summary(ctx, job.person)
    return None
