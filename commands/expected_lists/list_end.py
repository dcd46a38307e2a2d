"""The end of a list: cancelled by its number, undone, or expired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    CANCEL,
    Answer,
    Context,
    Item,
    Job,
    Line,
    Number,
    Say,
    UserError,
    UserId,
    _,
    items,
    n_,
)
from commands.expected_lists import arrivals, list_editor, store
from commands.expected_lists.declaration import LIST_OVER_JOB, feature
from commands.expected_lists.store import ExpectedList
from commands.onboarding.areas import store as area_store


async def end_list(ctx: Context, one: ExpectedList) -> None:
    """Delete a list of expected people with its addresses and jobs. Who came in stays in."""
    await store.shred_list(ctx.db, one.item)
    await ctx.cancel_jobs(one.item)
    await items.close(ctx.db, one.item)


feature.log_line("list_over", _("ended list {number}"))


@feature.offers(CANCEL.of("expected"))
async def cancel_list(ctx: Context, item: Item) -> Line:
    """End a list of expected people and log it. Return the line that says so.

    Raises `UserError` if it is over or not the person's to end.
    """
    if not item.open:
        raise UserError(_("List {number} is over already.", number=item.number))
    one, area = await list_editor.find_own_list(ctx, item.number)
    await end_list(ctx, one)
    for room in area.rooms if area else ():
        await ctx.log("list_over", {"number": item.number}, room=room)
    return _(
        "List {number} is over, and its addresses are deleted. Who came in stays in.",
        number=item.number,
    )


@feature.undo("list_made")
async def undo_list(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """End a list of expected people, if it was not ended before, for `!undo`. Return what to say,
    if anything."""
    one = await store.get_list(ctx.db, Number(int(kept["number"])))
    if one is not None:
        await end_list(ctx, one)
    return None


@feature.runs(LIST_OVER_JOB)
async def lapse_list(ctx: Context, job: Job) -> Answer:
    """End an expired list of expected people, and tell its author how many came. Return what to
    say, if anything."""
    one = await store.get_list(ctx.db, Number(job.item)) if job.item is not None else None
    if one is None:
        return None
    came = await arrivals.people_arrived(ctx, one, await area_store.find_area(ctx.db, one.area))
    said = _(
        "List {number} for “{area}” is over: {came} of {count} have come. I deleted it.",
        number=one.item,
        area=one.area,
        came=len(came),
        count=await store.count_people(ctx.db, one),
    )
    await end_list(ctx, one)
    return Say((said,), to=one.author, loud=True)


async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Take the person off every list of expected people, and end the lists that they made. Return
    lines that say what was deleted."""
    for one in await store.open_lists(ctx.db):
        if one.author == person:
            await end_list(ctx, one)
    gone = await store.forget_person(ctx.db, person)
    return [n_("{count} list with your address", "{count} lists with your address", gone)] * bool(
        gone
    )
