"""`!lift`: end a measure before its time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Number,
    UserError,
    Wish,
    _,
    carry,
    harmless,
    rooms,
    words,
)
from commands.care import measure_end, measure_store, target_rooms
from commands.care.declaration import CARE, LONGEST_REASON, feature
from commands.care.measure_store import Deed, Measure


@feature.command(
    words(
        "levantar",
        "revogar",
        "lift",
        "desilenciar, desvetar, perdonar | dessilenciar, desbanir | unmute, unban",
    ),
    help=_("take back a warning, a mute or a ban"),
    example=_("For example: `!lift {number}`", number=57),
    topic=CARE,
    of=("measure",),
)
async def lift_it(ctx: Context, *, text: str = "") -> Answer:
    """Lift a measure by its number."""
    item, rest = await ctx.item(text, "measure")
    return await _lift(ctx, item, rest)


@feature.service("cancel:measure")
async def cancel(ctx: Context, item: Item) -> Line:
    """Always raises `UserError`, which points to `!lift`."""
    raise UserError(_("To take that back: `!lift {number}`", number=item.number))


async def _lift(ctx: Context, item: Item, reason: str) -> Answer:
    one = await measure_store.get(ctx.db, item.number)
    if one is None or one.over or one.act is Deed.REMOVE:
        raise UserError(_("That is over already."))
    room = await rooms.get(ctx.db, one.room)
    if room is None:
        raise UserError(_("I am not in that room any more."))
    await target_rooms.may(ctx, "lift", room, one.act)
    payload = {"number": one.item, "reason": " ".join(harmless(reason).split())[:LONGEST_REASON]}
    return await carry(ctx, Wish("lift", one.room, _title(one), payload, of=one.act))


def _title(one: Measure) -> Line:
    if one.act is Deed.WARN:
        return _("Take back warning {number}", number=one.item)
    if one.act is Deed.MUTE:
        return _("End silence {number} before its time", number=one.item)
    return _("Lift ban {number}", number=one.item)


@feature.undo("warned")
async def not_warned(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    return await _taken_back(ctx, kept)


@feature.undo("muted")
async def not_muted(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    return await _taken_back(ctx, kept)


@feature.undo("banned")
async def not_banned(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    return await _taken_back(ctx, kept)


async def _taken_back(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    one = await measure_store.get(ctx.db, Number(int(kept["number"])))
    if one is None or one.over:
        raise UserError(_("That is over already."))
    return await measure_end.lift(ctx, one)
