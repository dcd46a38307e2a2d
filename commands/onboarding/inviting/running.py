"""Lists of invitations go on by themselves: a few at a time, through restarts, to the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    Invite,
    Item,
    Job,
    Line,
    Membership,
    Number,
    Ref,
    Room,
    RoomId,
    Say,
    Then,
    UserError,
    UserId,
    _,
    items,
    rooms,
)
from commands.onboarding.areas.rights import may_bring
from commands.onboarding.areas.store import Area
from commands.onboarding.base import feature
from commands.onboarding.inviting import say, store
from commands.onboarding.inviting.store import Row, State

WAVE = 20
"""So many invitations at a time, …"""
PAUSE = timedelta(seconds=4)
"""… so often, …"""
IN_FLIGHT = 60
"""… while no more than these wait for an answer of the homeserver."""
SHOW_EVERY = 5.0
LONGEST = timedelta(hours=2)
"""What a server has not answered by then is told as such."""
QUICK = timedelta(minutes=1)
"""What takes longer is told in a message of its own."""
THERE = (Membership.JOIN, Membership.INVITE)


async def planned(
    ctx: Context, people: Iterable[UserId], places: Sequence[Room], area: Area | None, by: UserId
) -> list[Row]:
    """A row for each person and room: to be invited, or why not."""
    people = list(people)
    found: list[Row] = []
    for room in places:
        barred = await _barred(ctx, room, area, by)
        for person in people:
            state = barred or await _state(ctx, room.room, person)
            found.append(Row(person, room.room, state))
    order = {person: n for n, person in enumerate(people)}
    return sorted(found, key=lambda row: order[UserId(row.person)])


async def _barred(ctx: Context, room: Room, area: Area | None, by: UserId) -> State | None:
    if not await may_bring(ctx, by, room, area):
        return State.NOT_YOURS
    return None if room.power_of(ctx.me) >= room.power_to("invite") else State.NO_RIGHT


async def _state(ctx: Context, room: RoomId, person: UserId) -> State:
    now = await rooms.membership(ctx.db, room, person)
    if now in THERE:
        return State.THERE
    return State.BANNED if now is Membership.BAN else State.WAITING


async def begin(ctx: Context, target: str, rows: Sequence[Row], **where: object) -> list[Effect]:
    """Keep the list, say that it runs, and send the first wave."""
    number = await ctx.new_item("invitations", target)
    await store.put(ctx.db, number, target, rows, ctx.read)
    await ctx.schedule("overdue", ctx.read + LONGEST, item=number)
    effects = await _wave(ctx, number)
    counted = await store.counts(ctx.db, number)
    done = not any(counted[state] for state in store.OPEN)
    lines = await (_result(ctx, number) if done else _progress(ctx, number))
    if done:
        await _close(ctx, number)
    said = Say(
        tuple(lines),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=number,
        slot="progress",
    )
    return [said, *effects]


async def _wave(ctx: Context, number: Number) -> list[Effect]:
    counted = await store.counts(ctx.db, number)
    free = max(min(WAVE, IN_FLIGHT - counted[State.SENT]), 0)
    wave = await store.waiting(ctx.db, number, free)
    effects: list[Effect] = []
    for row in wave:
        person = UserId(row.person)
        state = await _state(ctx, row.room, person)  # they may have come meanwhile
        if state is State.WAITING:
            state = State.SENT
            then = Then(feature.name, "invited", number)
            effects.append(Invite(person, row.room, then=then))
        await store.settle(ctx.db, number, person, row.room, state)
    if counted[State.WAITING] > len(wave):
        await ctx.schedule("invite", ctx.read + PAUSE, item=number)
    return effects


@feature.job("invite")
async def invite(ctx: Context, job: Job) -> Answer:
    """The next wave."""
    item = await _running(ctx, job)
    if item is None:
        return None
    return [*await _wave(ctx, item.number), *await _told(ctx, item)]


@feature.job("invited")
async def invited(ctx: Context, job: Job) -> Answer:
    """The homeserver invited somebody, or said why not."""
    item = await _running(ctx, job)
    if item is None:
        return None
    person, room, code = (str(job.payload[key]) for key in ("user", "room", "code"))
    state = await _outcome(ctx, RoomId(room), code)
    await store.settle(ctx.db, item.number, UserId(person), RoomId(room), state)
    return await _told(ctx, item)


async def _outcome(ctx: Context, room: RoomId, code: str) -> State:
    if not code:
        return State.INVITED
    if not code.startswith("M_"):
        return State.SILENT
    known = await rooms.get(ctx.db, room)
    if known is None or not known.joined or known.power_of(ctx.me) < known.power_to("invite"):
        return State.NO_RIGHT
    return State.REFUSED


@feature.job("overdue")
async def overdue(ctx: Context, job: Job) -> Answer:
    """It has taken too long: what is still open is told as unanswered."""
    item = await _running(ctx, job)
    if item is None:
        return None
    await store.give_up(ctx.db, item.number, State.SENT, State.SILENT)
    await store.give_up(ctx.db, item.number, State.WAITING, State.STOPPED)
    return await _told(ctx, item)


async def _running(ctx: Context, job: Job) -> Item | None:
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    return item if item is not None and item.open else None


# --- telling --------------------------------------------------------------------------------------


async def _told(ctx: Context, item: Item) -> list[Effect]:
    """The progress by an edit, not too often; at the end the result."""
    counted = await store.counts(ctx.db, item.number)
    where = Ref(item.number, "progress")
    if any(counted[state] for state in store.OPEN):
        if not await store.show(ctx.db, item.number, ctx.read, SHOW_EVERY):
            return []
        return [Edit(where, tuple(await _progress(ctx, item.number)))]
    await _close(ctx, item.number)
    lines = tuple(await _result(ctx, item.number))
    if ctx.read - item.at < QUICK:
        return [Edit(where, lines)]
    private = await rooms.get(ctx.db, item.room)
    loud = private is not None and private.private_of is not None
    return [
        Edit(where, (lines[0],)),
        Say(lines, room=item.room, reply_to=where, loud=True, item=item.number,
            mentions=() if loud else (item.author,)),
    ]  # fmt: skip


async def _close(ctx: Context, number: Number) -> None:
    await ctx.call_off(number)
    await items.close(ctx.db, number)


async def _progress(ctx: Context, number: Number) -> list[Line]:
    rows, target = await store.rows(ctx.db, number), await store.target(ctx.db, number)
    return say.progress(number, target, rows)


async def _result(ctx: Context, number: Number) -> list[Line]:
    rows, target = await store.rows(ctx.db, number), await store.target(ctx.db, number)
    return say.result(number, target, rows, await _named(ctx, rows))


async def _named(ctx: Context, rows: Sequence[Row]) -> dict[RoomId, str]:
    found = {row.room: await rooms.get(ctx.db, row.room) for row in rows if row.room}
    return {room: (known.name if known else "") or room for room, known in found.items()}


@feature.service("cancel:invitations")
async def cancel(ctx: Context, item: Item) -> Line:
    """Stop: who is invited stays so."""
    if item.author != ctx.who and not await ctx.moderates(item.room):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    if not item.open:
        raise UserError(_("Invitations {number} are done already.", number=item.number))
    counted = await store.counts(ctx.db, item.number)
    await store.give_up(ctx.db, item.number, State.WAITING, State.STOPPED)
    return _("Stopped: {count} invitations are not sent.", count=counted[State.WAITING])
