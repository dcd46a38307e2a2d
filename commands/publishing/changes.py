"""Note what is to be written to where it is handed out."""

from __future__ import annotations

from datetime import datetime

from bot.api import Context, JobKind, Number, RoomId
from commands.publishing.declaration import NOTE_IN_PLACES, feature

WRITE_JOB = feature.job("write")
NOWHERE = RoomId("")
"""The room of jobs that are of no room: they go on whichever room is left or forgotten."""


async def note_change(ctx: Context, number: Number) -> None:
    """Note that what is public of an item is not what it was, and have it written."""
    query = "INSERT INTO publishing_change (number, at) VALUES (?, ?)"
    await ctx.db.run(query, number, ctx.now.timestamp())
    for note in ctx.registry.offers(NOTE_IN_PLACES):
        await note(ctx, number)
    await schedule_write(ctx, ctx.now)


async def schedule_write(ctx: Context, at: datetime) -> None:
    """Have what changed written at `at` (UTC)."""
    await schedule_once(ctx, WRITE_JOB, at)


async def schedule_once(ctx: Context, kind: JobKind, at: datetime) -> None:
    """Plan a job of no room for `at` (UTC), unless one of its kind is due by then."""
    planned = await ctx.db.exists(
        "SELECT 1 FROM job WHERE due <= ? AND feature = ? AND name = ? LIMIT 1",
        at.timestamp(),
        kind.feature,
        kind.name,
    )
    if not planned:
        await ctx.schedule(kind, at, room=NOWHERE)
