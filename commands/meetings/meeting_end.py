"""The end of a meeting: its minutes as one message with the file, corrected for late lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.api import (
    MINUTES,
    TASK_PEOPLE,
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Number,
    Say,
    SendFile,
    UserError,
    UserId,
    _,
    items,
    n_,
)
from commands.meetings import agenda_store, declaration, minutes, minutes_document, store
from commands.meetings.declaration import LATE_JOB, feature
from commands.meetings.store import Meeting

CORRECTION_DELAY = timedelta(minutes=1)
"""Late lines come in bursts. All of them within this time make one correction."""


async def finish_meeting(ctx: Context, meeting: Meeting, at: datetime) -> list[Effect]:
    """End a meeting at `at`, and post its minutes as a file with what was agreed in its caption.
    Return what to send.

    Everybody who has a task in them is mentioned.
    """
    names = await ctx.setting_value(declaration.NAMES_IN_MINUTES, meeting.room) == "yes"
    await agenda_store.end_current_point(ctx.db, meeting.item, at)
    left = await agenda_store.leave_undiscussed(ctx.db, meeting.item)
    await store.end_meeting(ctx.db, meeting.item, at, names=names)
    await items.close(ctx.db, meeting.item)
    await ctx.cancel_jobs(meeting.item)
    ended = await store.get_meeting(ctx.db, meeting.item)
    assert ended is not None
    found = await minutes.compile_minutes(ctx, ended)
    lines = minutes.caption_lines(found)
    if left:
        waits = n_(
            "{count} point was not reached; it waits for the next meeting.",
            "{count} points were not reached; they wait for the next meeting.",
            left,
        )
        lines = [*lines[:-1], waits, lines[-1]]
    file = await minutes_file(ctx, ended)
    people = tuple(await _people_with_tasks(ctx, ended))
    return [replace(file, caption=tuple(lines), mentions=people)]


async def _people_with_tasks(ctx: Context, meeting: Meeting) -> list[UserId]:
    numbers = store.task_numbers(await store.list_lines(ctx.db, meeting.item))
    for offer in ctx.registry.offers(TASK_PEOPLE) if numbers else ():
        found: list[UserId] = await offer(ctx, numbers)
        return found
    return []


async def minutes_file(ctx: Context, meeting: Meeting, to: UserId | None = None) -> SendFile:
    """Return the complete minutes of a meeting as a file, for the room or for one person."""
    found = await minutes.compile_minutes(ctx, meeting)
    place = await (ctx.policy_of_person(to) if to else ctx.policy_of_room(meeting.room))
    stem = minutes.FILE_STEM.in_language(place.language)
    return SendFile(
        f"{stem}-{meeting.item}.md",
        "text/markdown",
        partial(minutes_document.make_document, found),
        caption=(_("The minutes of meeting {number} as a file.", number=meeting.item),),
        room=None if to else meeting.room,
        to=to,
        thread=None if to else meeting.thread,
        item=meeting.item,
    )


async def schedule_correction(ctx: Context, meeting: Meeting) -> None:
    """Schedule a correction of the minutes for a line that was read after the end."""
    if not await ctx.has_job(meeting.item, LATE_JOB):
        at = ctx.now + CORRECTION_DELAY
        await ctx.schedule(LATE_JOB, at, item=meeting.item, room=meeting.room)


@feature.runs(LATE_JOB)
async def correct_minutes(ctx: Context, job: Job) -> Answer:
    """Send the minutes of a meeting again, with marked lines that were read late. Return what to
    say, if anything."""
    meeting = await store.get_meeting(ctx.db, Number(job.item)) if job.item is not None else None
    if meeting is None or meeting.ended is None:
        return None
    told = _(
        "Lines that were sent during meeting {number} reached me only now: the minutes have them.",
        number=meeting.item,
    )
    return replace(await minutes_file(ctx, meeting), caption=(told,))


@feature.offers(MINUTES.of("meeting"))
async def show_minutes(ctx: Context, item: Item) -> Answer:
    """Show the minutes of a meeting and their file, in private if others here may not read them.
    Return what to say, if anything.

    Raises `UserError` while the meeting is going on.
    """
    meeting = await store.get_meeting(ctx.db, item.number)
    if meeting is None or meeting.ended is None:
        raise UserError(
            _(
                "Meeting {number} is still going on: its minutes come at the end.",
                number=item.number,
            )
        )
    found = minutes.minutes_lines(await minutes.compile_minutes(ctx, meeting))
    if not ctx.is_private and item.room == ctx.room:
        return [*found, await minutes_file(ctx, meeting)]
    letter = Say(tuple(found), to=ctx.who, item=item.number)
    return [letter, await minutes_file(ctx, meeting, ctx.who)]
