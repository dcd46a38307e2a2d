"""Show the time of an event on other clocks: one's own and those of the people who come."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Does,
    Line,
    Moment,
    Person,
    Reach,
    _,
    dates,
    settings,
    words,
)
from commands.events import texts
from commands.events.attendance import roster, rsvp, rsvp_commands
from commands.events.attendance import rsvp_store as kept
from commands.events.declaration import EVENTS, feature, says_more
from commands.events.event import Date, Event, next_date

MOST = 8
"""How many clocks are shown at most."""


@feature.command(
    words("hora", "hora", "time", "mi-hora | minha-hora | my-time"),
    help=_("when an event is on your own clock"),
    example=_("For example: `!time {number}`", number=57),
    topic=EVENTS,
    does=Does.READS,
    reach=Reach.ROOM,
)
async def hour(ctx: Context, *, text: str = "") -> Answer:
    """Show when the next date, or the one named, is on the person's own clock.

    Without a number it is the room's next event. Raises `UserError` and `Missing`.
    """
    event, rest = await rsvp_commands.meant_or_next(ctx, text)
    when = await rsvp_commands.date_meant(ctx, event, rest, every=False) or next_date(
        event, ctx.now
    )
    named = {"title": texts.short(event.title), "number": event.item}
    if when is None:
        return _('"{title}" ({number}) is over.', **named)
    if event.all_day:
        return _('"{title}" ({number}), {when}', when=texts.moment(event, when), **named)
    _language, own = await settings.person(ctx.db, ctx.who)
    here = (own or event.zone) if ctx.private else ctx.policy.zone
    first = _('"{title}" ({number}), {when}', when=Moment(when.at, here), **named)
    if ctx.private:
        there = [_("There: {moment}", moment=Moment(when.at, event.zone))]
        return [first, *(there if differs(when, here, event.zone) else [])]
    lines = [first]
    if own is not None and differs(when, here, own):
        lines.append(
            _("{person}, for you: {moment}", person=Person(ctx.who), moment=Moment(when.at, own))
        )
    return [*lines, *await _of_others(ctx, event, when, here)]


@says_more
async def beside(ctx: Context, event: Event, when: Date) -> list[Line]:
    """Return the line for the event's message with the times on attendees' other clocks."""
    return [] if event.all_day else await _of_others(ctx, event, when, event.zone)


async def _of_others(ctx: Context, event: Event, when: Date, here: str) -> list[Line]:
    others = await _clocks(ctx, event, when, here)
    return [_("On other clocks of those who come: {times}", times=others)] if others else []


async def _clocks(ctx: Context, event: Event, when: Date, here: str) -> tuple[Line, ...]:
    """Return the time of the date on each clock of the people who come, each time once.

    It does not show whose clock it is.
    """
    answers = await kept.answers(ctx.db, event.item)
    found = roster.of(answers, rsvp.key_of(event, when), event.seats)
    people = [one.person for one in found.going + found.waiting + found.maybe]
    walls: dict[str, str] = {}
    for zone in [event.zone, *await kept.zones(ctx.db, people)]:
        if differs(when, here, zone):
            walls.setdefault(dates.to_wall(when.at, zone).isoformat(), zone)
    return tuple(_shown(ctx, when, here, walls[wall]) for wall in sorted(walls)[:MOST])


def _shown(ctx: Context, when: Date, here: str, zone: str) -> Line:
    wall = dates.to_wall(when.at, zone)
    if wall.date() != dates.to_wall(when.at, here).date():
        return Line("{moment}", {"moment": Moment(when.at, zone)})
    label = dates.zone_label(zone, ctx.policy.language)
    return Line("{time} ({place})", {"time": f"{wall:%H:%M}", "place": label})


def differs(when: Date, here: str, there: str) -> bool:
    """True if the two zones show different wall times at this date."""
    return dates.to_wall(when.at, here) != dates.to_wall(when.at, there)
