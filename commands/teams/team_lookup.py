"""Find which team or cohort is meant, and check who may see or lead it."""

from __future__ import annotations

import re

from bot.api import (
    Context,
    Item,
    Number,
    UserError,
    UserId,
    _,
    fold_in_place,
    is_in,
    items,
    may_speak,
    rooms,
)
from commands.teams import leader_store, team_store
from commands.teams.declaration import EXAMPLE
from commands.teams.team_store import Team


def unknown_number(number: str) -> UserError:
    """Return the refusal of a number that is no team here."""
    return UserError(
        _("There is no number {number} here.", number=number[:12]),
        _("The teams of this room: `!teams`"),
    )


async def may_lead(ctx: Context, cohort: Item) -> bool:
    """Return whether the asker may lead a cohort: began it, leads it too, or moderates its room."""
    if await ctx.may_change(cohort):
        return True
    too = ctx.who in await leader_store.leaders_of(ctx.db, cohort.number)
    return too and await may_speak(ctx, cohort.room, ctx.who)


async def leaders_there(ctx: Context, cohort: Item) -> list[UserId]:
    """Return the people in the room who began the cohort or lead it too."""
    too = await leader_store.leaders_of(ctx.db, cohort.number)
    leaders = dict.fromkeys([*([cohort.author] if cohort.author else []), *too])
    there = await rooms.members(ctx.db, cohort.room)
    return [person for person in leaders if person in there]


async def find_cohort(ctx: Context, number: str) -> Item:
    """Return the cohort of this number, or the newest one here. Raises `UserError` if there is
    none."""
    if not number:
        found = await cohorts_here(ctx)
        if not found:
            raise UserError(_("There are no teams here yet."), EXAMPLE)
        number = str(found[0])
    item = await items.get(ctx.db, Number(int(number)))
    if item is None or item.kind != "cohort" or not await _may_see(ctx, item):
        raise unknown_number(number)
    return ctx.answer_privately_about(item)


async def _may_see(ctx: Context, cohort: Item) -> bool:
    return await ctx.may_see(cohort) or await may_lead(ctx, cohort)


async def cohorts_here(ctx: Context) -> list[Number]:
    """Return the cohorts of this room; in private, those that the asker began."""
    if ctx.is_private:
        return await team_store.open_cohorts_by(ctx.db, ctx.who)
    return await team_store.open_cohorts_in(ctx.db, ctx.room)


async def find_by_title(ctx: Context, text: str, ends: str = r"\s|:|$") -> tuple[Item, str] | None:
    """Return the cohort here whose title begins the text, and the rest of it, or None.

    The newest of several. `ends`: a pattern of what may follow the title.
    """
    for item in await items.get_each(ctx.db, await cohorts_here(ctx)):
        title = re.escape(fold_in_place(item.title))
        found = re.match(rf"[\"“]?{title}[\"”]?(?={ends})", fold_in_place(text))
        if title and found:
            return item, text[found.end() :].lstrip(" :").strip()
    return None


async def find_team(ctx: Context, number: str) -> tuple[Team, Item]:
    """Return the team of this number and its cohort.

    Raises `UserError` unless the asker is in its room or may lead.
    """
    found = await team_store.get_team(ctx.db, Number(int(number)))
    whole = await items.get(ctx.db, found.cohort) if found else None
    if found is None or whole is None:
        raise unknown_number(number)
    if found.room != ctx.room:
        ctx.answer_privately_about(whole)
    inside = ctx.is_trusted or found.room == ctx.room
    if found.room is not None and inside and await is_in(ctx, found.room, ctx.who):
        return found, whole
    if not await may_lead(ctx, whole):
        raise unknown_number(number)
    return found, whole
