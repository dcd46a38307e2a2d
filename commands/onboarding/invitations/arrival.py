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
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.declaration import AGAIN_JOB, feature
from commands.onboarding.invitations import history, store, texts, waves
from commands.onboarding.invitations.store import InvitationRow, InvitationState

RETRY_AFTER = timedelta(hours=1)
TRIES = 3
"""How often a newcomer's invitations are tried in all."""
FAILURES = (
    InvitationState.NO_RIGHT,
    InvitationState.NOT_YOURS,
    InvitationState.BANNED,
    InvitationState.BLOCKED,
    InvitationState.REFUSED,
    InvitationState.SILENT,
)
"""How an invitation can fail."""
RETRIABLE = (
    InvitationState.NO_RIGHT,
    InvitationState.BLOCKED,
    InvitationState.REFUSED,
    InvitationState.SILENT,
)
"""Failures that may be over in an hour, so that a new try makes sense."""


async def begin_arrival(
    ctx: Context,
    person: UserId,
    target: str,
    places: Sequence[Room],
    area: RoomArea | None,
    by: UserId,
    room: RoomId | None = None,
    given: frozenset[RoomId] = frozenset(),
    hello: Line | None = None,
) -> list[Effect]:
    """Invite a newcomer to these rooms and their spaces, by the right of `by`. Return what to send.

    `target`: the name under which the invitations are shown. `given`: rooms where `by` needs no
    right. `hello` is said to them at once, with what they are being invited to; then they hear of
    the invitations only what failed.
    """
    around, trusted = await spaces.spaces_around(ctx, places, area, by, given)
    rows = await waves.plan_invitations(
        ctx, [person], [*places, *around], area, by, given | trusted
    )
    number = await items.add(
        ctx.db, feature.name, "arrival", room or ctx.room, by, target, ctx.said_at
    )
    await store.add_list(ctx.db, number, target, rows, ctx.now, newcomer=person)
    told = [await _announce(ctx, number, person, rows, hello)] if hello is not None else []
    return [*told, *await waves.start_waves(ctx, number)]


async def _announce(
    ctx: Context, number: Number, person: UserId, rows: Sequence[InvitationRow], hello: Line
) -> Say:
    """Greet the newcomer, and say to which rooms the invitations go, if any can be sent."""
    coming = [row for row in rows if row.state not in FAILURES]
    if not coming:
        return Say((hello,), to=person, loud=True)
    await store.note_announced(ctx.db, number)
    names = tuple((await waves.room_names(ctx, coming)).values())
    lines = (
        hello,
        _("I am inviting you to: {rooms}", rooms=names),
        *await history.newcomer_lines(ctx, _rooms_in(coming, InvitationState.WAITING)),
        _("In your app the invitations wait for you: accept each of them."),
    )
    return Say(lines, to=person, loud=True)


def _rooms_in(rows: Sequence[InvitationRow], state: InvitationState) -> list[RoomId]:
    return [row.room for row in rows if row.state is state]


async def finish_arrival(ctx: Context, item: Item, person: UserId) -> list[Effect]:
    """Tell the newcomer which invitations wait for them, and who let them in which failed; schedule
    a new try. Each of these people is told only when there is something new for them. Return the
    messages."""
    rows = await store.get_invitations(ctx.db, item.number)
    names = await waves.room_names(ctx, rows)
    tries = await store.count_try(ctx.db, item.number)
    told: list[Effect] = []
    failed = [row for row in rows if row.state in FAILURES]
    news = tries == 1 or any(row.state is InvitationState.INVITED for row in rows)
    knows = not failed and await store.is_announced(ctx.db, item.number)
    if news and not knows:
        lines = await _newcomer_lines(ctx, rows, names)
        told.append(Say(tuple(lines), to=person, loud=True))
    if failed and tries in (1, TRIES):
        lines = [
            _("{person} could not be invited everywhere.", person=Person(person, full=True)),
            *texts.failure_lines(rows, names),
        ]
        told += await _tell_inviter(ctx, item, lines)
    if tries < TRIES and any(row.state in RETRIABLE for row in failed):
        await ctx.schedule(AGAIN_JOB, ctx.now + RETRY_AFTER, item=item.number, room=item.room)
    return told


async def _tell_inviter(ctx: Context, item: Item, lines: Sequence[Line]) -> list[Effect]:
    """Tell who let the newcomer in, or the moderators' room if they are forgotten or it was a vote.

    Vouches too are told there.
    """
    if item.author and item.author != ctx.me:
        return [Say(tuple(lines), to=item.author, loud=True)]
    place = await ctx.moderators_room()
    return [Say(tuple(lines), room=place, loud=True)] if place else []


async def _newcomer_lines(
    ctx: Context, rows: Sequence[InvitationRow], names: dict[RoomId, str]
) -> list[Line]:
    there = [
        row.room for row in rows if row.state in (InvitationState.INVITED, InvitationState.THERE)
    ]
    blocked = any(row.state is InvitationState.BLOCKED for row in rows)
    allow = [_("Your app takes no invitations: please allow them in its settings.")]
    if not there:
        first = _("I could not invite you yet. Who let you in knows, and I try again.")
        return [first, *(allow if blocked else [])]
    lines = [
        _("You are invited: {rooms}", rooms=tuple(names[room] for room in there)),
        *await history.newcomer_lines(ctx, _rooms_in(rows, InvitationState.INVITED)),
        _("In your app the invitations wait for you: accept each of them."),
    ]
    if len(there) < len(rows):
        lines.append(_("Some are still missing; who let you in knows, and I try again."))
    return [*lines, *(allow if blocked else [])]


@feature.runs(AGAIN_JOB)
async def retry_arrival(ctx: Context, job: Job) -> Answer:
    """Send the failed invitations of a newcomer once more. Return what to say, if anything."""
    number = job.item
    item = await items.get(ctx.db, number) if number is not None else None
    if item is None or item.open:
        return None
    await items.reopen(ctx.db, Number(item.number))
    for state in RETRIABLE:
        await store.change_state(ctx.db, item.number, state, InvitationState.WAITING)
    return await waves.start_waves(ctx, item.number)
