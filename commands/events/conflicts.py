"""Find other events at the same time, to warn before an event is made or moved."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Context, Line, Setting, Switch, _, words
from commands.events import store, texts
from commands.events.declaration import feature
from commands.events.event import MOST_COMPARED, Event, dates_after, end_of_date, first_overlap
from commands.events.extensions import CONFLICT_LINES

MOST_SHOWN = 3

WARNING = Setting(
    "conflicts",
    words("avisar-choques", "avisar-conflitos", "clash-warning"),
    Switch(),
    "yes",
    _("Say beforehand what else is at the same time as a new event."),
)
feature.settings.append(WARNING)


async def confirm_conflicts(ctx: Context, event: Event) -> None:
    """Ask for confirmation if another event of the room is at the same time.

    Raises `AnswerNeeded`, `UserError`. Does nothing where the room's setting is off.
    """
    found = await conflict_lines(ctx, event)
    if found:
        ctx.confirm(*found)


async def conflict_lines(ctx: Context, event: Event) -> list[Line]:
    """Return lines with the other events at the same time; none where the room's setting is off."""
    if event.all_day or await ctx.setting_value(WARNING, event.room) != "yes":
        return []
    own = dates_after(event, ctx.said_at, MOST_COMPARED)
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
    for further in ctx.registry.offers(CONFLICT_LINES):
        said += await further(ctx, event, own, first, last)
    return said
