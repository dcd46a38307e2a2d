"""Services of the search feature: result lines, and a person's data."""

from __future__ import annotations

from bot.api import (
    EXPORT,
    FORGET,
    Context,
    Line,
    UserId,
    WeeklyTime,
    _,
    verbatim,
)
from commands.finding import follower_store
from commands.finding.declaration import feature
from commands.finding.follower_store import EVERYTHING


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    gone = await follower_store.delete_follower(ctx.db, person)
    return [_("what you want to hear of each week")] if gone else []


@feature.offers(EXPORT)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    one = await follower_store.get_follower(ctx.db, person)
    if one is None:
        return []
    day = WeeklyTime().show(one.day)
    if EVERYTHING in one.themes:
        return [_("Each week ({day}) you hear all that is new.", day=day)]
    themes = tuple(verbatim(f"#{name}") for name in one.themes.values())
    return [_("Each week ({day}) you hear what is new of {themes}.", day=day, themes=themes)]
