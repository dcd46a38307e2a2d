"""Tell people in private that they have a place at an event now, and where they still wait."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.api import Context, Effect, Line, Say, UserId, _, n_
from commands.attendance import roster
from commands.attendance.date_keys import date_slot, upcoming_dates
from commands.attendance.roster import EVERY_DATE, GivenAnswer
from commands.events import texts
from commands.events.event import Date, Event, dates_after

MOST_DATES_SHOWN = 5
"""How many dates one private message lists at most."""


async def promotion_messages(
    ctx: Context,
    event: Event,
    before: Sequence[GivenAnswer],
    after: Sequence[GivenAnswer],
    seats_before: int | None,
    concerned: Iterable[str],
) -> list[Effect]:
    """Return the private messages to the people who get a place at the event by this change.

    They are sent in the same transaction, so each person is told once.
    """
    seats = (seats_before, event.seats)
    found = roster.promoted_people(before, after, seats, concerned)
    return await place_messages(ctx, event, after, found)


async def place_messages(
    ctx: Context,
    event: Event,
    answers: Sequence[GivenAnswer],
    found: Mapping[UserId, Collection[str]],
) -> list[Effect]:
    """Return a private message to each of these people with the dates (keys) on which they have a
    place."""
    coming = upcoming_dates(event, answers, ctx.now)
    letters: list[Effect] = []
    for person, keys in sorted(found.items()):
        named = [coming[key] for key in sorted(keys) if key in coming]
        waits = [
            when
            for key, when in coming.items()
            if EVERY_DATE in keys
            and roster.build_roster(answers, key, event.seats).waiting_number(person)
        ]
        zone = (await ctx.policy_of_person(person)).zone
        letter = _place_message(
            event, person, zone, named, waits, ctx.now, every=EVERY_DATE in keys
        )
        if letter is not None:
            letters.append(letter)
    return letters


def _place_message(
    event: Event,
    person: UserId,
    zone: str,
    named: Sequence[Date],
    waits: Sequence[Date],
    now: datetime,
    *,
    every: bool,
) -> Say | None:
    """Return the private message about a place, or None if its dates have begun."""
    following = next((d for d in dates_after(event, now, 1)), None)
    if following is None or not (every or named):
        return None
    title = {"title": texts.shorten_title(event.title), "number": event.item}
    if event.rule is None or not every:
        lines = [_('You have a place at "{title}" ({number}): it is yours already.', **title)]
        shown = [following] if event.rule is None else list(named)
    else:
        lines = [_('You have a place at every date of "{title}" ({number}).', **title)]
        shown = [following]
    lines += [texts.date_line_on_clock(event, when, zone) for when in shown[:MOST_DATES_SHOWN]]
    if len(shown) > MOST_DATES_SHOWN:
        lines.append(
            n_("and {count} date more", "and {count} dates more", len(shown) - MOST_DATES_SHOWN)
        )
    if waits:
        lines.append(waiting_line(event, waits))
    lines += texts.place_lines(event)
    one = shown[0] if not every and len(shown) == 1 and event.rule is not None else None
    lines.append(_give_up_line(event, one))
    return Say(tuple(lines), to=person, loud=True, item=event.item, slot=date_slot(event, one))


def waiting_line(event: Event, waits: Sequence[Date]) -> Line:
    """Return the line with the dates on which the person is still on the event's waiting list."""
    return _(
        "On these dates you are still on the waiting list: {dates}",
        dates=tuple(
            texts.date_line(event, when, with_zone=False) for when in waits[:MOST_DATES_SHOWN]
        ),
    )


def _give_up_line(event: Event, when: Date | None) -> Line:
    if when is None:
        return _(
            "If you can't come, `not going {number}` gives the place to the next person.",
            number=event.item,
        )
    return _(
        "If you can't come, `not going {number} {day}` gives the place to the next person.",
        number=event.item,
        day=format_day(when),
    )


def format_day(when: Date) -> str:
    """Return a date in digits, as people type it: `24/09`."""
    return f"{when.start:%d/%m}"
