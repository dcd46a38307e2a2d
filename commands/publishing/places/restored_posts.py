"""After a restore the books are held against the public rooms, where more may have happened since.

A post that was redacted there was withdrawn or changed. One that the books don't know can't be
withdrawn by anybody any more. One that the homeserver has no more says nothing: old messages may be
deleted there, or a list may end too early. The moderators are told of it, and if it shows nothing.
"""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Number,
    RoomId,
    UserError,
    _,
    n_,
    public_services,
    tell_moderators,
)
from commands.publishing import store
from commands.publishing.declaration import feature
from commands.publishing.making import NOWHERE, POST_JOB, RESTORED_JOB, schedule_once
from commands.publishing.places import room_store, services

AGAIN = timedelta(minutes=1)
"""When the posts are looked at again, where the homeserver or the outbox is behind."""
MOST_TOLD = 20
"""Numbers that a sentence names."""


async def schedule_comparison(ctx: Context) -> None:
    """Have the posts of each public room looked at."""
    for room, last in (await room_store.newest_posts(ctx.db)).items():
        await ctx.schedule(
            RESTORED_JOB, ctx.now, room=NOWHERE, payload={"room": room, "last": last}
        )


@feature.runs(RESTORED_JOB)
async def compare_posts(ctx: Context, job: Job) -> Answer:
    """Withdraw what of the posts was redacted, take away what the books don't know, and post what
    was lost on its way."""
    room, last = RoomId(str(job.payload["room"])), int(job.payload["last"])
    if await room_store.is_being_sent(ctx.db, room):  # looked at again with what stands there then
        await _look_again(ctx, job)
        return None
    try:
        found = ctx.fetched.own_messages(room)
        known = await room_store.posts_in(ctx.db, room)
        listed = None if found is None else set(found)
        absent = [
            post
            for post in known
            if listed is not None and post.id <= last and post.event and post.event not in listed
        ]
        redacted = ctx.fetched.are_redacted(room, [post.event for post in absent])
    except UserError:  # the homeserver does not answer
        await _look_again(ctx, job)
        return None
    effects: list[Effect] = []
    missing: list[Number] = []
    for post in absent:
        if redacted[post.event]:
            await room_store.delete_post(ctx.db, post)
            for number in post.numbers:
                effects += await services.withdraw_restored(ctx, number)
        elif redacted[post.event] is None:
            missing += [one for one in post.numbers if await store.is_public(ctx.db, one)]
    await schedule_once(ctx, POST_JOB, ctx.now)  # what the outbox lost
    if found is None:
        return await _tell_refused(ctx)
    events = {post.event for post in known}
    unknown = [event for event in found if event not in events]
    effects += [public_services.public_posts.TakePostAway(room, one) for one in unknown]
    return [*effects, *await _tell_missing(ctx, missing)]


async def _tell_refused(ctx: Context) -> list[Effect]:
    """Tell the moderators that the homeserver does not show what stands in the public room."""
    lines = [
        _("The server does not show me what stands in the public room."),
        _("So I can't see there what was withdrawn after the copy was made."),
        _("It may stand as public again. Please look: `!publish`"),
    ]
    return await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators))


async def _tell_missing(ctx: Context, numbers: list[Number]) -> list[Effect]:
    """Tell the moderators what is public and can't be found in the public room, and ask."""
    if not numbers:
        return []
    shown: list[object] = list(numbers[:MOST_TOLD])
    if (more := len(numbers) - len(shown)) > 0:
        shown.append(_("and {more} more", more=more))
    lines = [
        n_(
            "In the public room I miss {count} thing that is public: {numbers}",
            "In the public room I miss {count} things that are public: {numbers}",
            len(numbers),
            numbers=tuple(shown),
        ),
        _("The homeserver has these messages no more, and can't say who took them away."),
        _(
            "They stay public. Was one withdrawn after the copy was made? `!withdraw {number}`",
            number=numbers[0],
        ),
    ]
    return await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators))


async def _look_again(ctx: Context, job: Job) -> None:
    await ctx.schedule(RESTORED_JOB, ctx.now + AGAIN, room=NOWHERE, payload=job.payload)
