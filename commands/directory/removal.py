"""Remove entries: on request, without an answer to the review, or when the person leaves."""

from __future__ import annotations

from bot.api import Answer, Context, Membership, MembershipChanged, items, rooms, search
from commands.directory import directory_store
from commands.directory.declaration import feature
from commands.directory.directory_store import DirectoryEntry


async def remove_entry(ctx: Context, entry: DirectoryEntry) -> None:
    """Delete an entry of the directory and the letters to it."""
    for letter in await directory_store.letters_of(ctx.db, entry.person):
        if letter.entry == entry.item:
            await items.delete(ctx.db, letter.item)
    await search.delete(ctx.db, feature.name, str(entry.item))
    await ctx.cancel_jobs(entry.item)
    await items.delete(ctx.db, entry.item)
    ctx.db.shred()


@feature.on(MembershipChanged)
async def remove_departed(ctx: Context, what: MembershipChanged) -> Answer:
    """Delete a person's directory entries when they leave the room; network entries, when they
    leave all rooms. Return what to say, if anything."""
    if what.after in (Membership.LEAVE, Membership.BAN) and what.before is Membership.JOIN:
        for entry in await directory_store.entries_in_room(ctx.db, what.user, what.room):
            if not (entry.network and await rooms.shares_room(ctx.db, what.user)):
                await remove_entry(ctx, entry)
    return None
