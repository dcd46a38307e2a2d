"""Go on when a date has ended: to the next date of its series, or to close the event."""

from __future__ import annotations

from bot.api import Answer, Context, Edit, Job, Ref, items
from commands.events import store
from commands.events.creation import shown, wait_for_end
from commands.events.declaration import feature


@feature.job("over")
async def over(ctx: Context, job: Job) -> Answer:
    """Edit the event's message to show the next date, or close the item. Nobody is mentioned."""
    event = await store.get(ctx.db, job.item) if job.item else None
    if event is None:
        return None
    await store.put(ctx.db, event, ctx.now)
    lines = await shown(ctx, event)
    if not lines:
        await items.close(ctx.db, event.item)
        return None
    await wait_for_end(ctx, event)
    return Edit(Ref(event.item, "opening"), lines, room=event.room)
