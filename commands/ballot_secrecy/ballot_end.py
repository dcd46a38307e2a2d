"""The end of a secret ballot in its room, and the deletion of the link from voters to votes."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Job,
    MessageRef,
    Number,
    Redact,
    SendFile,
    items,
    public_changes,
)
from commands.ballot_secrecy import ballot_end_store, ballot_texts
from commands.ballot_secrecy.declaration import SHRED_JOB, SLOT_PREFIX, feature, file_name
from commands.ballot_secrecy.files import signed_words
from commands.ballot_secrecy.files.formats import only_added, sign_translations
from commands.ballot_secrecy.files.result import hides_counts
from commands.poll_book import poll_store, voter_store


async def end_ballot(ctx: Context, item: Item, at: datetime) -> None:
    """Close a secret ballot and sign its result, which is final at once.

    A vote that is read later cannot be counted.
    """
    poll = await poll_store.get_poll(ctx.db, item.number)
    every = sign_translations(poll.title, poll.question.labels, poll.translated)
    bundle = await ballot_end_store.close_ballot(
        ctx.db,
        ctx.signer,
        item.number,
        at,
        poll.question.withdrawn,
        only_added(every),
        signed_words.teller(ctx.renderer),
    )
    await poll_store.make_final(ctx.db, item.number)
    window = timedelta(seconds=bundle.manifest.window)
    # The window starts when people can know the result: after an outage, long after the deadline.
    await ctx.schedule(SHRED_JOB, max(at, ctx.now) + window, item=item.number, room=item.room)


async def result_files(ctx: Context, item: Item) -> list[Effect]:
    """Return the file that lists every vote of a secret ballot, without names.

    Raises `LookupError` if the ballot has no result.
    """
    bundle = await ballot_end_store.get_bundle(ctx.db, item.number)
    if bundle is None:
        raise LookupError(item.number)
    name = file_name(
        ballot_texts.RESULT, item.number, (await ctx.policy_of_room(item.room)).language
    )
    file = SendFile(
        name,
        "application/json",
        bundle.to_json().encode(),
        (ballot_texts.result_caption(name, hidden=hides_counts(bundle.result, bundle.manifest)),),
        room=item.room,
        reply_to=MessageRef(item.number, "opening"),
        item=item.number,
        slot="bundle",
    )
    return [file]


@feature.runs(SHRED_JOB)
async def shred_when_due(ctx: Context, job: Job) -> Answer:
    """Delete who cast which vote of a secret ballot, when its window for disputes is over. Return
    what to say, if anything."""
    if job.item is None:
        return None
    effects = await shred_ballot(ctx, job.item)
    await public_changes.note_decided(ctx, job.item)
    return effects


async def shred_ballot(ctx: Context, number: Number) -> list[Effect]:
    """Delete who cast which vote of a secret ballot, and redact private messages about it if
    possible. Return what to send."""
    await ballot_end_store.shred_links(ctx.db, number, ctx.said_at)
    await ctx.cancel_jobs(number, SHRED_JOB)
    await voter_store.drop_roll(ctx.db, number)
    said = await items.forget_posts(ctx.db, number, SLOT_PREFIX)
    return [Redact(event, room=room, quiet=True) for event, room in said]
