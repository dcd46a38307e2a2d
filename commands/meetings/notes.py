"""Take notes: marked lines and who is present, and nothing else that people say."""

from __future__ import annotations

from bot.api import (
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
from commands.meetings.marked_lines import Kind, Marked
from commands.meetings.store import Meeting

MOST = 500
"""The most lines of one meeting."""
NOTED = "✓"

feature.listens = marked_lines.listens
feature.listens_within = True


@feature.on(Message)
async def heard(ctx: Context, message: Message) -> Answer:
    """Keep the marked lines of a message sent during a meeting. Returns None for talk."""
    if ctx.private:
        return None
    meeting, late = await _meant(ctx, message)
    if meeting is None:
        return None
    if marked_lines.is_present(ctx.text):
        if not late:
            await store.attends(ctx.db, meeting.item, ctx.who)
            await store.alive(ctx.db, meeting.item, ctx.now)
        return React(message.event, NOTED)
    found = marked_lines.marked(ctx.text)
    if not found:
        return None
    await keep(ctx, meeting, message.event, found)
    if late:
        await meeting_end.corrects(ctx, meeting)
    else:
        await store.attends(ctx.db, meeting.item, ctx.who)
        await store.alive(ctx.db, meeting.item, ctx.now)
    return _noted(ctx, message, len(found))


async def _meant(ctx: Context, message: Message) -> tuple[Meeting | None, bool]:
    """Return the meeting at the time of the message, and whether it has ended since."""
    thread = ctx.origin.thread or ""
    meeting = await store.going_on(ctx.db, ctx.room, thread)
    if meeting is not None and meeting.started <= ctx.now:
        return meeting, False
    if not message.late:
        return None, False
    return await store.ended_around(ctx.db, ctx.room, thread, ctx.now), True


async def keep(ctx: Context, meeting: Meeting, event: EventId, found: list[Marked]) -> None:
    """Store the lines of a message. Raises `UserError` if they are too long or too many."""
    if await store.count(ctx.db, meeting.item) + len(found) > MOST:
        raise UserError(_("These minutes are full: {count} lines at most.", count=MOST))
    for one in found:
        task = await task_of(ctx, meeting, one)
        await store.keep(ctx.db, meeting.item, event, ctx.who, one.kind, one.words, task)


async def task_of(ctx: Context, meeting: Meeting, one: Marked) -> Number | None:
    """Create a task from a task line, if a capability keeps tasks. Returns its number or None.

    Raises `UserError` if the line is too long.
    """
    if len(one.words) > marked_lines.LONGEST:
        raise UserError(
            _("I did not keep that line: {count} letters at most.", count=marked_lines.LONGEST)
        )
    for offer in ctx.registry.services("task") if one.kind is Kind.TASK else ():
        number: Number = await offer(ctx, one.words, meeting.room)
        return number
    return None


def _noted(ctx: Context, message: Message, kept: int) -> Effect:
    """React with a mark, or say how many lines were kept if it was not all of them."""
    others = marked_lines.unmarked(ctx.text, kept)
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
