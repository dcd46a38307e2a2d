"""Say in the other rooms of a poll what its own room reads: its opening, its changes, its end.

A job writes a few rooms at a time, so that other people's answers need not wait for hundreds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    RoomId,
    Say,
    UserId,
    items,
)
from commands.many_rooms.pages import next_rooms
from commands.poll_book import change_lines, poll_store, texts
from commands.poll_book.poll import Poll
from commands.polls import outcome, result_texts
from commands.polls.declaration import ROOMS_JOB, feature
from commands.polls.opening import opening_post
from commands.polls.outcome import PollOutcome


async def repeat(
    ctx: Context, item: Item, stage: str, *, person: UserId | None = None, **facts: Any
) -> None:
    """Schedule the messages about a stage of a poll for its other rooms. `facts` are those of
    `change_lines`."""
    if item.others:
        await ctx.schedule(
            ROOMS_JOB,
            ctx.now,
            item=item.number,
            room=item.room,
            person=person,
            payload={"stage": stage, **facts},
        )


@feature.runs(ROOMS_JOB)
async def write_page(ctx: Context, job: Job) -> Answer:
    """Post a stage of a poll in the next few of its rooms, and schedule the rest. Rooms that are
    lost are left out. Return what to say, if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None:
        return None
    poll = await poll_store.get_poll(ctx.db, item.number)
    write = _STAGES.get(job.payload["stage"], _tell_change)
    effects: list[Effect] = []
    for room in await next_rooms(ctx, item, job, ROOMS_JOB):
        effects += await write(ctx, item, poll, room, job)
    return effects


async def _open(ctx: Context, _item: Item, poll: Poll, room: RoomId, _job: Job) -> list[Effect]:
    if poll.ended is not None:
        return []  # it ended before its opening came this far; the end is said
    return await opening_post.opening_messages(ctx, poll, room, None)


async def _end(ctx: Context, item: Item, poll: Poll, room: RoomId, job: Job) -> list[Effect]:
    found = await outcome.current_outcome(ctx.db, poll)
    return ending_messages(item, found, room, timedelta(seconds=job.payload.get("delay", 0)))


async def _correct(ctx: Context, item: Item, poll: Poll, room: RoomId, job: Job) -> list[Effect]:
    found = await outcome.current_outcome(ctx.db, poll)
    lines = result_texts.ending_message(found)
    again = change_lines.correction_line(poll, assembly=bool(job.payload.get("assembly")))
    return correction_messages(item, found, room, lines, again)


async def _cancel(_ctx: Context, item: Item, poll: Poll, room: RoomId, _job: Job) -> list[Effect]:
    return cancel_messages(item, room, (texts.was_cancelled(poll),))


async def _tell_change(
    ctx: Context, item: Item, poll: Poll, room: RoomId, job: Job
) -> list[Effect]:
    lines = change_lines.lines_of(item, job.payload, job.person)
    if poll.ended is not None and job.payload["stage"] != "picked":
        return []
    told = Say(lines, room=room, reply_to=item.ref(room, "opening"), loud=True, item=item.number)
    if poll.ended is not None:
        return [told]
    edit = Edit(item.ref(room, "opening"), await opening_post.opening_lines(ctx, poll), room=room)
    if not job.payload.get("anew"):
        return [edit, told]
    return [
        edit,
        opening_post.remove_native_poll(item, room),
        told,
        opening_post.native_poll(poll, item, room, None),
    ]


_STAGES: Mapping[str, Callable[[Context, Item, Poll, RoomId, Job], Awaitable[list[Effect]]]] = {
    "open": _open,
    "end": _end,
    "correct": _correct,
    "cancelled": _cancel,
}


# --- what one room reads -------------------------------------------------------------------------


def ending_messages(
    item: Item, found: PollOutcome, room: RoomId, delay: timedelta = timedelta(0)
) -> list[Effect]:
    """Return the messages about a poll's end for one of its rooms, and the end of the native poll
    there."""
    native, hands = found.poll.has_native_poll, found.poll.is_show_of_hands
    closed = Edit(item.ref(room, "opening"), result_texts.closed_opening(found), room=room)
    result = Say(
        result_texts.ending_message(found, delay),
        room=room,
        reply_to=item.ref(room, "opening"),
        loud=True,
        item=item.number,
        slot=item.ref(room, "result").slot,
    )
    return [
        *((opening_post.remove_native_poll(item, room),) if native else ()),
        *(() if hands else (closed,)),
        result,
    ]


def correction_messages(
    item: Item, found: PollOutcome, room: RoomId, lines: tuple[Line, ...], again: Line
) -> list[Effect]:
    """Return the messages about a poll's corrected result for one of its rooms."""
    return [
        Edit(item.ref(room, "opening"), result_texts.closed_opening(found), room=room),
        Edit(item.ref(room, "result"), lines, room=room),
        Say(
            (again, *lines),
            room=room,
            reply_to=item.ref(room, "opening"),
            loud=True,
            item=item.number,
        ),
    ]


def cancel_messages(item: Item, room: RoomId, lines: tuple[Line, ...]) -> list[Effect]:
    """Return the messages about a poll's end without a result for one of its rooms."""
    return [
        opening_post.remove_native_poll(item, room),
        Edit(item.ref(room, "opening"), lines, room=room),
        Say(lines, room=room, loud=True, item=item.number),
    ]
