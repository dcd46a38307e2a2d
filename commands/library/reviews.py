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
    Number,
    RoomId,
    _,
    dates,
    is_in,
)
from commands.library import review_store, search_index, texts
from commands.library.declaration import ANSWER_WITHIN, REVIEW, ROUND_JOB, feature
from commands.library.store import Resource

CHECK_HOUR = time(10)
"""The hour on a room's clock at which its resources are checked."""
MOST_AT_ONCE = 200
MOST_SHOWN = 8


async def begin_reviews(ctx: Context, room: RoomId) -> None:
    """Schedule the daily review of a room's library. Idempotent."""
    if await review_store.begin_rounds(ctx.db, room):
        await _schedule_round(ctx, room)


async def _schedule_round(ctx: Context, room: RoomId) -> None:
    zone = (await ctx.policy_of_room(room)).zone
    today = dates.to_wall(ctx.now, zone).date()
    at = dates.to_utc(datetime.combine(today + timedelta(days=1), CHECK_HOUR), zone)
    await ctx.schedule(ROUND_JOB, at, room=room, zone=zone)


@feature.runs(ROUND_JOB)
async def check_room(ctx: Context, job: Job) -> Answer:
    """Ask keepers whether resources due for review still hold, and mark those left unanswered.
    Return what to say, if anything.

    A missed day is made up for.
    """
    if not await review_store.has_resources(ctx.db, job.room):
        await review_store.end_rounds(ctx.db, job.room)
        return None
    await _schedule_round(ctx, job.room)
    doubtful = await review_store.mark_unanswered(ctx.db, job.room, ctx.said_at - ANSWER_WITHIN)
    days = int(await ctx.setting_value(REVIEW, job.room))
    if days:
        doubtful += await _ask_keepers(ctx, job.room, timedelta(days=days))
    await search_index.reindex(ctx, doubtful)
    return None


async def _ask_keepers(ctx: Context, room: RoomId, every: timedelta) -> list[Number]:
    """Ask the keepers who are in the room. Return the numbers nobody can be asked about."""
    due = await review_store.due_resources(ctx.db, room, ctx.said_at - every, MOST_AT_ONCE)
    await review_store.set_asked(ctx.db, [one.item for one in due], ctx.said_at)
    there = {one.keeper for one in due if await is_in(ctx, room, one.keeper)}
    orphans = [one.item for one in due if one.keeper not in there]
    await review_store.mark_doubtful(ctx.db, orphans)
    for keeper in sorted(there):
        await ctx.begin_dialogue("review", keeper, {})
    return orphans


@feature.dialogue("review", beside=("save", "update", "versions", "resources", "still right"))
async def ask_review(ctx: Context, _data: Mapping[str, Any]) -> Answer:
    """Ask the person one question about all their resources that are due for review. Return what to
    say, if anything."""
    asked = await review_store.resources_asked_of(ctx.db, ctx.who, MOST_SHOWN)
    shown = set(json.loads(ctx.answers.setdefault("shown", json.dumps([o.item for o in asked]))))
    due = [one for one in asked if one.item in shown]
    if not due:
        return None
    answer = ctx.ask(
        "right",
        YES_NO,
        _("You kept this in the library some time ago. Is it all still right?"),
        *map(_review_row, due),
        _("`yes`, or `no` if something of it is not."),
        patience=ANSWER_WITHIN,
    )
    if answer == "yes":
        await confirm_resources(ctx, [one.item for one in due])
        return [_("Thank you, it stays as it is."), *await _begin_next(ctx, due[-1].item)]
    number = due[0].item
    return [
        _(
            "To correct one: `!update {number} new text`. To take it out: `!cancel {number}`",
            number=number,
        ),
        _("If one of them is still right: `!still right {number}`", number=number),
    ]


async def confirm_resources(ctx: Context, numbers: Sequence[Number]) -> None:
    """Store that these resources of the library were confirmed, and index them again."""
    await review_store.save_confirmed(ctx.db, numbers, ctx.said_at)
    await search_index.reindex(ctx, numbers)


def _review_row(one: Resource) -> Line:
    return _("{number}, {thing}", number=one.item, thing=texts.resource_row(one))


async def _begin_next(ctx: Context, last: Number) -> list[Line]:
    """Begin the next question if not all resources fitted into this one."""
    if await review_store.resources_asked_of(ctx.db, ctx.who, 1):
        await ctx.begin_dialogue("review", ctx.who, {"after": last})
    return []
