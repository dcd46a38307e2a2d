"""Votes sent in time but read after the end. They count until the result is final.

See decision 0007.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    SEALED_AT,
    Answer,
    Context,
    Item,
    Job,
    Line,
    Number,
    Say,
    Span,
    _,
    items,
    public_changes,
)
from commands.poll_book import change_lines, poll_store, requested_proposals, texts
from commands.poll_book.poll import Poll
from commands.polls import outcome, result_picture, result_texts
from commands.polls.declaration import CLOSE_JOB, CORRECT_JOB, FINAL_JOB, feature
from commands.polls.opening import other_rooms

OPEN_TO_LATE_VOTES = timedelta(days=1)
"""How long a result may still change. It becomes final only while the homeserver is reachable."""
CORRECTION_DELAY = timedelta(minutes=1)
"""Late votes come in bursts. All of them within this time make one correction."""


async def sealing_ahead(ctx: Context, poll: Number) -> datetime | None:
    """Return when the counts of a poll are sealed for other networks (UTC), if that is to come."""
    for sealed_at in ctx.registry.offers(SEALED_AT):
        at = await sealed_at(ctx, poll)
        if at is not None and ctx.now < at:
            return at
    return None


async def wait_for_sealing(ctx: Context, item: Item, at: datetime) -> Answer:
    """Close a poll at `at` (UTC) with the votes that were sent before its end and are read until
    then. Return what to tell its rooms."""
    await ctx.schedule(CLOSE_JOB, at, item=item.number, room=item.room)
    line = _(
        "The time to vote in {number}, “{question}”, is over. I count in {wait}: votes sent in time"
        " may arrive late.",
        number=item.number,
        question=texts.short_question(item.title),
        wait=Span(at - ctx.now),
    )
    return [Say((line,), room=room, item=item.number) for room in item.rooms]


async def schedule_final(ctx: Context, item: Item) -> None:
    """Schedule when the result of an ended poll becomes final."""
    await ctx.schedule(FINAL_JOB, ctx.now + OPEN_TO_LATE_VOTES, item=item.number, room=item.room)


async def schedule_correction(ctx: Context, item: Item, *, assembly: bool = False) -> None:
    """Schedule one correction after a vote or an assembly count changed an ended poll."""
    if not await ctx.has_job(item.number, CORRECT_JOB):
        at = ctx.now + CORRECTION_DELAY
        await ctx.schedule(CORRECT_JOB, at, item=item.number, room=item.room, assembly=assembly)


def confirm_late_vote(poll: Poll, chosen: tuple[Line, ...]) -> Line:
    """Return the line that confirms to its voter a vote that was read late."""
    if not chosen:
        return _(
            "Noted: no vote. You sent it before poll {number} closed, so I correct the result.",
            number=poll.number,
        )
    return _(
        "Noted: {chosen}. You sent it before poll {number} closed, so it counts: I correct the"
        " result.",
        chosen=chosen,
        number=poll.number,
    )


@feature.runs(CORRECT_JOB)
async def correct_result(ctx: Context, job: Job) -> Answer:
    """Announce the corrected result of a poll, and edit the messages with the first one. Return
    what to say, if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None:
        return None
    poll = await poll_store.get_poll(ctx.db, item.number)
    found = await outcome.store_outcome(ctx.db, poll)
    lines = (
        *await requested_proposals.joint_vote_notice(ctx.db, item.number),
        *result_texts.ending_message(found),
        *await requested_proposals.correction_notice(ctx.db, item.number, found.verdict),
    )
    assembly = bool(job.payload.get("assembly"))
    again = change_lines.correction_line(poll, assembly=assembly)
    await other_rooms.repeat(ctx, item, "correct", assembly=assembly)
    return [
        *other_rooms.correction_messages(item, found, item.room, lines, again),
        *await result_picture.result_pictures(ctx, item, found),
    ]


@feature.runs(FINAL_JOB)
async def make_result_final(ctx: Context, job: Job) -> Answer:
    """Store that no late vote changes the result of a poll any more. Return what to say, if
    anything."""
    if job.item is not None:
        await poll_store.make_final(ctx.db, job.item)
        await public_changes.note_decided(ctx, job.item)
    return None
