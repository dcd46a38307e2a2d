"""Redact what the bot wrote, a few messages at a time: old ones of a room, or all to a person.

In small portions others still get their answers, and the homeserver is not flooded.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import (
    AFTER_RESTORE,
    SETTING_CHANGED,
    Answer,
    CollectSentEvents,
    Context,
    Effect,
    ForgetRoomKeys,
    Job,
    Leave,
    Membership,
    Redact,
    RoomId,
    rooms,
    sent_events,
    settings,
)
from commands.rights import retention
from commands.rights.declaration import FADE_JOB, RETENTION, RETENTION_KEYS, TAKE_BACK_JOB, feature

MOST_AT_ONCE, PAUSE = 20, timedelta(seconds=20)
FADE_INTERVAL, DAY = timedelta(hours=1), timedelta(days=1)


async def delete_private_messages(ctx: Context) -> list[Any]:
    """Begin to redact all that the bot wrote to the asker in private, and delete the room's keys.
    Return what to send.

    Messages there that are not decrypted yet are given up.
    """
    effects: list[Effect] = []
    for room in await rooms.private_rooms(ctx.db, ctx.who):
        if await rooms.membership(ctx.db, room, ctx.who) is not Membership.JOIN:
            effects.append(Leave(room))
            continue
        await sent_events.start_list(ctx.db, room)
        await ctx.schedule(TAKE_BACK_JOB, ctx.now + PAUSE, room=room, until=ctx.now.timestamp())
        effects += [CollectSentEvents(room), ForgetRoomKeys(room, ctx.now)]
    return effects


@feature.runs(TAKE_BACK_JOB)
async def redact_messages(ctx: Context, job: Job) -> Answer:
    """Redact the bot's messages in the room, a few at a time, until none from before the given time
    is left. Return what to say, if anything."""
    known = await rooms.get(ctx.db, job.room)
    here = known is not None and known.joined
    before = datetime.fromtimestamp(job.payload["until"], UTC)
    taken = await _next_redactions(ctx, job.room, before) if here else []
    if taken == []:
        await sent_events.end_list(ctx.db, job.room)
        return None
    await ctx.schedule(TAKE_BACK_JOB, ctx.now + PAUSE, until=job.payload["until"])
    return taken


async def _next_redactions(ctx: Context, of: RoomId, before: datetime) -> list[Effect] | None:
    """Return the next redactions, or None while the last ones are still on their way."""
    if await sent_events.is_busy(ctx.db, of):
        return None
    effects: list[Effect] = []
    for one in await sent_events.older_events(ctx.db, of, before, MOST_AT_ONCE):
        await sent_events.delete(ctx.db, one)
        effects.append(Redact(one.event, room=one.room, quiet=True))
    return effects


# --- a room that keeps nothing for ever -----------------------------------------------------------


@feature.offers(SETTING_CHANGED)
async def handle_setting(ctx: Context, key: str, room: RoomId) -> None:
    """Begin or end the list of the bot's own messages when the retention of a room is set."""
    if key in RETENTION_KEYS:
        await retention.schedule_daily(ctx)
    if key != RETENTION.key:
        return
    if await _room_retention(ctx, room) is None:
        await sent_events.end_list(ctx.db, room)
    elif await sent_events.start_list(ctx.db, room):
        await ctx.schedule(FADE_JOB, ctx.now, room=room, first=True)


async def _room_retention(ctx: Context, room: RoomId) -> timedelta | None:
    kept = (await settings.settings_of(ctx.db, room)).get(RETENTION.key, RETENTION.default)
    return timedelta(seconds=int(kept)) if kept != "0" else None


@feature.runs(FADE_JOB)
async def redact_old(ctx: Context, job: Job) -> Answer:
    """Redact the bot's messages that are too old, hourly, or at once as long as there are more.
    Return what to say, if anything."""
    length, known = await _room_retention(ctx, job.room), await rooms.get(ctx.db, job.room)
    if length is None or known is None or not known.joined:
        await sent_events.end_list(ctx.db, job.room)
        return None
    if job.payload.get("first"):
        await ctx.schedule(FADE_JOB, ctx.now + PAUSE)
        return [CollectSentEvents(one) for one in await sent_events.rooms_of(ctx.db, job.room)]
    before, keys = ctx.now - length, job.payload.get("keys", 0.0)
    taken = await _next_redactions(ctx, job.room, before)
    effects = [*(taken or [])]
    if taken is not None and ctx.now.timestamp() - keys >= DAY.total_seconds():
        effects += [
            ForgetRoomKeys(one, before) for one in await sent_events.rooms_of(ctx.db, job.room)
        ]
        keys = ctx.now.timestamp()
    pause = FADE_INTERVAL if taken is not None and len(taken) < MOST_AT_ONCE else PAUSE
    await ctx.schedule(FADE_JOB, ctx.now + pause, keys=keys)
    return effects


@feature.offers(AFTER_RESTORE)
async def collect_again(ctx: Context, made: datetime) -> list[Effect]:
    """Look up, after a restore, the bot's own messages since the copy, so that they are deleted in
    time. Return what to send."""
    return [CollectSentEvents(room) for room in await sent_events.listed_rooms(ctx.db)]
