"""Find other events at the same time, to warn before an event is made or moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.api import Context, Line, Setting, Switch, _, words
from commands.events import store, texts
from commands.events.declaration import feature
from commands.events.event import Date, Event, dates, end_of

LOOKED = 20
"""How many dates of a series are compared."""
SHOWN = 3
LONGEST = timedelta(days=31)

WARNING = Setting(
    "conflicts",
    words("avisar-choques", "avisar-conflitos", "clash-warning"),
    Switch(),
    "yes",
    _("Say beforehand what else is at the same time as a new event."),
)
feature.settings.append(WARNING)


Warns = Callable[[Context, Event, list[Date], datetime, datetime], Awaitable[Sequence[Line]]]
"""Return warnings about an event, given its dates and their first and last instant (UTC)."""
_warns: list[Warns] = []


def also_warns(asked: Warns) -> Warns:
    """Register a further source of warnings."""
    _warns.append(asked)
    return asked


async def warned(ctx: Context, event: Event) -> None:
    """Ask for confirmation if another event is at the same time. Raises `Asking`, `UserError`.

    Does nothing where the room's setting is off.
    """
    if await ctx.setting(WARNING, event.room) != "yes":
        return
    found = await _others(ctx, event)
    if found:
        ctx.confirm(*found)


async def _others(ctx: Context, event: Event) -> list[Line]:
    if event.all_day:
        return []
    own = dates(event, ctx.now, LOOKED)
    if not own:
        return []
    first, last = own[0].at, end_of(event, own[-1])
    said: list[Line] = []
    for other in await store.between(ctx.db, event.room, first - timedelta(days=1), last):
        if other.item == event.item or other.all_day:
            continue
        when = overlap(event, own, other, first, last)
        if when is not None and len(said) < SHOWN:
            said.append(
                _(
                    "At the same time: {title} ({number}), {moment}.",
                    title=texts.short(other.title),
                    number=other.item,
                    moment=texts.moment(other, when),
                )
            )
    for also in _warns:
        said += await also(ctx, event, own, first, last)
    return said


def overlap(
    event: Event, own: list[Date], other: Event, first: datetime, last: datetime
) -> Date | None:
    """Return the first date of `other` that overlaps one of the dates `own`, or None.

    `first` and `last` are the instants (UTC) between which dates of `other` are looked for.
    """
    longest = min(other.length or timedelta(hours=1), LONGEST)
    for when in dates(other, first - longest, LOOKED * 5):
        if when.at >= last:
            return None
        if any(mine.at < end_of(other, when) and when.at < end_of(event, mine) for mine in own):
            return when
    return None
