"""Lists of invitations in waves: a few at a time, through restarts, until all are answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.api import (
    Callback,
    Context,
    Effect,
    Invite,
    Membership,
    Number,
    Room,
    RoomId,
    Say,
    UserId,
    rooms,
)
from commands.onboarding.areas.permissions import may_bring
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.declaration import INVITE_JOB, INVITED_JOB, OVERDUE_JOB
from commands.onboarding.invitations import history, store, texts
from commands.onboarding.invitations.store import InvitationRow, InvitationState

WAVE = 20
"""How many invitations are sent at a time."""
PAUSE = timedelta(seconds=4)
"""How long after a wave the next one follows."""
IN_FLIGHT = 60
"""How many invitations may wait for an answer of the homeserver."""
LONGEST = timedelta(hours=2)
"""Invitations without an answer by then are reported as such."""
NEED_NO_INVITATION = (Membership.JOIN, Membership.INVITE)
"""Memberships of people who need no invitation."""


async def plan_invitations(
    ctx: Context,
    people: Iterable[UserId],
    places: Sequence[Room],
    area: RoomArea | None,
    by: UserId,
    given: frozenset[RoomId] = frozenset(),
) -> list[InvitationRow]:
    """Return a row for each person and room: whether they are to be invited, or why not.

    Rows are in the order of `people`. `given`: rooms where `by` needs no right.
    """
    people = list(people)
    found: list[InvitationRow] = []
    for room in places:
        barred = await _obstacle(ctx, room, area, by, room.room in given)
        for person in people:
            state = barred or await _state(ctx, room.room, person)
            found.append(InvitationRow(person, room.room, state))
    order = {person: n for n, person in enumerate(people)}
    return sorted(found, key=lambda row: order[UserId(row.person)])


async def _obstacle(
    ctx: Context, room: Room, area: RoomArea | None, by: UserId, given: bool
) -> InvitationState | None:
    if not given and not await may_bring(ctx, by, room, area):
        return InvitationState.NOT_YOURS
    return None if room.power_of(ctx.me) >= room.power_to("invite") else InvitationState.NO_RIGHT


async def _state(ctx: Context, room: RoomId, person: UserId) -> InvitationState:
    now = await rooms.membership(ctx.db, room, person)
    if now in NEED_NO_INVITATION:
        return InvitationState.THERE
    return InvitationState.BANNED if now is Membership.BAN else InvitationState.WAITING


async def begin_list(ctx: Context, target: str, rows: Sequence[InvitationRow]) -> list[Effect]:
    """Store a list of invitations, show its progress, and send the first wave. Return what to
    send."""
    number = await ctx.add_item("invitations", target)
    await store.add_list(ctx.db, number, target, rows, ctx.now)
    effects = await start_waves(ctx, number)
    said = Say(
        tuple(texts.progress_lines(number, target, rows)),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=number,
        slot="progress",
    )
    return [said, *effects]


async def start_waves(ctx: Context, number: Number) -> list[Effect]:
    """Send the first invitations of a list and schedule the rest. Return the messages."""
    await ctx.schedule(OVERDUE_JOB, ctx.now + LONGEST, item=number)
    effects = await send_wave(ctx, number)
    if not await is_running(ctx, number):
        await ctx.schedule(INVITE_JOB, ctx.now, item=number)  # there was nothing to do
    return effects


async def is_running(ctx: Context, number: Number) -> bool:
    """Return whether invitations of this list are still to be sent or to be answered."""
    counted = await store.count_by_state(ctx.db, number)
    return any(counted[state] for state in store.OPEN_STATES)


async def send_wave(ctx: Context, number: Number) -> list[Effect]:
    """Send the next invitations of a list, and schedule those after them. Return the messages.
    People who came meanwhile are not invited."""
    counted = await store.count_by_state(ctx.db, number)
    free = max(min(WAVE, IN_FLIGHT - counted[InvitationState.SENT]), 0)
    rows = await store.next_invitations(ctx.db, number, free)
    effects: list[Effect] = []
    tells = await store.get_newcomer(ctx.db, number) is None  # newcomers hear it in private
    for row in rows:
        person = UserId(row.person)
        state = await _state(ctx, row.room, person)  # they may have come in meanwhile
        if state is InvitationState.WAITING:
            state = InvitationState.SENT
            then = Callback.of(INVITED_JOB, number)
            reason = await history.invitation_reason(ctx, row.room)
            effects.append(
                Invite(
                    person,
                    row.room,
                    reason=reason if tells else None,
                    then=then,
                    with_history=await history.gives_history(ctx, row.room),
                )
            )
        await store.settle_invitation(ctx.db, number, person, row.room, state)
    if counted[InvitationState.WAITING] > len(rows):
        await ctx.schedule(INVITE_JOB, ctx.now + PAUSE, item=number)
    return effects


async def room_names(ctx: Context, rows: Sequence[InvitationRow]) -> dict[RoomId, str]:
    """Return the names of the rooms in these invitations; an id where no name is known."""
    found = {row.room: await rooms.get(ctx.db, row.room) for row in rows if row.room}
    return {room: (known.name if known else "") or room for room, known in found.items()}
