"""Note what is to be brought up to date where it is handed out."""

from __future__ import annotations

from datetime import datetime

from bot.api import Context, JobKind, Number, RoomId
from commands.publishing.declaration import feature
from commands.publishing.places import place_store, room_store

WRITE_JOB, POST_JOB = feature.job("write"), feature.job("post")
RESTORED_JOB = feature.job("restored posts")
NOWHERE = RoomId("")
"""The room of jobs that are of no room: they go on whichever room is left or forgotten."""


async def note_change(ctx: Context, number: Number) -> None:
    """Note that what is public of an item is not what it was, and have it written and posted.

    Nothing is written any more of the item as it was, whatever waits.
    """
    query = "INSERT INTO publishing_change (number, at) VALUES (?, ?)"
    await ctx.db.run(query, number, ctx.now.timestamp())
    await _note_for_room(ctx, number)
    if await place_store.logged_item(ctx.db, number) is not None:
        await place_store.drop_unwritten(ctx.db)
    await schedule_write(ctx, ctx.now)


async def _note_for_room(ctx: Context, number: Number) -> None:
    """Have an item's post brought up to date; without an open room, only if one tells of it."""
    is_open = await room_store.open_room(ctx.db) is not None
    if is_open or await room_store.post_of(ctx.db, number) is not None:
        await room_store.note_to_post(ctx.db, [number])
        await schedule_once(ctx, POST_JOB, ctx.now)


async def schedule_write(ctx: Context, at: datetime) -> None:
    """Schedule at `at` (UTC) the job that writes the changed public files."""
    await schedule_once(ctx, WRITE_JOB, at)


async def schedule_once(ctx: Context, kind: JobKind, at: datetime) -> None:
    """Schedule a job that belongs to no room for `at` (UTC), unless one of its kind is due by
    then."""
    planned = await ctx.db.exists(
        "SELECT 1 FROM job WHERE due <= ? AND feature = ? AND name = ? LIMIT 1",
        at.timestamp(),
        kind.feature,
        kind.name,
    )
    if not planned:
        await ctx.schedule(kind, at, room=NOWHERE)
