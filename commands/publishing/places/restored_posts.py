"""After a restore the books are held against the public rooms, where more may have happened since.

A post that stands there no more was withdrawn or changed. One that the books don't know can't be
withdrawn by anybody any more.
"""

from __future__ import annotations

from datetime import timedelta

from bot.api import Answer, Context, Effect, Job, RoomId, UserError, public_services
from commands.publishing.changes import NOWHERE, RESTORED_JOB
from commands.publishing.declaration import feature
from commands.publishing.places import room_store, services

AGAIN = timedelta(minutes=1)
"""When the posts are looked at again, where the homeserver or the outbox is behind."""


async def schedule_comparison(ctx: Context) -> None:
    """Have the posts of each public room looked at."""
    for room, last in (await room_store.newest_posts(ctx.db)).items():
        await ctx.schedule(
            RESTORED_JOB, ctx.now, room=NOWHERE, payload={"room": room, "last": last}
        )


@feature.runs(RESTORED_JOB)
async def compare_posts(ctx: Context, job: Job) -> Answer:
    """Withdraw what of the posts is there no more, and take away what the books don't know."""
    room, last = RoomId(str(job.payload["room"])), int(job.payload["last"])
    try:
        found = ctx.fetched.own_messages(room)
    except UserError:  # the homeserver does not answer
        await _look_again(ctx, job)
        return None
    if await room_store.is_being_sent(ctx.db, room):
        await _look_again(ctx, job)
        return None
    if found is None:
        return None
    known = await room_store.posts_in(ctx.db, room)
    effects: list[Effect] = []
    for post in known:
        if post.id <= last and post.event and post.event not in found:
            await room_store.delete_post(ctx.db, post)
            for number in post.numbers:
                effects += await services.withdraw_restored(ctx, number)
    events = {post.event for post in known}
    unknown = [event for event in found if event not in events]
    return [*effects, *(public_services.public_posts.TakePostAway(room, one) for one in unknown)]


async def _look_again(ctx: Context, job: Job) -> None:
    await ctx.schedule(RESTORED_JOB, ctx.now + AGAIN, room=NOWHERE, payload=job.payload)
