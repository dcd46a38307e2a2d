"""Find other events at the same time, to warn before an event is made or moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.api import Context, Line, Setting, Switch, _, words
from commands.events import store, texts
from commands.events.declaration import feature
from commands.events.event import Date, Event, dates_after, end_of_date

MOST_DATES = 20
"""How many dates of a series are compared."""
MOST_SHOWN = 3
LONGEST_EVENT = timedelta(days=31)

WARNING = Setting(
    "conflicts",
    words("avisar-choques", "avisar-conflitos", "clash-warning"),
    Switch(),
    "yes",
    _("Say beforehand what else is at the same time as a new event."),
)
feature.settings.append(WARNING)


ConflictSource = Callable[
    [Context, Event, list[Date], datetime, datetime], Awaitable[Sequence[Line]]
]
"""Return warnings about an event, given its dates and their first and last instant (UTC)."""
_sources: list[ConflictSource] = []


def add_conflict_source(asked: ConflictSource) -> ConflictSource:
    """Register a further source of warnings."""
    _sources.append(asked)
    return asked


async def confirm_conflicts(ctx: Context, event: Event) -> None:
    """Ask for confirmation if another event is at the same time.

    Raises `AnswerNeeded`, `UserError`.

    Does nothing where the room's setting is off.
    """
    if await ctx.setting_value(WARNING, event.room) != "yes":
        return
    found = await _conflict_lines(ctx, event)
    if found:
        ctx.confirm(*found)


async def _conflict_lines(ctx: Context, event: Event) -> list[Line]:
    if event.all_day:
        return []
    own = dates_after(event, ctx.said_at, MOST_DATES)
    if not own:
        return []
    first, last = own[0].at, end_of_date(event, own[-1])
    said: list[Line] = []
    for other in await store.events_between(ctx.db, event.room, first - timedelta(days=1), last):
        if other.item == event.item or other.all_day:
            continue
        when = first_overlap(event, own, other, first, last)
        if when is not None and len(said) < MOST_SHOWN:
            said.append(
                _(
                    "At the same time: {title} ({number}), {moment}.",
                    title=texts.shorten_title(other.title),
                    number=other.item,
                    moment=texts.date_line(other, when),
                )
            )
    for also in _sources:
        said += await also(ctx, event, own, first, last)
    return said


def first_overlap(
    event: Event, own: list[Date], other: Event, first: datetime, last: datetime
) -> Date | None:
    """Return the first date of `other` that overlaps one of the dates `own`, or None.

    `first` and `last` are the instants (UTC) between which dates of `other` are looked for.
    """
    longest = min(other.length or timedelta(hours=1), LONGEST_EVENT)
    for when in dates_after(other, first - longest, MOST_DATES * 5):
        if when.at >= last:
            return None
        if any(
            mine.at < end_of_date(other, when) and when.at < end_of_date(event, mine)
            for mine in own
        ):
            return when
    return None
