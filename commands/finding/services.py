"""Services of the search feature: result lines, and a person's data."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Context, Found, Line, UserId, Weekly, _, verbatim
from commands.finding import follower_store, texts
from commands.finding.declaration import feature, kinds
from commands.finding.follower_store import EVERYTHING


@feature.service("listed")
async def listed(ctx: Context, found: Sequence[Found]) -> list[Line]:
    return await texts.each(ctx, found, await kinds(ctx))


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    gone = await follower_store.drop(ctx.db, person)
    return [_("what you want to hear of each week")] if gone else []


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    one = await follower_store.get(ctx.db, person)
    if one is None:
        return []
    day = Weekly().show(one.day)
    if EVERYTHING in one.themes:
        return [_("Each week ({day}) you hear all that is new.", day=day)]
    themes = tuple(verbatim(f"#{name}") for name in one.themes.values())
    return [_("Each week ({day}) you hear what is new of {themes}.", day=day, themes=themes)]
