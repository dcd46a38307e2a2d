"""Ask keepers from time to time whether resources are right, and mark what nobody confirms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Job,
    Line,
    Membership,
    Number,
    RoomId,
    UserId,
    _,
    dates,
    rooms,
)
from commands.library import review_store, search_index, texts
from commands.library.declaration import ANSWER_WITHIN, REVIEW, feature
from commands.library.store import Resource

HOUR = time(10)
"""The hour on a room's clock at which its resources are checked."""
AT_ONCE = 200
SHOWN = 8


async def begin(ctx: Context, room: RoomId) -> None:
    """Start the daily check of a room. Idempotent."""
    if await review_store.begin_rounds(ctx.db, room):
        await _next(ctx, room)


async def _next(ctx: Context, room: RoomId) -> None:
    zone = (await ctx.for_room(room)).zone
    today = dates.to_wall(ctx.read, zone).date()
    at = dates.to_utc(datetime.combine(today + timedelta(days=1), HOUR), zone)
    await ctx.schedule("round", at, room=room, zone=zone)


@feature.job("round")
async def look_through(ctx: Context, job: Job) -> Answer:
    """Ask about what is due and mark what was not answered. A missed day is made up for."""
    if not await review_store.any_in(ctx.db, job.room):
        await review_store.end_rounds(ctx.db, job.room)
        return None
    await _next(ctx, job.room)
    doubtful = await review_store.doubt(ctx.db, job.room, ctx.now - ANSWER_WITHIN)
    days = int(await ctx.setting(REVIEW, job.room))
    if days:
        doubtful += await _ask(ctx, job.room, timedelta(days=days))
    await search_index.again(ctx, doubtful)
    return None


async def _ask(ctx: Context, room: RoomId, every: timedelta) -> list[Number]:
    """Ask the keepers who are in the room. Return the numbers nobody can be asked about."""
    due = await review_store.due(ctx.db, room, ctx.now - every, AT_ONCE)
    await review_store.set_asked(ctx.db, [one.item for one in due], ctx.now)
    there = {one.keeper for one in due if await _is_there(ctx, room, one.keeper)}
    orphans = [one.item for one in due if one.keeper not in there]
    await review_store.mark_doubtful(ctx.db, orphans)
    for keeper in sorted(there):
        await ctx.begin("review", keeper, {})
    return orphans


async def _is_there(ctx: Context, room: RoomId, keeper: UserId) -> bool:
    return await rooms.membership(ctx.db, room, keeper) is Membership.JOIN


@feature.dialogue("review", beside=("save", "update", "versions", "resources", "still right"))
async def review(ctx: Context, _data: Mapping[str, Any]) -> Answer:
    """Ask the person one question about all their resources that are due."""
    asked = await review_store.asked_of(ctx.db, ctx.who, SHOWN)
    shown = set(json.loads(ctx.known.setdefault("shown", json.dumps([o.item for o in asked]))))
    due = [one for one in asked if one.item in shown]
    if not due:
        return None
    answer = ctx.ask(
        "right",
        YES_NO,
        _("You kept this in the library some time ago. Is it all still right?"),
        *map(_row, due),
        _("`yes`, or `no` if something of it is not."),
        patience=ANSWER_WITHIN,
    )
    if answer == "yes":
        await right(ctx, [one.item for one in due])
        return [_("Thank you, it stays as it is."), *await _more(ctx, due[-1].item)]
    number = due[0].item
    return [
        _("To correct one: `!update {number} new text`. To take it out: `!cancel {number}`",
          number=number),
        _("If one of them is still right: `!still right {number}`", number=number),
    ]  # fmt: skip


async def right(ctx: Context, numbers: Sequence[Number]) -> None:
    """Store that these resources were confirmed, and index them again."""
    await review_store.found_right(ctx.db, numbers, ctx.now)
    await search_index.again(ctx, numbers)


def _row(one: Resource) -> Line:
    return _("{number}, {thing}", number=one.item, thing=texts.row(one))


async def _more(ctx: Context, last: Number) -> list[Line]:
    """Begin the next question if not all resources fitted into this one."""
    if await review_store.asked_of(ctx.db, ctx.who, 1):
        await ctx.begin("review", ctx.who, {"after": last})
    return []
