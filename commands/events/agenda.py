"""List upcoming events by day; in private those of every room shared with the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.api import (
    FIRST_PAGE,
    NOTHING,
    Answer,
    Context,
    Day,
    ItemAccess,
    Line,
    Number,
    Page,
    Reach,
    Rest,
    RoomId,
    UserError,
    _,
    dates,
    rooms,
    shorten_line,
    words,
)
from commands.events import store
from commands.events.declaration import EVENTS_TOPIC, feature
from commands.events.event import Date, Event, dates_after, end_of_date, next_date
from commands.events.grammar.periods import Period, read_period

PAGE_SIZE = 10
"""How many dates one page has."""
MOST_IN_LINE = 3
"""How many events of one day stand in one line."""
LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One date of an event in the list.

    `room` is the name of its room if several are listed, else empty.
    """

    event: Event
    when: Date
    room: str  # its name, where several rooms are shown


feature.stands_for(
    words(
        "a qué hora es",
        "que horas é",
        "what time is",
        "a qué hora empieza, a qué hora comienza, a qué horas es, qué hora es"
        " | que horas começa, a que horas é, a que horas começa, a que hora é"
        " | at what time is, what time's",
    ),
    "events",
    takes=re.compile(r"\s?(?:el|la|o|a|the|our)\s[^\n]{1,80}", re.IGNORECASE),
)


@feature.command(
    words(
        "eventos",
        "eventos",
        "events",
        "agenda, calendario, qué hay, qué viene, próximos, próximas, próximos eventos, "
        "actividades | "
        "agenda, calendário, programação, o que tem, o que vem, o que há, próximos "
        "eventos, atividades | "
        "calendar, what's on, upcoming, what's next",
    ),
    help=_("what comes, by day: all, `this week`, `December`"),
    example=_("For example: `!events` or `!events this week`"),
    topic=EVENTS_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_events(ctx: Context, page: Page = FIRST_PAGE, *, period: Rest = NOTHING) -> Answer:
    """List a page of the upcoming events, or of those in a period, or the next date of the event
    that is named by its title. Return the answer. Raises `UserError` for a period that can't be
    read."""
    days = read_period(period, ctx.said_at, ctx.policy.zone) if period else None
    if period and days is None:
        if lines := await _lines_of_named(ctx, period):
            return lines
        raise UserError(
            _("I didn't understand “{words}” as a time.", words=period[:60]),
            _("For example: `!events this week`, `!events December`, `!events 2`"),
        )
    places = await _listed_rooms(ctx)
    most = page * PAGE_SIZE + 1
    found = await (rows_in_period(ctx, places, days) if days else _next_rows(ctx, places, most))
    part = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if not part:
        return _empty_lines(days, page)
    lines = lines_by_day(ctx, part)
    label = {dates.zone_label(row.event.zone, ctx.policy.language) for row in part}
    own = dates.zone_label(ctx.policy.zone, ctx.policy.language)
    if label != {own}:
        lines.append(_("All hours are those of {zone}.", zone=own))
    if len(found) > page * PAGE_SIZE:
        again = f"{period} {page + 1}".strip()
        lines.append(_("More: `!events {page}`", page=again))
    else:
        lines.append(_("All about one: `!event {number}`", number=part[0].event.item))
    return lines


async def _lines_of_named(ctx: Context, title: str) -> list[Line]:
    """Return the next date of the event that the text begins to name, or an empty list."""
    called = await ctx.item_called(title, "event")
    if called is None:
        return []
    event = await store.get_event(ctx.db, called[0].number)
    when = next_date(event, ctx.said_at) if event is not None else None
    if event is None or when is None:
        return []
    return [
        *lines_by_day(ctx, [AgendaRow(event, when, "")]),
        _("All about one: `!event {number}`", number=event.item),
    ]


async def _listed_rooms(ctx: Context) -> dict[RoomId, str]:
    """Return the listed rooms, with their names if there are several."""
    if not ctx.is_private:
        return {ctx.room: ""}
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return {room.room: (room.name or room.room) if len(shared) > 1 else "" for room in shared}


async def _next_rows(ctx: Context, places: dict[RoomId, str], most: int) -> list[AgendaRow]:
    """Return every upcoming event with its next date."""
    found = []
    for event in await store.soonest_events(ctx.db, list(places), most):
        when = next_date(event, ctx.said_at)
        if when is not None:
            place = next(places[room] for room in event.rooms if room in places)
            found.append(AgendaRow(event, when, place))
    return sorted(found, key=_sort_key)


async def rows_in_period(ctx: Context, places: dict[RoomId, str], days: Period) -> list[AgendaRow]:
    """Return every event date in the period that is not over, the soonest first.

    `places` maps the rooms to their names; days are on the reader's clock.
    """
    start, end = days.bounds(ctx.policy.zone)
    found, seen = [], set[Number]()
    for room, name in places.items():
        of_room = await store.events_between(ctx.db, room, start - timedelta(days=1), end)
        once = [event for event in of_room if event.item not in seen]
        seen |= {event.item for event in once}
        for event in once:
            for when in dates_after(event, start - timedelta(days=1), _most_dates(start, end)):
                begins = max(when.at, ctx.said_at)
                if (
                    when.at < end
                    and end_of_date(event, when) > max(start, ctx.said_at)
                    and begins < end
                ):
                    found.append(AgendaRow(event, when, name))
    return sorted(found, key=_sort_key)


def _most_dates(start: datetime, end: datetime) -> int:
    """Return how many dates of a series can fall between the two instants.

    That is one a day, and some that were moved there.
    """
    return (end - start).days + 3


def _sort_key(row: AgendaRow) -> tuple[datetime, int]:
    return row.when.at, row.event.item


def lines_by_day(ctx: Context, rows: list[AgendaRow]) -> list[Line]:
    """Return lines that list these event dates grouped by day, on the reader's clock."""
    lines: list[Line] = []
    for _day, group in groupby(rows, key=lambda row: wall_time(ctx, row).date()):
        of_day = list(group)
        zone = of_day[0].event.zone if of_day[0].event.all_day else ctx.policy.zone
        for first in range(0, len(of_day), MOST_IN_LINE):
            shown = tuple(_row_text(ctx, row) for row in of_day[first : first + MOST_IN_LINE])
            if first == 0:
                day = Day(of_day[0].when.at, zone)
                lines.append(_("{day}: {events}", day=day, events=shown))
            else:
                lines.append(_("· {events}", events=shown))
    return lines


def wall_time(ctx: Context, row: AgendaRow) -> datetime:
    """Return an event date's time on the reader's clock; an all-day event keeps its day."""
    return row.when.start if row.event.all_day else dates.to_wall(row.when.at, ctx.policy.zone)


def _row_text(ctx: Context, row: AgendaRow) -> Line:
    title = shorten_line(row.event.title, LONGEST_TITLE)
    place = f"{row.event.item}, {row.room}" if row.room else str(row.event.item)
    if row.event.all_day:
        return _("{title} ({number})", title=title, number=place)
    clock = dates.say_time(
        row.when.at, ctx.policy.zone, ctx.policy.language, twelve=ctx.policy.uses_twelve_hours
    )
    if row.when.at <= ctx.said_at:
        return _("now {title} ({number})", title=title, number=place)
    return _("{clock} {title} ({number})", clock=clock, title=title, number=place)


def _empty_lines(days: Period | None, page: int) -> list[Line]:
    if page > 1:
        return [_("There is no page {page}.", page=page), _("From the beginning: `!events`")]
    if days is not None:
        return [_("Nothing is planned then."), _("All that comes: `!events`")]
    return [
        _("Nothing is planned yet."),
        _("For example: `!event Radio workshop tomorrow 19h`"),
    ]


def past_event_lines(event: Event) -> list[Line]:
    """Return the lines about an event that has no upcoming date."""
    head = _("Event {number}: {title}", number=event.item, title=event.title)
    return [head, _("It was cancelled.") if event.cancelled else _("It is over.")]
