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
    one_line,
    rooms,
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
    """End a measure (warning, mute, ban) by its number. Return the answer."""
    one = await measure_store.get_measure(ctx.db, item.number)
    if one is None or one.is_over or one.act is Deed.REMOVE:
        raise UserError(_("That is over already."))
    room = await rooms.get(ctx.db, one.room)
    if room is None:
        raise UserError(_("I am not in that room any more."))
    await target_rooms.require_may(ctx, "lift", room, one.act)
    payload = {
        "number": one.item,
        "reason": one_line(reason)[:LONGEST_REASON],
    }
    return await carry_out(ctx, ActRequest("lift", one.room, _title(one), payload, of=one.act))


@feature.offers(CANCEL.of("measure"))
async def refuse_cancel(ctx: Context, item: Item) -> Line:
    """Raise `UserError` for the attempt to cancel a measure by `!cancel`; it points to `!lift`, and
    so never return."""
    raise UserError(_("To take that back: `!lift {number}`", number=item.number))


def _title(one: Measure) -> Line:
    if one.act is Deed.WARN:
        return _("Take back warning {number}", number=one.item)
    if one.act is Deed.MUTE:
        return _("End silence {number} before its time", number=one.item)
    return _("Lift ban {number}", number=one.item)


@feature.undo("warned")
@feature.undo("muted")
@feature.undo("banned")
async def undo_measure(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """End a warning, mute or ban for `!undo`. Return what to say, if anything."""
    one = await measure_store.get_measure(ctx.db, Number(int(kept["number"])))
    if one is None or one.is_over:
        raise UserError(_("That is over already."))
    return await measure_end.lift_measure(ctx, one)
