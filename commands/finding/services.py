"""Services of the search feature: result lines, and a person's data."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, Context, Line, UserId, WeeklyTime, _, verbatim
from commands.finding import follower_store
from commands.finding.declaration import feature
from commands.finding.follower_store import EVERYTHING

feature.rows("finding_follower", person="person", says=_("what you want to hear of each week"))
feature.rows("finding_theme", person="person")


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with all that the search keeps about the person: what they hear of in the weekly
    news."""
    one = await follower_store.get_follower(ctx.db, person)
    if one is None:
        return []
    day = WeeklyTime().show(one.day)
    if EVERYTHING in one.themes:
        return [_("Each week ({day}) you hear all that is new.", day=day)]
    themes = tuple(verbatim(f"#{name}") for name in one.themes.values())
    return [_("Each week ({day}) you hear what is new of {themes}.", day=day, themes=themes)]
