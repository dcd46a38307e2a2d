"""The end of a secret ballot in its room, and the deletion of the link from voters to votes."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import Answer, Context, Effect, Item, Job, Line, Number, Redact, Ref, SendFile, items
from commands.polls import poll_store as polls
from commands.polls.declaration import feature
from commands.polls.secret import ballot_end_store, ballot_texts
from commands.polls.secret.files.result import hides
from commands.polls.secret.private_votes import SLOT, named
from commands.polls.voters import voter_store as voters


async def end(ctx: Context, item: Item, at: datetime) -> None:
    """Close the ballot and sign its result. The result is final at once.

    A vote that is read later cannot be counted.
    """
    bundle = await ballot_end_store.close(ctx.db, ctx.signer, item.number, at)
    await polls.make_final(ctx.db, item.number)
    window = timedelta(seconds=bundle.manifest.window)
    # The window starts when people can know the result: after an outage, long after the deadline.
    await ctx.schedule("shred", max(at, ctx.read) + window, item=item.number, room=item.room)


async def told(ctx: Context, item: Item) -> tuple[list[Line], list[Effect]]:
    """Return the lines beside the result, and the file with every vote.

    Raises `LookupError` if the ballot has no result.
    """
    bundle = await ballot_end_store.bundle(ctx.db, item.number)
    if bundle is None:
        raise LookupError(item.number)
    name = named(ballot_texts.RESULT, item.number, (await ctx.for_room(item.room)).language)
    file = SendFile(
        name,
        "application/json",
        bundle.text().encode(),
        (ballot_texts.check(name, hidden=hides(bundle.result, bundle.manifest)),),
        room=item.room,
        reply_to=Ref(item.number, "opening"),
        item=item.number,
        slot="bundle",
    )
    return ballot_texts.ending(bundle), [file]


@feature.job("shred")
async def fell_due(ctx: Context, job: Job) -> Answer:
    """Shred the ballot when its window for disputes is over."""
    return await shred(ctx, job.item) if job.item is not None else None


async def shred(ctx: Context, number: Number) -> list[Effect]:
    """Delete the link from voters to votes, and redact private messages about it if possible."""
    await ballot_end_store.shred(ctx.db, number, ctx.now)
    await ctx.call_off(number, "shred")
    await voters.drop_roll(ctx.db, number)
    said = await items.recall(ctx.db, number, SLOT)
    return [Redact(event, room=room, quiet=True) for event, room in said]
