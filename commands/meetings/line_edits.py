"""Edits and deletions of messages during a meeting change the minutes too."""

from __future__ import annotations

from bot.api import Answer, Context, Edited, Number, React, Redaction, UserError, harmless, items
from commands.meetings import marked_lines, notes, store
from commands.meetings.declaration import feature
from commands.meetings.marked_lines import Marked
from commands.meetings.store import Kept, Meeting


@feature.on(Redaction)
async def redacted(ctx: Context, what: Redaction) -> Answer:
    """Remove the lines of a redacted message from the minutes, and cancel their tasks."""
    for line in await store.take_out(ctx.db, what.target):
        await _drop_task(ctx, line.task)
    return None


@feature.on(Edited)
async def edited(ctx: Context, what: Edited) -> Answer:
    """Update the lines of an edited message, or keep a line that is marked only now."""
    before, theirs = await store.of_message(ctx.db, what.target, ctx.who)
    found = marked_lines.marked(harmless(what.text))
    meeting = await store.going_on(ctx.db, ctx.room, "")
    if ctx.private or not theirs or not (before or found):
        return None
    if before:
        return await _again(ctx, await _of(ctx, before[0], meeting), what, before, found)
    if meeting is None or meeting.started > ctx.now or await store.known(ctx.db, what.target):
        return None  # Minutes of an ended meeting stay as posted.
    if not _own(ctx, what):
        return None
    await notes.keep(ctx, meeting, what.target, found)
    await store.attends(ctx.db, meeting.item, ctx.who)
    await store.alive(ctx.db, meeting.item, ctx.now)
    return React(what.target, notes.NOTED)


def _own(ctx: Context, what: Edited) -> bool:
    """Return whether the person edited their own message.

    Apps do not show edits of other people's messages, so nobody would have seen such a line.
    """
    try:
        return ctx.fetched.message(ctx.room, what.target).sender == ctx.who
    except UserError:  # not there, or unreadable
        return False


async def _of(ctx: Context, line: Kept, here: Meeting | None) -> Meeting:
    """Return the meeting of a line, which may be that of a thread."""
    found = await store.get(ctx.db, line.meeting) if not here or here.item != line.meeting else here
    assert found is not None
    return found


async def _again(
    ctx: Context, meeting: Meeting, what: Edited, before: list[Kept], found: list[Marked]
) -> Answer:
    """Change lines in place if their kinds stay the same; otherwise replace them."""
    await store.alive(ctx.db, meeting.item, ctx.now)
    if [one.kind for one in before] == [one.kind for one in found]:
        for old, new in zip(before, found, strict=True):
            if old.words != new.words:
                await _drop_task(ctx, old.task)
                task = await notes.task_of(ctx, meeting, new)
                await store.change(ctx.db, old.id, new.words, task)
        return None
    for line in await store.take_out(ctx.db, what.target):
        await _drop_task(ctx, line.task)
    await notes.keep(ctx, meeting, what.target, found)
    return None


async def _drop_task(ctx: Context, task: Number | None) -> None:
    item = await items.get(ctx.db, task) if task is not None else None
    for offer in ctx.registry.services("cancel:task") if item else ():
        await offer(ctx, item)
