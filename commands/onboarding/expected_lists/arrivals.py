"""Arrival of expected people: in private, or because they were waiting before the list."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Answer, Context, Effect, Job, Membership, MembershipChanged, UserId, rooms
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.declaration import EXPECTED_JOB, feature
from commands.onboarding.doors import knocks
from commands.onboarding.doors import store as door_store
from commands.onboarding.doors.store import RequestStep
from commands.onboarding.expected_lists import recognition, store
from commands.onboarding.expected_lists.store import ExpectedList


@feature.on(MembershipChanged)
async def admit_on_entry(ctx: Context, what: MembershipChanged) -> Answer:
    """Let somebody expected in when the bot has joined the private room that they made."""
    if what.user != ctx.me or what.after is not Membership.JOIN:
        return None
    room = await rooms.get(ctx.db, what.room)
    if room is None or room.private_of is None or await rooms.shares_room(ctx.db, room.private_of):
        return None
    return await recognition.admit_in_private(ctx, room.private_of)


async def schedule_admissions(ctx: Context, people: Sequence[UserId]) -> None:
    """Schedule the admission of people on a new list who knock or wrote to the bot already."""
    waiting = {one.person for one in await door_store.open_requests(ctx.db)}
    known = {room.private_of for room in await rooms.joined_rooms(ctx.db)}
    for person in people:
        if person in waiting | known and not await rooms.shares_room(ctx.db, person):
            await ctx.schedule(EXPECTED_JOB, ctx.now, person=person)


@feature.runs(EXPECTED_JOB)
async def admit_waiting(ctx: Context, _job: Job) -> Answer:
    """Let somebody in who was waiting before the list was made."""
    effects: list[Effect] = []
    for request in await door_store.open_requests_of(ctx.db, ctx.who):
        door = await rooms.get(ctx.db, request.room)
        at_door = await recognition.admit_at_door(ctx, door, ctx.who) if door else None
        if at_door is not None:
            effects += [*at_door, *await knocks.close_request(ctx, request, RequestStep.ADMITTED)]
    return [*effects, *await recognition.admit_in_private(ctx, ctx.who)]


async def people_inside(ctx: Context, area: RoomArea) -> set[UserId]:
    """Return who is in any room of the area."""
    found: set[UserId] = set()
    for room in area.rooms:
        found |= set(await rooms.members(ctx.db, room, Membership.JOIN))
    return found


async def people_arrived(ctx: Context, one: ExpectedList, area: RoomArea | None) -> list[UserId]:
    """Return the people of a list who were let in by it or are in the area's rooms anyway."""
    there = await people_inside(ctx, area) if area else set()
    entries = await store.expected_people(ctx.db, one)
    return [e.person for e in entries if e.came_at is not None or e.person in there]
