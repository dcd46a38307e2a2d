"""Lists of invitations in waves: a few at a time, through restarts, until all are answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.api import (
    Context,
    Effect,
    Invite,
    Membership,
    Number,
    Room,
    RoomId,
    Say,
    Then,
    UserId,
    rooms,
)
from commands.onboarding.areas.permissions import may_bring
from commands.onboarding.areas.store import Area
from commands.onboarding.declaration import feature
from commands.onboarding.invitations import store, texts
from commands.onboarding.invitations.store import Row, State

WAVE = 20
"""How many invitations are sent at a time."""
PAUSE = timedelta(seconds=4)
"""How long after a wave the next one follows."""
IN_FLIGHT = 60
"""How many invitations may wait for an answer of the homeserver."""
LONGEST = timedelta(hours=2)
"""Invitations without an answer by then are reported as such."""
THERE = (Membership.JOIN, Membership.INVITE)
"""Memberships of people who need no invitation."""


async def planned(
    ctx: Context,
    people: Iterable[UserId],
    places: Sequence[Room],
    area: Area | None,
    by: UserId,
    given: frozenset[RoomId] = frozenset(),
) -> list[Row]:
    """Return a row for each person and room: to be invited, or why not.

    Rows are in the order of `people`. `given`: rooms where `by` needs no right.
    """
    people = list(people)
    found: list[Row] = []
    for room in places:
        barred = await _barred(ctx, room, area, by, room.room in given)
        for person in people:
            state = barred or await _state(ctx, room.room, person)
            found.append(Row(person, room.room, state))
    order = {person: n for n, person in enumerate(people)}
    return sorted(found, key=lambda row: order[UserId(row.person)])


async def _barred(
    ctx: Context, room: Room, area: Area | None, by: UserId, given: bool
) -> State | None:
    if not given and not await may_bring(ctx, by, room, area):
        return State.NOT_YOURS
    return None if room.power_of(ctx.me) >= room.power_to("invite") else State.NO_RIGHT


async def _state(ctx: Context, room: RoomId, person: UserId) -> State:
    now = await rooms.membership(ctx.db, room, person)
    if now in THERE:
        return State.THERE
    return State.BANNED if now is Membership.BAN else State.WAITING


async def begin(ctx: Context, target: str, rows: Sequence[Row]) -> list[Effect]:
    """Store a list of invitations, show its progress, and send the first wave."""
    number = await ctx.new_item("invitations", target)
    await store.put(ctx.db, number, target, rows, ctx.read)
    effects = await start(ctx, number)
    said = Say(
        tuple(texts.progress(number, target, rows)),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=number,
        slot="progress",
    )
    return [said, *effects]


async def start(ctx: Context, number: Number) -> list[Effect]:
    """Send the first wave and schedule the rest."""
    await ctx.schedule("overdue", ctx.read + LONGEST, item=number)
    effects = await wave(ctx, number)
    if not await is_open(ctx, number):
        await ctx.schedule("invite", ctx.read, item=number)  # there was nothing to do
    return effects


async def is_open(ctx: Context, number: Number) -> bool:
    """Tell whether anybody is still to be invited, or the homeserver still to answer."""
    counted = await store.counts(ctx.db, number)
    return any(counted[state] for state in store.OPEN)


async def wave(ctx: Context, number: Number) -> list[Effect]:
    """Send the next wave, and schedule the one after it. Who came meanwhile is not invited."""
    counted = await store.counts(ctx.db, number)
    free = max(min(WAVE, IN_FLIGHT - counted[State.SENT]), 0)
    rows = await store.waiting(ctx.db, number, free)
    effects: list[Effect] = []
    for row in rows:
        person = UserId(row.person)
        state = await _state(ctx, row.room, person)  # they may have come in meanwhile
        if state is State.WAITING:
            state = State.SENT
            then = Then(feature.name, "invited", number)
            effects.append(Invite(person, row.room, then=then))
        await store.settle(ctx.db, number, person, row.room, state)
    if counted[State.WAITING] > len(rows):
        await ctx.schedule("invite", ctx.read + PAUSE, item=number)
    return effects


async def named(ctx: Context, rows: Sequence[Row]) -> dict[RoomId, str]:
    """Return the names of the rooms in these rows; an id where no name is known."""
    found = {row.room: await rooms.get(ctx.db, row.room) for row in rows if row.room}
    return {room: (known.name if known else "") or room for room, known in found.items()}
