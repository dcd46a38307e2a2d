"""Jobs of a list of invitations: next wave, answers, end; and what is told of them."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    Number,
    Ref,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    rooms,
)
from commands.onboarding.declaration import feature
from commands.onboarding.invitations import arrival, result_table, store, texts
from commands.onboarding.invitations.store import State
from commands.onboarding.invitations.waves import is_open, named, wave

SHOW_EVERY = 5.0
"""Seconds between two updates of the progress."""
QUICK = timedelta(minutes=1)
"""The result of a list that took longer than this is a message of its own."""


@feature.job("invite")
async def invite(ctx: Context, job: Job) -> Answer:
    """Send the next wave of a list."""
    item = await _running(ctx, job)
    if item is None:
        return None
    return [*await wave(ctx, item.number), *await _told(ctx, item)]


@feature.job("invited")
async def invited(ctx: Context, job: Job) -> Answer:
    """Record the homeserver's answer to an invitation."""
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
    """End a list that took too long: what is open counts as unanswered or not sent."""
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
    """Update the progress, not too often, or end the list and tell the result."""
    where = Ref(item.number, "progress")
    newcomer = await store.newcomer(ctx.db, item.number)
    if await is_open(ctx, item.number):
        if newcomer or not await store.show(ctx.db, item.number, ctx.read, SHOW_EVERY):
            return []
        return [Edit(where, tuple(await _progress(ctx, item.number)))]
    await ctx.call_off(item.number)
    await items.close(ctx.db, item.number)
    if newcomer is not None:
        return await arrival.finished(ctx, item, newcomer)
    lines = tuple(await _result(ctx, item.number))
    rows = await store.rows(ctx.db, item.number)
    each = [result_table.of(item, rows, await named(ctx, rows))] if texts.leaves_out(rows) else []
    if ctx.read - item.at < QUICK:
        return [Edit(where, lines), *each]
    private = await rooms.get(ctx.db, item.room)
    loud = private is not None and private.private_of is not None
    return [
        Edit(where, (lines[0],)),
        Say(lines, room=item.room, reply_to=where, loud=True, item=item.number,
            mentions=() if loud else (item.author,)),
        *each,
    ]  # fmt: skip


async def _progress(ctx: Context, number: Number) -> list[Line]:
    rows, target = await store.rows(ctx.db, number), await store.target(ctx.db, number)
    return texts.progress(number, target, rows)


async def _result(ctx: Context, number: Number) -> list[Line]:
    rows, target = await store.rows(ctx.db, number), await store.target(ctx.db, number)
    return texts.result(number, target, rows, await named(ctx, rows))


@feature.service("cancel:invitations")
async def cancel(ctx: Context, item: Item) -> Line:
    """Stop a list; who is invited stays invited.

    Raises `UserError` without the right or if done.
    """
    if not await ctx.may_change(item):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    if not item.open:
        raise UserError(_("Invitations {number} are done already.", number=item.number))
    counted = await store.counts(ctx.db, item.number)
    await store.give_up(ctx.db, item.number, State.WAITING, State.STOPPED)
    return _("Stopped: {count} invitations are not sent.", count=counted[State.WAITING])
