"""Note what is to be written to where it is handed out."""

from __future__ import annotations

from bot.api import Context, Number
from commands.publishing.declaration import feature

WRITE_JOB = feature.job("write")


async def note_change(ctx: Context, number: Number) -> None:
    """Note that what is public of an item is not what it was, and have it written."""
    query = "INSERT INTO publishing_change (number, at) VALUES (?, ?)"
    await ctx.db.run(query, number, ctx.now.timestamp())
    await ctx.schedule(WRITE_JOB, ctx.now)
