"""Services of the search feature: result lines, and a person's data."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Line, SearchHit, UserId, WeeklyTime, _, verbatim
from commands.finding import follower_store, texts
from commands.finding.declaration import all_kinds, feature
from commands.finding.follower_store import EVERYTHING


@feature.service("listed")
async def list_results(ctx: Context, found: Sequence[SearchHit]) -> list[Line]:
    return await texts.result_lines(ctx, found, await all_kinds(ctx))


@feature.service("forget")
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    gone = await follower_store.delete_follower(ctx.db, person)
    return [_("what you want to hear of each week")] if gone else []


@feature.service("export")
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    one = await follower_store.get_follower(ctx.db, person)
    if one is None:
        return []
    day = WeeklyTime().show(one.day)
    if EVERYTHING in one.themes:
        return [_("Each week ({day}) you hear all that is new.", day=day)]
    themes = tuple(verbatim(f"#{name}") for name in one.themes.values())
    return [_("Each week ({day}) you hear what is new of {themes}.", day=day, themes=themes)]
