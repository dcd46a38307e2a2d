"""Write to the many rooms of an item a few at a time, so that other answers need not wait."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Context, Item, Job, JobKind, RoomId, rooms

PAGE_SIZE = 2
"""How many rooms one transaction writes to: others wait for it no longer than for two commands."""
PAUSE = timedelta(milliseconds=250)
"""How long after a page the next one comes. Faster than this no small homeserver takes messages."""
REST, LONGEST_REST = 10, timedelta(seconds=10)
"""A page that comes late shows that the bot is busy: the next one waits so much longer."""


async def next_rooms(ctx: Context, item: Item, job: Job, kind: JobKind) -> list[RoomId]:
    """Return the next of an item's other rooms to which the job writes, without those where it may
    not.

    Schedules `kind` anew, with the same payload, if there are more. As that is one transaction with
    what is written, each room is written to once, whatever happens in between. With `only` in the
    payload, a list of rooms, the others are passed over.
    """
    after, only = str(job.payload.get("after", "")), job.payload.get("only")
    wanted = item.others if only is None else set(item.others).intersection(only)
    page = sorted(room for room in wanted if room > after)[:PAGE_SIZE]
    if len(page) == PAGE_SIZE:
        payload = {**job.payload, "after": page[-1]}
        late = max(ctx.now - job.due, timedelta(0))
        at = ctx.now + PAUSE + min(late * REST, LONGEST_REST)
        await ctx.schedule(
            kind, at, item=item.number, room=item.room, person=job.person, payload=payload
        )
    joined = []
    for room in page:
        known = await rooms.get(ctx.db, room)
        if known is not None and known.joined:
            joined.append(room)
    return joined
