"""The last meetings, for newcomers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import SUMMARY, Context, Day, Line, RoomId, _
from commands.meetings import store
from commands.meetings.declaration import feature

RECENT, SHOWN = timedelta(days=30), 3


@feature.offers(SUMMARY)
async def summarise_meetings(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with the last meetings of these rooms that ended within 30 days, newest
    first."""
    newest = [await store.last_ended_meeting(ctx.db, room) for room in places]
    since = ctx.now - RECENT
    found = [one for one in newest if one is not None and one.ended and one.ended >= since]
    found.sort(key=lambda one: (one.last, one.item), reverse=True)
    if not found:
        return []
    lines = [
        Line("{number}: {day}, {title}", {"number": one.item, "day": day, "title": one.title})
        if one.title
        else Line("{number}: {day}", {"number": one.item, "day": day})
        for one in found[:SHOWN]
        for day in (Day(one.started),)
    ]
    return [
        _("The last meetings:"),
        *lines,
        _("The minutes of one: `!meeting {number}`", number=found[0].item),
    ]
