"""A date passes: the next one of its series comes, or the event is over."""

from __future__ import annotations

from bot.api import Answer, Context, Job, items
from commands.events import store
from commands.events.base import feature
from commands.events.event import next_date
from commands.events.opening import wait_for_end


@feature.job("over")
async def over(ctx: Context, job: Job) -> Answer:
    """Nothing is said: who looks at the agenda sees what comes now."""
    event = await store.get(ctx.db, job.item) if job.item else None
    if event is None:
        return None
    await store.put(ctx.db, event, ctx.now)
    if next_date(event, ctx.now) is None:
        await items.close(ctx.db, event.item)
    else:
        await wait_for_end(ctx, event)
    return None
