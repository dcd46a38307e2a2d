"""Invitation of a newcomer to the rooms of an area; failures are told and tried again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Number,
    Person,
    Room,
    RoomId,
    Say,
    UserId,
    _,
    items,
)
from commands.onboarding.areas import spaces
from commands.onboarding.areas.store import Area
from commands.onboarding.declaration import feature
from commands.onboarding.invitations import store, texts, waves
from commands.onboarding.invitations.store import Row, State

AGAIN = timedelta(hours=1)
TRIES = 3
"""How often a newcomer's invitations are tried in all."""
FAILED = (State.NO_RIGHT, State.NOT_YOURS, State.BANNED, State.REFUSED, State.SILENT)
"""How an invitation can fail."""
MEND = (State.NO_RIGHT, State.REFUSED, State.SILENT)
"""Failures that may be over in an hour, so that a new try makes sense."""


async def begin(
    ctx: Context,
    person: UserId,
    target: str,
    places: Sequence[Room],
    area: Area | None,
    by: UserId,
    room: RoomId | None = None,
    given: frozenset[RoomId] = frozenset(),
) -> list[Effect]:
    """Invite a newcomer to these rooms and their spaces, by the right of `by`.

    `target`: the name under which the invitations are shown. `given`: rooms where `by` needs no
    right.
    """
    around, trusted = await spaces.around(ctx, places, area, by, given)
    rows = await waves.planned(ctx, [person], [*places, *around], area, by, given | trusted)
    number = await items.add(ctx.db, feature.name, "arrival", room or ctx.room, by, target, ctx.now)
    await store.put(ctx.db, number, target, rows, ctx.read, newcomer=person)
    return await waves.start(ctx, number)


async def finished(ctx: Context, item: Item, person: UserId) -> list[Effect]:
    """Tell the newcomer what waits for them, and who let them in what failed; schedule a new try.

    Each of them is told only when there is something new for them.
    """
    rows = await store.rows(ctx.db, item.number)
    names = await waves.named(ctx, rows)
    tries = await store.tried(ctx.db, item.number)
    told: list[Effect] = []
    if tries == 1 or any(row.state is State.INVITED for row in rows):
        told.append(Say(tuple(_to_newcomer(rows, names)), to=person, loud=True))
    failed = [row for row in rows if row.state in FAILED]
    if failed and tries in (1, TRIES):
        lines = [
            _("{person} could not be invited everywhere.", person=Person(person, full=True)),
            *texts.in_rooms(rows, names),
        ]
        told += await _to_who_let_in(ctx, item, lines)
    if tries < TRIES and any(row.state in MEND for row in failed):
        await ctx.schedule("again", ctx.read + AGAIN, item=item.number, room=item.room)
    return told


async def _to_who_let_in(ctx: Context, item: Item, lines: Sequence[Line]) -> list[Effect]:
    """Tell who let the newcomer in, or the moderators' room if a vote or vouches did."""
    if item.author != ctx.me:
        return [Say(tuple(lines), to=item.author, loud=True)]
    place = await ctx.moderators_room()
    return [Say(tuple(lines), room=place, loud=True)] if place else []


def _to_newcomer(rows: Sequence[Row], names: dict[RoomId, str]) -> list[Line]:
    there = [names[row.room] for row in rows if row.state in (State.INVITED, State.THERE)]
    if not there:
        return [_("I could not invite you yet. Who let you in knows, and I try again.")]
    lines = [_("You are invited: {rooms}", rooms=tuple(there)),
             _("In your app the invitations wait for you: accept each of them.")]  # fmt: skip
    if len(there) < len(rows):
        lines.append(_("Some are still missing; who let you in knows, and I try again."))
    return lines


@feature.job("again")
async def again(ctx: Context, job: Job) -> Answer:
    """Try the failed invitations of a newcomer once more."""
    number = job.item
    item = await items.get(ctx.db, number) if number is not None else None
    if item is None or item.open:
        return None
    await items.reopen(ctx.db, Number(item.number))
    for state in MEND:
        await store.give_up(ctx.db, item.number, state, State.WAITING)
    return await waves.start(ctx, item.number)
