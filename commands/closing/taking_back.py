"""Take the closing of a room back: by who moderates, by its rules, by a vote or after a restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.api import (
    AFTER_RESTORE,
    CANCEL,
    PENDING_OF_KIND,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Moment,
    Number,
    Person,
    RoomId,
    Say,
    UserError,
    _,
    items,
    rooms,
)
from commands.closing import plan_store
from commands.closing.declaration import KIND, feature
from commands.closing.plan_store import ClosingPlan

STAYS = _("This room stays: it is not closed.")


async def stop_by_moderator(ctx: Context, plan: ClosingPlan) -> Answer:
    """Cancel the closing of a room. One moderator is enough, unless the room itself decided it.
    Return what to say, if anything.

    Raises `UserError` if the room decided it, and for who doesn't moderate.
    """
    await ctx.require_moderator(plan.room)
    item = await items.get(ctx.db, plan.item)
    if item is not None and item.author == ctx.me:
        raise UserError(
            _("The room decided that it closes. Only the room can take it back: `!undo`"),
        )
    return await stop_closing(ctx, plan)


async def stop_closing(ctx: Context, plan: ClosingPlan) -> list[Say]:
    """Cancel the closing of a room, and tell the room. Return what to send."""
    await end_plan(ctx, plan)
    by = [_("Taken back by {person}.", person=Person(ctx.who))] if ctx.who != ctx.me else []
    return [Say((STAYS, *by), room=plan.room, item=plan.item)]


async def end_plan(ctx: Context, plan: ClosingPlan) -> None:
    """Delete the plan to close a room with its jobs, and log that."""
    await items.close(ctx.db, plan.item)
    await plan_store.delete_plan(ctx.db, plan.item)
    await ctx.cancel_jobs(plan.item)
    await ctx.log("stopped", {"number": plan.item}, room=plan.room)


@feature.undo("announced")
async def undo_closing(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Cancel the closing of a room by the rule of the room. Return what to say, if anything. Raises
    `UserError` if it is closed."""
    plan = await plan_store.get_plan(ctx.db, Number(int(kept["number"])))
    if plan is None:
        raise UserError(_("This room is not about to be closed."))
    return await stop_closing(ctx, plan)


@feature.offers(CANCEL.of(KIND))
async def cancel_closing(ctx: Context, item: Item) -> Answer:
    """Cancel the closing of a room by its number. Return what to say, if anything. Raises
    `UserError` if the room is not about to close, if it decided that itself, and for who doesn't
    moderate."""
    plan = await plan_store.get_plan(ctx.db, item.number)
    if plan is None:
        raise UserError(_("This room is not about to be closed."))
    return await stop_by_moderator(ctx, plan)


@feature.offers(AFTER_RESTORE)
async def stop_after_restore(ctx: Context, _made: datetime) -> list[Effect]:
    """Cancel each planned closing after a restored backup: it may have been cancelled since. Return
    what to send. Tell how to announce it again."""
    told: list[Effect] = []
    for plan in await plan_store.all_plans(ctx.db):
        await end_plan(ctx, plan)
        target = await rooms.get(ctx.db, plan.keep) if plan.keep else None
        anew = (
            _("To close it all the same, say so anew: `!close-room keep: {room}`", room=target.name)
            if target is not None and target.name
            else _("To close it all the same, say so anew: `!close-room`")
        )
        told.append(Say((STAYS, anew), room=plan.room))
    return told


@feature.offers(PENDING_OF_KIND.of(KIND))
async def pending_closing(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line that says that the room is about to be closed, if it is."""
    plan = await plan_store.plan_for(ctx.db, room)
    if plan is None:
        return []
    return [_("This room closes on {moment}.", moment=Moment(plan.at))]
