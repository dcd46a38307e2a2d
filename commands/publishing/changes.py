"""Note what is to be written to where it is handed out."""

from __future__ import annotations

from datetime import datetime

from bot.api import Context, Number, RoomId
from commands.publishing.declaration import feature

WRITE_JOB = feature.job("write")
NOWHERE = RoomId("")
"""The room of jobs that are of no room: they go on whichever room is left or forgotten."""


async def note_change(ctx: Context, number: Number) -> None:
    """Note that what is public of an item is not what it was, and have it written."""
    query = "INSERT INTO publishing_change (number, at) VALUES (?, ?)"
    await ctx.db.run(query, number, ctx.now.timestamp())
    await schedule_write(ctx, ctx.now)


async def schedule_write(ctx: Context, at: datetime) -> None:
    """Have what changed written at `at` (UTC), by one job however many changes there are."""
    planned = await ctx.db.exists(
        "SELECT 1 FROM job WHERE due <= ? AND feature = ? AND name = ? LIMIT 1",
        at.timestamp(),
        WRITE_JOB.feature,
        WRITE_JOB.name,
    )
    if not planned:
        await ctx.schedule(WRITE_JOB, at, room=NOWHERE)
