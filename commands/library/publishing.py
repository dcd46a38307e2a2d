"""Writing a thing: new or corrected, with its versions, and who may see it."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, RoomId, UserError, _
from commands.library import indexing, say, store
from commands.library.naming import Typed
from commands.library.store import Resource
from commands.library.taking import Taken


async def check(ctx: Context, room: RoomId) -> None:
    """What is said in a room leaves it only if its moderators want that."""
    if not await ctx.moderates(room):
        raise UserError(
            _("You can't show it to the whole network: that is for the room's moderators."),
            _("Keep it for this room, without `visible:network`, and ask one of them."),
        )


async def write(ctx: Context, one: Resource, taken: Taken) -> None:
    """Keep it as it is now, and as one more version."""
    await store.put(ctx.db, one, [link.known for link in taken.links])
    await store.add_version(ctx.db, one, ctx.who, taken.said_by, taken.source)
    await indexing.put(ctx, one)


async def correct(ctx: Context, before: Resource, typed: Typed, taken: Taken) -> Answer:
    """The next version; the old ones stay. What was corrected counts as found right."""
    if typed.seen == "network" and before.seen != "network":
        await check(ctx, before.room)
        await ctx.log("published", {"number": before.item}, room=before.room)
    after = replace(
        before,
        kind=taken.kind,
        text=taken.text,
        file=taken.file,
        seen=typed.seen or before.seen,
        themes=typed.themes or before.themes,
        changed=ctx.now,
        reviewed=ctx.now,
        doubtful=False,
        version=before.version + 1,
    )
    await write(ctx, after, taken)
    if ctx.who != before.keeper:
        await ctx.log("corrected", {"number": before.item}, room=before.room)
    return say.said(
        ctx,
        after,
        _("#{name} ({number}) now says: {text}", name=after.name, number=after.item,
          text=say.about(after)),
        *say.warnings(taken.links),
        _("How it was before: `!versions {number}`", number=after.item),
    )  # fmt: skip


async def retheme(ctx: Context, before: Resource, typed: Typed) -> Answer:
    """Other themes, or others who may see it; what it says stays."""
    if typed.seen == "network" and before.seen != "network":
        await check(ctx, before.room)
        await ctx.log("published", {"number": before.item}, room=before.room)
    elif ctx.who != before.keeper:
        await ctx.log("corrected", {"number": before.item}, room=before.room)
    after = replace(before, themes=typed.themes or before.themes, seen=typed.seen or before.seen)
    await store.put(ctx.db, after, await store.links(ctx.db, before.item))
    await indexing.put(ctx, after)
    return say.said(ctx, after, say.row(after), *say.beneath(after))
