"""`!lift`: end a measure before its time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    CANCEL,
    NOTHING,
    ActRequest,
    Answer,
    Context,
    Item,
    Line,
    Number,
    Rest,
    UserError,
    _,
    carry_out,
    rooms,
    strip_hidden,
    words,
)
from commands.care import measure_end, measure_store, target_rooms
from commands.care.declaration import LONGEST_REASON, MODERATE, feature
from commands.care.measure_store import Deed, Measure


@feature.command(
    words(
        "levantar",
        "revogar",
        "lift",
        "desilenciar, desvetar, perdonar, desbanear, quitar veto, desbloquear | "
        "dessilenciar, desbanir, tirar banimento, desbloquear | "
        "unmute, unban",
    ),
    help=_("take back a warning, a mute or a ban"),
    example=_("For example: `!lift {number}`", number=57),
    topic=MODERATE,
    of=("measure",),
)
async def lift(ctx: Context, item: Item, *, reason: Rest = NOTHING) -> Answer:
    """Lift a measure by its number."""
    return await _request_lift(ctx, item, reason)


@feature.offers(CANCEL.of("measure"))
async def refuse_cancel(ctx: Context, item: Item) -> Line:
    """Always raises `UserError`, which points to `!lift`."""
    raise UserError(_("To take that back: `!lift {number}`", number=item.number))


async def _request_lift(ctx: Context, item: Item, reason: str) -> Answer:
    one = await measure_store.get_measure(ctx.db, item.number)
    if one is None or one.is_over or one.act is Deed.REMOVE:
        raise UserError(_("That is over already."))
    room = await rooms.get(ctx.db, one.room)
    if room is None:
        raise UserError(_("I am not in that room any more."))
    await target_rooms.require_may(ctx, "lift", room, one.act)
    payload = {
        "number": one.item,
        "reason": " ".join(strip_hidden(reason).split())[:LONGEST_REASON],
    }
    return await carry_out(ctx, ActRequest("lift", one.room, _title(one), payload, of=one.act))


def _title(one: Measure) -> Line:
    if one.act is Deed.WARN:
        return _("Take back warning {number}", number=one.item)
    if one.act is Deed.MUTE:
        return _("End silence {number} before its time", number=one.item)
    return _("Lift ban {number}", number=one.item)


@feature.undo("warned")
async def undo_warning(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Take back a warning, for `!undo`."""
    return await _undo_measure(ctx, kept)


@feature.undo("muted")
async def undo_mute(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Give a muted person their voice back, for `!undo`."""
    return await _undo_measure(ctx, kept)


@feature.undo("banned")
async def undo_ban(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Lift a ban, for `!undo`."""
    return await _undo_measure(ctx, kept)


async def _undo_measure(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    one = await measure_store.get_measure(ctx.db, Number(int(kept["number"])))
    if one is None or one.is_over:
        raise UserError(_("That is over already."))
    return await measure_end.lift_measure(ctx, one)
