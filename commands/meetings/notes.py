"""Take notes: marked lines and who is present, and nothing else that people say."""

from __future__ import annotations

from bot.api import (
    CREATE_TASK,
    Answer,
    Context,
    Effect,
    EventId,
    Message,
    Number,
    React,
    Say,
    UserError,
    _,
    n_,
)
from commands.meetings import marked_lines, meeting_end, store
from commands.meetings.declaration import feature
from commands.meetings.marked_lines import LineKind, MarkedLine
from commands.meetings.store import Meeting

MOST_LINES = 500
"""The most lines of one meeting."""
NOTED = "✓"

feature.wants_line = marked_lines.may_concern_meeting
feature.listens_within_room = True


@feature.on(Message)
async def take_notes(ctx: Context, message: Message) -> Answer:
    """Store the marked lines of a message sent during a meeting in its minutes. Return None for
    other text."""
    if ctx.is_private:
        return None
    meeting, late = await _meeting_at(ctx, message)
    if meeting is None:
        return None
    if marked_lines.is_present(ctx.text):
        if not late:
            await store.record_attendance(ctx.db, meeting.item, ctx.who)
            await store.record_activity(ctx.db, meeting.item, ctx.said_at)
        return React(message.event, NOTED)
    found = marked_lines.find_marked_lines(ctx.text)
    if not found:
        return None
    await keep_lines(ctx, meeting, message.event, found)
    if late:
        await meeting_end.schedule_correction(ctx, meeting)
    else:
        await store.record_attendance(ctx.db, meeting.item, ctx.who)
        await store.record_activity(ctx.db, meeting.item, ctx.said_at)
    return _confirm_kept(ctx, message, len(found))


async def _meeting_at(ctx: Context, message: Message) -> tuple[Meeting | None, bool]:
    """Return the meeting at the time of the message, and whether it has ended since."""
    thread = ctx.origin.thread or ""
    meeting = await store.find_open_meeting(ctx.db, ctx.room, thread)
    if meeting is not None and meeting.started <= ctx.said_at:
        return meeting, False
    if not message.late:
        return None, False
    return await store.find_ended_meeting(ctx.db, ctx.room, thread, ctx.said_at), True


async def keep_lines(
    ctx: Context, meeting: Meeting, event: EventId, found: list[MarkedLine]
) -> None:
    """Store the lines of a message in a meeting's minutes. Raises `UserError` if they are too long
    or too many."""
    if await store.count_lines(ctx.db, meeting.item) + len(found) > MOST_LINES:
        raise UserError(_("These minutes are full: {count} lines at most.", count=MOST_LINES))
    for one in found:
        task = await create_task(ctx, meeting, one)
        await store.add_line(ctx.db, meeting.item, event, ctx.who, one.kind, one.words, task)


async def create_task(ctx: Context, meeting: Meeting, one: MarkedLine) -> Number | None:
    """Create a task from a line of the minutes, if a capability keeps tasks. Returns its number or
    None.

    Raises `UserError` if the line is too long.
    """
    if len(one.words) > marked_lines.LONGEST_LINE:
        raise UserError(
            _("I did not keep that line: {count} letters at most.", count=marked_lines.LONGEST_LINE)
        )
    for offer in ctx.registry.offers(CREATE_TASK) if one.kind is LineKind.TASK else ():
        number: Number = await offer(ctx, one.words, meeting.room)
        return number
    return None


def _confirm_kept(ctx: Context, message: Message, kept: int) -> Effect:
    """React with a mark, or say how many lines were kept if it was not all of them."""
    others = marked_lines.count_unmarked_lines(ctx.text, kept)
    if not others:
        return React(message.event, NOTED)
    line = n_(
        "I kept {count} line of this; a line is kept if it begins with `agreed:`, `task:` or"
        " `info:`.",
        "I kept {count} lines of this; a line is kept if it begins with `agreed:`, `task:` or"
        " `info:`.",
        kept,
    )
    return Say((line,), reply_to=message.event, thread=ctx.origin.thread)
