"""Show the time of an event on other clocks: one's own and those of the people who come."""

from __future__ import annotations

from bot.api import (
    NOTHING,
    Answer,
    Context,
    ItemAccess,
    Line,
    Moment,
    Person,
    Reach,
    Rest,
    _,
    dates,
    settings,
    words,
)
from commands.attendance import date_keys, event_parameters, roster, rsvp_store
from commands.attendance.declaration import feature
from commands.attendance.event_parameters import EventOrNext
from commands.events import texts
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import Date, Event, next_date

MOST_CLOCKS = 8
"""How many clocks are shown at most."""


@feature.command(
    words("hora", "hora", "time", "mi-hora | minha-hora | my-time"),
    help=_("when an event is on your own clock"),
    example=_("For example: `!time {number}`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_local_time(ctx: Context, event: EventOrNext, *, day: Rest = NOTHING) -> Answer:
    """Show when an event's next date, or the one named, begins on the person's own clock. Return
    the answer.

    Without a number it is the room's next event. Raises `UserError` and `MissingArgument`.
    """
    when = await event_parameters.find_date(ctx, event, day, every=False) or next_date(
        event, ctx.said_at
    )
    named = {"title": texts.shorten_title(event.title), "number": event.item}
    if when is None:
        return _('"{title}" ({number}) is over.', **named)
    if event.all_day:
        return _('"{title}" ({number}), {when}', when=texts.date_line(event, when), **named)
    _language, own = await settings.person_settings(ctx.db, ctx.who)
    here = (own or event.zone) if ctx.is_private else ctx.policy.zone
    first = _('"{title}" ({number}), {when}', when=Moment(when.at, here), **named)
    if ctx.is_private:
        there = [_("There: {moment}", moment=Moment(when.at, event.zone))]
        return [first, *(there if clocks_differ(when, here, event.zone) else [])]
    lines = [first]
    if own is not None and clocks_differ(when, here, own):
        lines.append(
            _("{person}, for you: {moment}", person=Person(ctx.who), moment=Moment(when.at, own))
        )
    return [*lines, *await _other_clock_lines(ctx, event, when, here)]


async def clock_lines(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the line for the event's message with its times in the time zones of attendees
    elsewhere."""
    return [] if event.all_day else await _other_clock_lines(ctx, event, when, event.zone)


async def _other_clock_lines(ctx: Context, event: Event, when: Date, here: str) -> list[Line]:
    others = await _other_clocks(ctx, event, when, here)
    return [_("On other clocks of those who come: {times}", times=others)] if others else []


async def _other_clocks(ctx: Context, event: Event, when: Date, here: str) -> tuple[Line, ...]:
    """Return the time of the date on each clock of the people who come, each time once.

    It does not show whose clock it is.
    """
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    found = roster.build_roster(answers, date_keys.answer_key(event, when), event.seats)
    people = [one.person for one in found.going + found.waiting + found.maybe]
    walls: dict[str, str] = {}
    for zone in [event.zone, *await rsvp_store.zones_of_people(ctx.db, people)]:
        if clocks_differ(when, here, zone):
            walls.setdefault(dates.to_wall(when.at, zone).isoformat(), zone)
    return tuple(_clock_text(ctx, when, here, walls[wall]) for wall in sorted(walls)[:MOST_CLOCKS])


def _clock_text(ctx: Context, when: Date, here: str, zone: str) -> Line:
    wall = dates.to_wall(when.at, zone)
    if wall.date() != dates.to_wall(when.at, here).date():
        return Line("{moment}", {"moment": Moment(when.at, zone)})
    label = dates.zone_label(zone, ctx.policy.language)
    return Line("{time} ({place})", {"time": f"{wall:%H:%M}", "place": label})


def clocks_differ(when: Date, here: str, there: str) -> bool:
    """Return whether the two time zones show different times at this date."""
    return dates.to_wall(when.at, here) != dates.to_wall(when.at, there)
