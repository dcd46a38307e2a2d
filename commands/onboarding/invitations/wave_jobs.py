"""Jobs of a list of invitations: next wave, answers, end; and what is told of them."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    CANCEL,
    INVITE_BLOCKED,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    MessageRef,
    Number,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    moderators_only,
    rooms,
)
from commands.onboarding.declaration import INVITE_JOB, INVITED_JOB, OVERDUE_JOB, feature
from commands.onboarding.invitations import arrival, result_table, store, texts
from commands.onboarding.invitations.store import InvitationState
from commands.onboarding.invitations.waves import is_running, room_names, send_wave

SHOW_EVERY = 5.0
"""Seconds between two updates of the progress."""
QUICK = timedelta(minutes=1)
"""The result of a list that took longer than this is a message of its own."""


@feature.runs(INVITE_JOB)
async def send_next_wave(ctx: Context, job: Job) -> Answer:
    """Send the next few invitations of a list, and report its progress. Return what to say, if
    anything."""
    item = await _running_item(ctx, job)
    if item is None:
        return None
    return [*await send_wave(ctx, item.number), *await _report(ctx, item)]


@feature.runs(INVITED_JOB)
async def record_result(ctx: Context, job: Job) -> Answer:
    """Store how the homeserver answered an invitation, and report the list's progress. Return what
    to say, if anything."""
    item = await _running_item(ctx, job)
    if item is None:
        return None
    person, room, code = (str(job.payload[key]) for key in ("user", "room", "code"))
    state = await _outcome(ctx, RoomId(room), code)
    await store.settle_invitation(ctx.db, item.number, UserId(person), RoomId(room), state)
    return await _report(ctx, item)


async def _outcome(ctx: Context, room: RoomId, code: str) -> InvitationState:
    if not code:
        return InvitationState.INVITED
    if not code.startswith("M_"):
        return InvitationState.SILENT
    if code == INVITE_BLOCKED:
        return InvitationState.BLOCKED
    known = await rooms.get(ctx.db, room)
    if known is None or not known.joined or known.power_of(ctx.me) < known.power_to("invite"):
        return InvitationState.NO_RIGHT
    return InvitationState.REFUSED


@feature.runs(OVERDUE_JOB)
async def end_overdue(ctx: Context, job: Job) -> Answer:
    """End a list of invitations that took too long: open ones count as unanswered or not sent.
    Return what to say, if anything."""
    item = await _running_item(ctx, job)
    if item is None:
        return None
    await store.change_state(ctx.db, item.number, InvitationState.SENT, InvitationState.SILENT)
    await store.change_state(ctx.db, item.number, InvitationState.WAITING, InvitationState.STOPPED)
    return await _report(ctx, item)


async def _running_item(ctx: Context, job: Job) -> Item | None:
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    return item if item is not None and item.open else None


# --- telling --------------------------------------------------------------------------------------


async def _report(ctx: Context, item: Item) -> list[Effect]:
    """Update the progress, not too often, or end the list and tell the result."""
    where = MessageRef(item.number, "progress")
    newcomer = await store.get_newcomer(ctx.db, item.number)
    if await is_running(ctx, item.number):
        if newcomer or not await store.claim_progress_update(
            ctx.db, item.number, ctx.now, SHOW_EVERY
        ):
            return []
        return [Edit(where, tuple(await _progress(ctx, item.number)))]
    await ctx.cancel_jobs(item.number)
    await items.close(ctx.db, item.number)
    if newcomer is not None:
        return await arrival.finish_arrival(ctx, item, newcomer)
    lines = tuple(await _result(ctx, item.number))
    rows = await store.get_invitations(ctx.db, item.number)
    each = (
        [result_table.result_file(item, rows, await room_names(ctx, rows))]
        if texts.is_shortened(rows)
        else []
    )
    if ctx.now - item.at < QUICK:
        return [Edit(where, lines), *each]
    private = await rooms.get(ctx.db, item.room)
    loud = private is not None and private.private_of is not None
    return [
        Edit(where, (lines[0],)),
        Say(
            lines,
            room=item.room,
            reply_to=where,
            loud=True,
            item=item.number,
            mentions=() if loud else (item.author,),
        ),
        *each,
    ]


async def _progress(ctx: Context, number: Number) -> list[Line]:
    rows, target = (
        await store.get_invitations(ctx.db, number),
        await store.get_target(ctx.db, number),
    )
    return texts.progress_lines(number, target, rows)


async def _result(ctx: Context, number: Number) -> list[Line]:
    rows, target = (
        await store.get_invitations(ctx.db, number),
        await store.get_target(ctx.db, number),
    )
    return texts.result_lines(number, target, rows, await room_names(ctx, rows))


@feature.offers(CANCEL.of("invitations"))
async def cancel_invitations(ctx: Context, item: Item) -> Line:
    """Stop a list of invitations. Return the line that says so. People invited already stay
    invited.

    Raises `UserError` without the right, or if none is left to send.
    """
    if not await ctx.may_change(item):
        raise moderators_only()
    if not item.open:
        raise UserError(_("Invitations {number} are done already.", number=item.number))
    counted = await store.count_by_state(ctx.db, item.number)
    await store.change_state(ctx.db, item.number, InvitationState.WAITING, InvitationState.STOPPED)
    return _("Stopped: {count} invitations are not sent.", count=counted[InvitationState.WAITING])
