"""The one message in the moderators' room about all who wait at the doors.

It is posted when somebody has answered the questions, and edited as people come, move and end. It
never holds an answer: an edit would leave it readable after it is deleted. A list that is full or
older than a day goes on in a new one, which takes along who still waits.
"""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Context,
    Number,
    RoomId,
    items,
)
from commands.doors import store
from commands.doors import waiting_list_store as lists
from commands.doors.declaration import LIST_JOB, feature
from commands.doors.store import Request, RequestStep
from commands.doors.waiting_list_store import WaitingList

MOST_LISTED = 20
"""Requests on one list; the next one begins a new list."""
LIST_AGE = timedelta(days=1)
"""Lists that are older are not edited for who waits anew: talk has moved them out of sight."""
PAUSE = timedelta(seconds=30)
"""How long a list stays as it is before it is edited again."""
KEPT = timedelta(days=60)
"""How long a list of which nobody waits any more can be edited."""


async def show_step(ctx: Context, number: Number) -> None:
    """Bring a request to join, with its step, up to date in the moderators' list of who waits.

    The list on which it stands is edited within `PAUSE`. If it stands on none, it goes on the
    newest list; if that is full or older than `LIST_AGE`, a new list is posted once the request
    waits for a decision. Without a moderators' room nothing happens.
    """
    request, place = await store.get_request(ctx.db, number), await ctx.moderators_room()
    if request is None or place is None:
        return
    on, current = await lists.list_of(ctx.db, number), await lists.newest_list(ctx.db, place)
    waits = request.step is RequestStep.DECIDING
    if on is not None and not (waits and _is_buried(ctx, on)):
        await _schedule(ctx, on)
    elif current is None or await _is_full(ctx, current) or (waits and _is_buried(ctx, current)):
        if waits:
            await _begin_list(ctx, place, [request])
    elif request.open:
        await lists.put_on_list(ctx.db, current.item, [request])
        await _schedule(ctx, current)


async def remind(ctx: Context, request: Request) -> None:
    """Update the moderators' list on which the request stands; post a new one if it is old or
    missing."""
    place = await ctx.moderators_room()
    on = await lists.list_of(ctx.db, request.item)
    if on is not None and not _is_buried(ctx, on):
        await _schedule(ctx, on)
    elif place is not None:
        await _begin_list(ctx, place, [request])


async def begin_anew(ctx: Context, place: RoomId) -> None:
    """Post a new list of who waits at the doors to be let in, in this room, which has replaced
    another one. Nothing is posted if nobody waits."""
    waiting = [one for one in await store.open_requests(ctx.db) if one.step is RequestStep.DECIDING]
    if waiting and await ctx.moderators_room() == place:
        await _begin_list(ctx, place, waiting[:MOST_LISTED])


async def schedule_lists(ctx: Context, requests: list[Request]) -> None:
    """Schedule edits of the lists on which these requests stand, before the requests are
    deleted."""
    for request in requests:
        if (on := await lists.list_of(ctx.db, request.item)) is not None:
            await _schedule(ctx, on)


def _is_buried(ctx: Context, one: WaitingList) -> bool:
    return one.is_over or (one.posted is not None and one.posted + LIST_AGE <= ctx.now)


async def _is_full(ctx: Context, one: WaitingList) -> bool:
    return len(await lists.requests_on(ctx.db, one.item)) >= MOST_LISTED


async def _begin_list(ctx: Context, place: RoomId, first: list[Request]) -> None:
    """Begin a list with these requests and, if there is room for all, with who waits elsewhere."""
    named = {one.item for one in first}
    others = [one for one in await store.open_requests(ctx.db) if one.item not in named]
    if len(others) + len(first) > MOST_LISTED:
        others = [one for one in others if await lists.list_of(ctx.db, one.item) is None]
    number = await items.add(ctx.db, feature.name, "door_list", place, ctx.me, "", ctx.said_at)
    await items.close(ctx.db, number)  # nobody can do anything with it
    await lists.add_list(ctx.db, number)
    await lists.put_on_list(ctx.db, number, [*first, *others][:MOST_LISTED])
    for before in await lists.end_lists(ctx.db, number):
        await ctx.schedule(LIST_JOB, ctx.now, item=before, room=place)
    await ctx.schedule(LIST_JOB, ctx.now, item=number, room=place)
    for old in await lists.old_lists(ctx.db, ctx.now - KEPT):
        await items.delete(ctx.db, old)


async def _schedule(ctx: Context, one: WaitingList) -> None:
    if not await ctx.has_job(one.item, LIST_JOB):
        await ctx.schedule(LIST_JOB, max(ctx.now, one.edited + PAUSE), item=one.item, room=one.room)
