"""List upcoming events by day; in private those of every room shared with the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.api import (
    Answer,
    Context,
    Day,
    Does,
    Line,
    Reach,
    RoomId,
    UserError,
    _,
    dates,
    rooms,
    words,
)
from commands.events import store
from commands.events.declaration import EVENTS, feature
from commands.events.event import Date, Event, end_of, next_date
from commands.events.event import dates as dates_of
from commands.events.grammar.periods import Period, page_of, period

PAGE = 10
"""How many dates one page has."""
IN_LINE = 3
"""How many events of one day stand in one line."""
TITLE = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One date of an event in the list.

    `room` is the name of its room if several are listed, else empty.
    """

    event: Event
    when: Date
    room: str  # its name, where several rooms are shown


@feature.command(
    words("eventos", "eventos", "events", "agenda, calendario | agenda, calendário | calendar"),
    help=_("what comes, by day: all, `this week`, `December`"),
    example=_("For example: `!events` or `!events this week`"),
    topic=EVENTS,
    does=Does.READS,
    reach=Reach.ROOM,
)
async def listed(ctx: Context, *, text: str = "") -> Answer:
    """List a page of the upcoming events, or of those in a period. Raises `UserError`."""
    asked, page = page_of(text)
    days = period(asked, ctx.now, ctx.policy.zone) if asked else None
    if asked and days is None:
        raise UserError(
            _("I didn't understand “{words}” as a time.", words=asked[:60]),
            _("For example: `!events this week`, `!events December`, `!events 2`"),
        )
    places = await _places(ctx)
    most = page * PAGE + 1
    found = await (within(ctx, places, days) if days else _all(ctx, places, most))
    part = found[(page - 1) * PAGE : page * PAGE]
    if not part:
        return _nothing(days, page)
    lines = by_day(ctx, part)
    label = {dates.zone_label(row.event.zone, ctx.policy.language) for row in part}
    own = dates.zone_label(ctx.policy.zone, ctx.policy.language)
    if label != {own}:
        lines.append(_("All hours are those of {zone}.", zone=own))
    if len(found) > page * PAGE:
        again = f"{asked} {page + 1}".strip()
        lines.append(_("More: `!events {page}`", page=again))
    else:
        lines.append(_("All about one: `!event {number}`", number=part[0].event.item))
    return lines


async def _places(ctx: Context) -> dict[RoomId, str]:
    """Return the listed rooms, with their names if there are several."""
    if not ctx.private:
        return {ctx.room: ""}
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return {room.room: (room.name or room.room) if len(shared) > 1 else "" for room in shared}


async def _all(ctx: Context, places: dict[RoomId, str], most: int) -> list[Row]:
    """Return every upcoming event with its next date."""
    found = []
    for event in await store.soonest(ctx.db, list(places), most):
        when = next_date(event, ctx.now)
        if when is not None:
            found.append(Row(event, when, places[event.room]))
    return sorted(found, key=_order)


async def within(ctx: Context, places: dict[RoomId, str], days: Period) -> list[Row]:
    """Return every date in the period that is not over, the soonest first.

    `places` maps the rooms to their names; days are on the reader's clock.
    """
    start, end = days.bounds(ctx.policy.zone)
    found = []
    for room, name in places.items():
        for event in await store.between(ctx.db, room, start - timedelta(days=1), end):
            for when in dates_of(event, start - timedelta(days=1), _most(start, end)):
                begins = max(when.at, ctx.now)
                if when.at < end and end_of(event, when) > max(start, ctx.now) and begins < end:
                    found.append(Row(event, when, name))
    return sorted(found, key=_order)


def _most(start: datetime, end: datetime) -> int:
    """Return how many dates of a series can fall between the two instants.

    That is one a day, and some that were moved there.
    """
    return (end - start).days + 3


def _order(row: Row) -> tuple[datetime, int]:
    return row.when.at, row.event.item


def by_day(ctx: Context, rows: list[Row]) -> list[Line]:
    """Return the lines that list these rows grouped by day, on the reader's clock."""
    lines: list[Line] = []
    for _day, group in groupby(rows, key=lambda row: wall(ctx, row).date()):
        of_day = list(group)
        zone = of_day[0].event.zone if of_day[0].event.all_day else ctx.policy.zone
        for first in range(0, len(of_day), IN_LINE):
            shown = tuple(_one(ctx, row) for row in of_day[first : first + IN_LINE])
            if first == 0:
                day = Day(of_day[0].when.at, zone)
                lines.append(_("{day}: {events}", day=day, events=shown))
            else:
                lines.append(_("· {events}", events=shown))
    return lines


def wall(ctx: Context, row: Row) -> datetime:
    """Return the row's time on the reader's clock; an all-day event keeps its day."""
    return row.when.start if row.event.all_day else dates.to_wall(row.when.at, ctx.policy.zone)


def _one(ctx: Context, row: Row) -> Line:
    title = " ".join(row.event.title.split())
    title = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
    place = f"{row.event.item}, {row.room}" if row.room else str(row.event.item)
    if row.event.all_day:
        return _("{title} ({number})", title=title, number=place)
    clock = dates.say_time(
        row.when.at, ctx.policy.zone, ctx.policy.language, twelve=ctx.policy.twelve
    )
    if row.when.at <= ctx.now:
        return _("now {title} ({number})", title=title, number=place)
    return _("{clock} {title} ({number})", clock=clock, title=title, number=place)


def _nothing(days: Period | None, page: int) -> list[Line]:
    if page > 1:
        return [_("There is no page {page}.", page=page), _("From the beginning: `!events`")]
    if days is not None:
        return [_("Nothing is planned then."), _("All that comes: `!events`")]
    return [
        _("Nothing is planned yet."),
        _("For example: `!event Radio workshop tomorrow 19h`"),
    ]


def over(event: Event) -> list[Line]:
    """Return the lines about an event that has no upcoming date."""
    head = _("Event {number}: {title}", number=event.item, title=event.title)
    return [head, _("It was cancelled.") if event.cancelled else _("It is over.")]
