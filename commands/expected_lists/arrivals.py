"""Arrival of expected people: in private, or because they were waiting before the list."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    PEOPLE_EXPECTED,
    Answer,
    Context,
    Job,
    Membership,
    MembershipChanged,
    UserId,
    rooms,
)
from commands.expected_lists import recognition, store
from commands.expected_lists.declaration import IN_PRIVATE_JOB, feature
from commands.expected_lists.store import ExpectedList
from commands.onboarding.areas.store import RoomArea


@feature.on(MembershipChanged)
async def admit_on_entry(ctx: Context, what: MembershipChanged) -> Answer:
    """Let a person in who is on a list of expected people, when the bot has joined the private room
    that they made. Return what to say, if anything."""
    if what.user != ctx.me or what.after is not Membership.JOIN:
        return None
    room = await rooms.get(ctx.db, what.room)
    if room is None or room.private_of is None or await rooms.shares_room(ctx.db, room.private_of):
        return None
    return await recognition.admit_in_private(ctx, room.private_of)


async def schedule_admissions(ctx: Context, people: Sequence[UserId]) -> None:
    """Schedule the admission of people on a new list who knock or wrote to the bot already."""
    known = {room.private_of for room in await rooms.joined_rooms(ctx.db)}
    knocking: set[UserId] = set()
    for admit_knocking in ctx.registry.offers(PEOPLE_EXPECTED):
        knocking |= await admit_knocking(ctx, people)
    for person in people:
        if person in known - knocking and not await rooms.shares_room(ctx.db, person):
            await ctx.schedule(IN_PRIVATE_JOB, ctx.now, person=person)


@feature.runs(IN_PRIVATE_JOB)
async def admit_known(ctx: Context, _job: Job) -> Answer:
    """Let a person in who wrote to the bot before they were put on a list of expected people.
    Return what to say, if anything."""
    return await recognition.admit_in_private(ctx, ctx.who)


async def people_inside(ctx: Context, area: RoomArea) -> set[UserId]:
    """Return the people who are in any room of the area."""
    found: set[UserId] = set()
    for room in area.rooms:
        found |= set(await rooms.members(ctx.db, room, Membership.JOIN))
    return found


async def people_arrived(ctx: Context, one: ExpectedList, area: RoomArea | None) -> list[UserId]:
    """Return the people of a list of expected people who were let in by it or are in the area's
    rooms anyway."""
    there = await people_inside(ctx, area) if area else set()
    entries = await store.expected_people(ctx.db, one)
    return [e.person for e in entries if e.came_at is not None or e.person in there]
