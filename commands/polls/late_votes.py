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
    rooms,
)
from commands.poll_book import change_lines, poll_store, requested_proposals, texts
from commands.poll_book.poll import Poll
from commands.polls import outcome, result_picture, result_texts
from commands.polls.declaration import CLOSE_JOB, CORRECT_JOB, FINAL_JOB, feature
from commands.polls.opening import other_rooms

OPEN_TO_LATE_VOTES = timedelta(days=1)
"""How long a result may still change. It becomes final only while the homeserver is reachable."""
SHUT_OUT_LOOK, LONGEST_SHUT_OUT = timedelta(hours=1), timedelta(days=30)
"""How often the bot looks whether it may write in a poll's room again, and for how long."""
LONGEST_SECRET = timedelta(days=1)
"""For how long if the poll is secret: who voted what is kept until then."""
CORRECTION_DELAY = timedelta(minutes=1)
"""Late votes come in bursts. All of them within this time make one correction."""


async def sealing_ahead(ctx: Context, poll: Number) -> datetime | None:
    """Return when the counts of a poll are sealed for other networks (UTC), if that is to come."""
    for sealed_at in ctx.registry.offers(SEALED_AT):
        at = await sealed_at(ctx, poll)
        if at is not None and ctx.now < at:
            return at
    return None


async def is_sealed_for_others(ctx: Context, poll: Number) -> bool:
    """Return whether the counts of a poll are sealed for other networks at some time."""
    return any([await sealed(ctx, poll) is not None for sealed in ctx.registry.offers(SEALED_AT)])


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


async def is_shut_out(ctx: Context, item: Item, poll: Poll, ended: datetime) -> bool:
    """Return whether the bot can't say in the poll's room how it ended, and waits until it can.

    Whoever takes it out of the room, or takes its right to write, would else choose the last vote
    that counts, and nobody would read the result. A poll for other networks does not wait.
    """
    longest = LONGEST_SECRET if poll.rule.secret else LONGEST_SHUT_OUT
    if ctx.now - ended > longest or await is_sealed_for_others(ctx, item.number):
        return False
    room = await rooms.get(ctx.db, item.room)
    return room is None or not room.joined or room.power_of(ctx.me) < room.power_to_write


async def is_out(ctx: Context, item: Item) -> bool:
    """Return whether the bot is out of the poll's room."""
    room = await rooms.get(ctx.db, item.room)
    return room is None or not room.joined


async def wait_until_let_in(ctx: Context, item: Item, job: Job) -> Answer:
    """Look again in an hour whether the bot may write in the poll's room. Return what its author
    reads, the first time."""
    at = ctx.now + SHUT_OUT_LOOK
    await ctx.schedule(CLOSE_JOB, at, item=item.number, room=item.room, shut_out=True)
    if job.payload.get("shut_out"):
        return None
    lines = (
        _(
            "The time to vote in {number}, “{question}”, is over, and I can't write in its room.",
            number=item.number,
            question=texts.short_question(item.title),
        ),
        _("I say how it ended when somebody there lets me in, or lets me write."),
    )
    return Say(lines, to=item.author, loud=True, item=item.number)


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
