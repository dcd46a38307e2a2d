"""People who knock already when they are put on a list: they are let in without questions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import PEOPLE_EXPECTED, Answer, Context, Effect, Job, UserId, rooms
from commands.doors import knocks, store
from commands.doors.declaration import EXPECTED_JOB, feature
from commands.doors.store import RequestStep
from commands.expected_lists import recognition


@feature.offers(PEOPLE_EXPECTED)
async def schedule_admissions(ctx: Context, people: Sequence[UserId]) -> set[UserId]:
    """Schedule that those of these people who have an open request are let in. Return these
    people."""
    asking = {one.person for one in await store.open_requests(ctx.db)}
    waiting = [one for one in people if one in asking and not await rooms.shares_room(ctx.db, one)]
    for person in waiting:
        await ctx.schedule(EXPECTED_JOB, ctx.now, person=person)
    return set(waiting)


@feature.runs(EXPECTED_JOB)
async def admit_waiting(ctx: Context, _job: Job) -> Answer:
    """Let a person in who already waited at a door when they were put on a list of expected people.
    Return what to say, if anything."""
    effects: list[Effect] = []
    for request in await store.open_requests_of(ctx.db, ctx.who):
        door = await rooms.get(ctx.db, request.room)
        at_door = await recognition.admit_at_door(ctx, door, ctx.who) if door else None
        if at_door is not None:
            effects += [*at_door, *await knocks.close_request(ctx, request, RequestStep.ADMITTED)]
    return [*effects, *await recognition.admit_in_private(ctx, ctx.who)]
