"""How a secret ballot ends in its room, and how its link from voter to vote is deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import Answer, Context, Effect, Item, Job, Line, Number, Redact, Ref, SendFile, items
from commands.polls import store as polls
from commands.polls.base import feature
from commands.polls.secret import closing, say
from commands.polls.secret.private import SLOT, named
from commands.polls.secret.result import hides
from commands.polls.voters import store as voters


async def end(ctx: Context, item: Item, at: datetime) -> None:
    """Count and sign. What is read later can't be counted: the result is final at once."""
    bundle = await closing.close(ctx.db, ctx.signer, item.number, at)
    await polls.make_final(ctx.db, item.number)
    window = timedelta(seconds=bundle.manifest.window)
    # From when people can know the result: after an outage that is long after the deadline.
    await ctx.schedule("shred", max(at, ctx.read) + window, item=item.number, room=item.room)


async def told(ctx: Context, item: Item) -> tuple[list[Line], list[Effect]]:
    """What stands beside the result, and the file with every vote."""
    bundle = await closing.bundle(ctx.db, item.number)
    if bundle is None:
        raise LookupError(item.number)
    name = named(say.RESULT, item.number, (await ctx.for_room(item.room)).language)
    file = SendFile(
        name,
        "application/json",
        bundle.text().encode(),
        (say.check(name, hidden=hides(bundle.result, bundle.manifest)),),
        room=item.room,
        reply_to=Ref(item.number, "opening"),
        item=item.number,
        slot="bundle",
    )
    return say.ending(bundle), [file]


@feature.job("shred")
async def fell_due(ctx: Context, job: Job) -> Answer:
    """The window for disputes is over."""
    return await shred(ctx, job.item) if job.item is not None else None


async def shred(ctx: Context, number: Number) -> list[Effect]:
    """From now on nobody finds out here who voted what; messages go where that can be done."""
    await closing.shred(ctx.db, number, ctx.now)
    await ctx.call_off(number, "shred")
    await voters.drop_roll(ctx.db, number)
    said = await items.recall(ctx.db, number, SLOT)
    return [Redact(event, room=room, quiet=True) for event, room in said]
