"""Remove entries: on request, without an answer to the review, or when the person leaves."""

from __future__ import annotations

from bot.api import Answer, Context, Membership, Moved, items, rooms, search
from commands.directory import directory_store
from commands.directory.declaration import feature
from commands.directory.directory_store import Entry


async def take_out(ctx: Context, entry: Entry) -> None:
    """Delete the entry and the letters to it."""
    for letter in await directory_store.letters_of(ctx.db, entry.person):
        if letter.entry == entry.item:
            await items.drop(ctx.db, letter.item)
    await search.drop(ctx.db, feature.name, str(entry.item))
    await ctx.call_off(entry.item)
    await items.drop(ctx.db, entry.item)
    ctx.db.shred()


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    """Remove a person's entries when they leave the room; network entries, when they leave all
    rooms."""
    if what.now in (Membership.LEAVE, Membership.BAN) and what.before is Membership.JOIN:
        for entry in await directory_store.of_in(ctx.db, what.user, what.room):
            if not (entry.network and await rooms.shares_room(ctx.db, what.user)):
                await take_out(ctx, entry)
    return None
