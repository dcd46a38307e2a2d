"""Strangers, who share no room with the bot: they may write to it only while a code is open."""

from __future__ import annotations

from datetime import timedelta

from bot.api import EXPECTS_PERSON, Answer, Context, Job, Leave, RoomId, Say, UserId, _, rooms
from commands.codes import store
from commands.codes.declaration import STRANGER_JOB, feature
from commands.expected_lists import recognition

PATIENCE = timedelta(hours=1)
"""How long a stranger has to type a code."""
MOST_STRANGERS = 500
"""How many strangers may write to the bot at a time, however many uses are left."""
SPARE = 10
"""Strangers beyond the uses that are left: some come twice, or with a wrong code."""


@feature.offers(EXPECTS_PERSON)
async def is_awaited(ctx: Context, person: UserId, room: RoomId) -> bool:
    """Return whether the bot may join a stranger's private room; record that they are let in for a
    code.

    It may while codes have uses that other strangers have not taken up, half of them at most for
    people of one homeserver. People on a list of expected people always may, and take none.
    """
    if await recognition.is_expected(ctx, person):
        return True
    left = sum(code.uses for code in await store.open_codes(ctx.db, ctx.now))
    if not left:
        return False
    every, near = await store.count_strangers(ctx.db, person)
    most = min(left + SPARE, MOST_STRANGERS)
    if every >= most or near >= max(most // 2, SPARE):
        return False
    await store.add_stranger(ctx.db, person, room, ctx.now)
    await ctx.schedule(STRANGER_JOB, ctx.now + PATIENCE, room=room, person=person)
    return True


@feature.runs(STRANGER_JOB)
async def leave_stranger(ctx: Context, job: Job) -> Answer:
    """Leave the private room of a stranger who has not typed an invitation code. They can write
    again. Return what to say, if anything."""
    room = await store.take_stranger(ctx.db, ctx.who)
    if room is None or await rooms.shares_chat_room(ctx.db, ctx.who):
        return None
    here = await rooms.get(ctx.db, room)
    if here is None or not here.joined:
        return None
    lines = (_("I leave this room, as no code came. With a code you can write to me anew."),)
    return [Say(lines, room=room), Leave(room)]
