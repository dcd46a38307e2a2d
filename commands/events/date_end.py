"""Go on when a date has ended: to the next date of its series, or to close the event."""

from __future__ import annotations

from bot.api import Answer, Context, Edit, Job, MessageRef, items
from commands.events import other_rooms, store
from commands.events.creation import schedule_end
from commands.events.declaration import OVER_JOB, feature
from commands.events.event_post import message_lines


@feature.runs(OVER_JOB)
async def end_date(ctx: Context, job: Job) -> Answer:
    """Edit the event's message to show the next date, or close the item. Nobody is mentioned."""
    event = await store.get_event(ctx.db, job.item) if job.item else None
    if event is None:
        return None
    await store.save_event(ctx.db, event, ctx.said_at)
    lines = await message_lines(ctx, event)
    if not lines:
        await items.close(ctx.db, event.item)
        return None
    await schedule_end(ctx, event)
    await other_rooms.repeat(ctx, event, other_rooms.EDITED)
    return Edit(MessageRef(event.item, "opening"), lines, room=event.room)
