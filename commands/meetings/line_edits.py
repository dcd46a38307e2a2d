"""Edits and deletions of messages during a meeting change the minutes too."""

from __future__ import annotations

from bot.api import (
    CANCEL,
    Answer,
    Context,
    EditedMessage,
    Number,
    React,
    Redaction,
    UserError,
    items,
    strip_hidden,
)
from commands.meetings import marked_lines, notes, store
from commands.meetings.declaration import feature
from commands.meetings.marked_lines import MarkedLine
from commands.meetings.store import Meeting, MinutesLine


@feature.on(Redaction)
async def remove_redacted_lines(ctx: Context, what: Redaction) -> Answer:
    """Delete the lines of a redacted message from a meeting's minutes, and cancel their tasks.
    Return what to say, if anything."""
    for line in await store.remove_lines(ctx.db, what.target):
        await _drop_task(ctx, line.task)
    return None


@feature.on(EditedMessage)
async def update_edited_lines(ctx: Context, what: EditedMessage) -> Answer:
    """Update the minutes' lines of an edited message, or store a line that is marked only now.
    Return what to say, if anything."""
    before, theirs = await store.lines_of_message(ctx.db, what.target, ctx.who)
    found = marked_lines.find_marked_lines(strip_hidden(what.text))
    meeting = await store.find_open_meeting(ctx.db, ctx.room, "")
    if ctx.is_private or not theirs or not (before or found):
        return None
    if before:
        return await _replace_lines(
            ctx, await _meeting_of_line(ctx, before[0], meeting), what, before, found
        )
    if (
        meeting is None
        or meeting.started > ctx.said_at
        or await store.has_lines(ctx.db, what.target)
    ):
        return None  # Minutes of an ended meeting stay as posted.
    if not _is_own_edit(ctx, what):
        return None
    await notes.keep_lines(ctx, meeting, what.target, found)
    await store.record_attendance(ctx.db, meeting.item, ctx.who)
    await store.record_activity(ctx.db, meeting.item, ctx.said_at)
    return React(what.target, notes.NOTED)


def _is_own_edit(ctx: Context, what: EditedMessage) -> bool:
    """Return whether the person edited their own message.

    Apps do not show edits of other people's messages, so nobody would have seen such a line.
    """
    try:
        return ctx.fetched.message(ctx.room, what.target).sender == ctx.who
    except UserError:  # not there, or unreadable
        return False


async def _meeting_of_line(ctx: Context, line: MinutesLine, here: Meeting | None) -> Meeting:
    """Return the meeting of a line, which may be that of a thread."""
    found = (
        await store.get_meeting(ctx.db, line.meeting)
        if not here or here.item != line.meeting
        else here
    )
    assert found is not None
    return found


async def _replace_lines(
    ctx: Context,
    meeting: Meeting,
    what: EditedMessage,
    before: list[MinutesLine],
    found: list[MarkedLine],
) -> Answer:
    """Change lines in place if their kinds stay the same; otherwise replace them."""
    await store.record_activity(ctx.db, meeting.item, ctx.said_at)
    if [one.kind for one in before] == [one.kind for one in found]:
        for old, new in zip(before, found, strict=True):
            if old.words != new.words:
                await _drop_task(ctx, old.task)
                task = await notes.create_task(ctx, meeting, new)
                await store.change_line(ctx.db, old.id, new.words, task)
        return None
    for line in await store.remove_lines(ctx.db, what.target):
        await _drop_task(ctx, line.task)
    await notes.keep_lines(ctx, meeting, what.target, found)
    return None


async def _drop_task(ctx: Context, task: Number | None) -> None:
    item = await items.get(ctx.db, task) if task is not None else None
    if item is None:
        return
    for offer in ctx.registry.offers(CANCEL.of("task")):
        await offer(ctx, item)
