"""Apply an answer to an event: store it, and promote people from the waiting list."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import Context, Effect, Line, Say, UserError, UserId, _, n_
from commands.events import texts
from commands.events.attendance import roster, shift_store
from commands.events.attendance import rsvp_store as kept
from commands.events.attendance.roster import EVERY, Given, Roster, Says
from commands.events.declaration import beside, knows_who_goes
from commands.events.event import Date, Event, date_of, dates, end_of, next_date

SHOWN = 5
"""How many dates one private message lists at most."""
TOGETHER = timedelta(seconds=30)
"""How long answers are gathered before the event's message is edited."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an answer. `waits_at` holds the dates on which the person must wait.

    `roster` is that of the date or of all dates; without a limit of seats it has this person alone.
    `letters` are the private messages to the people promoted by it.
    """

    event: Event
    when: Date | None
    given: Given
    roster: Roster
    waits_at: tuple[Date, ...]
    letters: tuple[Effect, ...]


async def answer(
    ctx: Context, event: Event, says: Says, when: Date | None, guests: int | None = None
) -> Outcome:
    """Store the answer of `ctx.who` about a date, or about all dates for None.

    Raises `UserError` if there are too many guests or no seats left for them.
    """
    key = key_of(event, when)
    own = await kept.of_person(ctx.db, event.item, ctx.who)
    brings = _guests(event, says, own, key, guests)
    before = own if event.seats is None else await kept.answers(ctx.db, event.item)
    coming = to_come(event, before, ctx.now)
    place = await kept.next_place(ctx.db, event.item)
    after = roster.answered(before, Given(ctx.who, key, says, brings, place), coming)
    concerned = {key: when} if key else {EVERY: None, **coming}
    if roster.put_out(before, after, (event.seats, event.seats), concerned):
        raise UserError(*_no_room_for_guests(event, before, concerned))
    await kept.change(ctx.db, event.item, before, after)
    if says is Says.NO:
        await shift_store.leave(ctx.db, event.item, ctx.who, key or None)
    letters = await moved_up(ctx, event, before, after, event.seats, concerned)
    await count_later(ctx, event)
    found = roster.of(after, key, event.seats)
    given = next(g for g in _all(found) if g.person == ctx.who)
    waits_at = [
        d
        for k, d in concerned.items()
        if d is not None and not key and roster.of(after, k, event.seats).place(ctx.who)
    ]
    return Outcome(event, when, given, found, tuple(waits_at), tuple(letters))


async def take_out(ctx: Context, event: Event, person: UserId) -> list[Effect]:
    """Delete all answers and shifts of a person who left or is to be forgotten.

    Returns the private messages to the people promoted by it.
    """
    await shift_store.leave(ctx.db, event.item, person)
    before = await kept.answers(ctx.db, event.item)
    return await _gone(ctx, event, before, roster.without(before, person))


async def take_back(ctx: Context, event: Event, person: UserId) -> list[Effect]:
    """Delete a person's answer about all dates and keep those about single dates.

    Returns the private messages to the people promoted by it.
    """
    before = await kept.answers(ctx.db, event.item)
    after = [one for one in before if one.person != person or one.key != EVERY]
    return await _gone(ctx, event, before, after)


async def _gone(
    ctx: Context, event: Event, before: Sequence[Given], after: Sequence[Given]
) -> list[Effect]:
    await kept.change(ctx.db, event.item, before, after)
    await count_later(ctx, event)
    concerned = {EVERY: None, **to_come(event, before, ctx.now)}
    return await moved_up(ctx, event, before, after, event.seats, concerned)


async def forget_past(ctx: Context, event: Event) -> None:
    """Delete the answers about dates of a series that ended over a day ago."""
    answers = await kept.answers(ctx.db, event.item)
    before = ctx.now - timedelta(days=1)
    for key in roster.keys(answers):
        when = date_of(event, datetime.fromisoformat(key))
        if when is None or end_of(event, when) < before:
            await kept.forget_date(ctx.db, event.item, key)


async def count_later(ctx: Context, event: Event) -> None:
    """Schedule one edit of the event's message. Later answers until then share it."""
    if not await ctx.waits(event.item, "counts"):
        await ctx.schedule("counts", ctx.read + TOGETHER, item=event.item, room=event.room)


def key_of(event: Event, when: Date | None) -> str:
    """Return the key under which answers about the date are stored.

    It is `EVERY_DATE` for None and for events with a single date.
    """
    return when.key.isoformat() if when is not None and event.rule is not None else EVERY


def to_come(event: Event, answers: Iterable[Given], now: datetime) -> dict[str, Date]:
    """Return the upcoming dates that have answers of their own, by key."""
    found = {key: date_of(event, datetime.fromisoformat(key)) for key in roster.keys(answers)}
    return {key: when for key, when in sorted(found.items()) if when and when.at > now}


def _guests(event: Event, says: Says, own: Sequence[Given], key: str, asked: int | None) -> int:
    """Return how many guests the person brings. Raises `UserError` if too many."""
    if says is not Says.YES:
        return 0
    if asked is None:
        said = {one.key: one for one in own}
        before = said.get(key) or said.get(EVERY)
        return min(before.guests, event.guests) if before and before.says is Says.YES else 0
    if asked > event.guests == 0:
        raise UserError(
            _("Each person answers for themselves at event {number}.", number=event.item),
            _("To come: `going {number}`", number=event.item),
        )
    if asked > event.guests:
        raise UserError(
            n_(
                "At event {number} each person can bring {count} more.",
                "At event {number} each person can bring {count} more.",
                event.guests,
                number=event.item,
            ),
            _(
                "For example: `going {number} with {count} more`",
                number=event.item,
                count=event.guests,
            ),
        )
    if event.seats is not None and asked + 1 > event.seats:
        raise UserError(
            n_(
                "Event {number} has {count} seat in all.",
                "Event {number} has {count} seats in all.",
                event.seats,
                number=event.item,
            )
        )
    return asked


def _no_room_for_guests(
    event: Event, before: Sequence[Given], concerned: Iterable[str]
) -> tuple[Line, ...]:
    left = min((roster.of(before, key, event.seats).free or 0) for key in concerned)
    return (
        n_(
            'At "{title}" ({number}) {count} seat is left, so I left your answer as it was.',
            'At "{title}" ({number}) {count} seats are left, so I left your answer as it was.',
            max(left, 0),
            title=texts.short(event.title),
            number=event.item,
        ),
    )


def _all(found: Roster) -> tuple[Given, ...]:
    return found.going + found.waiting + found.maybe + found.declined


# --- the waiting list -----------------------------------------------------------------------------


async def moved_up(
    ctx: Context,
    event: Event,
    before: Sequence[Given],
    after: Sequence[Given],
    seats_before: int | None,
    concerned: Iterable[str],
) -> list[Effect]:
    """Return the private messages to the people who got a place by this change.

    They are sent in the same transaction, so each person is told once.
    """
    seats = (seats_before, event.seats)
    found = roster.moved_up(before, after, seats, concerned)
    return await letters_to(ctx, event, after, found)


async def letters_to(
    ctx: Context, event: Event, answers: Sequence[Given], found: Mapping[UserId, Collection[str]]
) -> list[Effect]:
    """Return a private message to each person with the dates (keys) on which they have a place."""
    coming = to_come(event, answers, ctx.read)
    letters: list[Effect] = []
    for person, keys in sorted(found.items()):
        named = [coming[key] for key in sorted(keys) if key in coming]
        waits = [
            when
            for key, when in coming.items()
            if EVERY in keys and roster.of(answers, key, event.seats).place(person)
        ]
        zone = (await ctx.for_person(person)).zone
        letter = _letter(event, person, zone, named, waits, ctx.read, every=EVERY in keys)
        if letter is not None:
            letters.append(letter)
    return letters


def _letter(
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
    following = next((d for d in dates(event, now, 1)), None)
    if following is None or not (every or named):
        return None
    title = {"title": texts.short(event.title), "number": event.item}
    if event.rule is None or not every:
        lines = [_('You have a place at "{title}" ({number}): it is yours already.', **title)]
        shown = [following] if event.rule is None else list(named)
    else:
        lines = [_('You have a place at every date of "{title}" ({number}).', **title)]
        shown = [following]
    lines += [texts.own(event, when, zone) for when in shown[:SHOWN]]
    if len(shown) > SHOWN:
        lines.append(n_("and {count} date more", "and {count} dates more", len(shown) - SHOWN))
    if waits:
        lines.append(still_waiting(event, waits))
    lines += texts.where(event)
    one = shown[0] if not every and len(shown) == 1 and event.rule is not None else None
    lines.append(_pass_on(event, one))
    return Say(tuple(lines), to=person, loud=True, item=event.item, slot=slot_of(event, one))


def still_waiting(event: Event, waits: Sequence[Date]) -> Line:
    """Return the line with the dates on which the person is still on the waiting list."""
    return _(
        "On these dates you are still on the waiting list: {dates}",
        dates=tuple(texts.moment(event, when, with_zone=False) for when in waits[:SHOWN]),
    )


def _pass_on(event: Event, when: Date | None) -> Line:
    if when is None:
        return _(
            "If you can't come, `not going {number}` gives the place to the next person.",
            number=event.item,
        )
    return _(
        "If you can't come, `not going {number} {day}` gives the place to the next person.",
        number=event.item,
        day=day_of(when),
    )


def day_of(when: Date) -> str:
    """Return a date as people type it."""
    return f"{when.start:%d/%m}"


# --- which message is about which date ------------------------------------------------------------


def slot_of(event: Event, when: Date | None) -> str | None:
    """Return the slot that marks a message as being about one date, so a reply is too.

    None for messages about the event as a whole.
    """
    if when is None or event.rule is None:
        return None
    return f"date {when.key.isoformat()} {secrets.token_hex(6)}"


def key_in(slot: str | None) -> datetime | None:
    """Return the key of the date that a message with this slot is about, or None."""
    if slot is None or not slot.startswith("date "):
        return None
    return datetime.fromisoformat(slot.split(" ")[1])


# --- hooks of the other parts ---------------------------------------------------------------------


@knows_who_goes
async def going(ctx: Context, event: Event, when: Date | None) -> list[UserId]:
    """Return the people who go, wait or may come on a date, or on any upcoming one for None."""
    answers = await kept.answers(ctx.db, event.item)
    if when is not None:
        concerned = [key_of(event, when)]
    else:
        concerned = [EVERY, *to_come(event, answers, ctx.now)]
    found: dict[UserId, None] = {}
    for key in concerned:
        one = roster.of(answers, key, event.seats)
        found |= dict.fromkeys(g.person for g in one.going + one.waiting + one.maybe)
    return list(found)


@beside
async def changed(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Apply a change of the event to its answers: move them along, promote people.

    Raises `UserError` if fewer seats would cost somebody their place.
    """
    if before is None or event.cancelled:
        return []
    await _follow_the_dates(ctx, event, before)
    if event.seats == before.seats or next_date(event, ctx.now) is None:
        return []
    answers = await kept.answers(ctx.db, event.item)
    concerned = [EVERY, *to_come(event, answers, ctx.now)]
    if roster.put_out(answers, answers, (before.seats, event.seats), concerned):
        taken = max(roster.of(answers, key, before.seats).taken for key in concerned)
        raise UserError(
            n_(
                "{count} person has a place at event {number} already, and keeps it.",
                "{count} people have a place at event {number} already, and keep it.",
                taken,
                number=event.item,
            ),
            _("The least it can have now: `seats:{count}`", count=taken),
        )
    return await moved_up(ctx, event, answers, answers, before.seats, concerned)


async def _follow_the_dates(ctx: Context, event: Event, before: Event) -> None:
    """Move the answers about single dates along with a series that was moved."""
    if before.rule is None or (event.start == before.start and event.rule == before.rule):
        return
    by = event.start - before.start
    names: list[tuple[str, str | None]] = []
    for old in sorted(roster.keys(await kept.answers(ctx.db, event.item))):
        key = datetime.fromisoformat(old) + by
        stays = event.rule is not None and date_of(event, key) is not None
        names.append((old, key.isoformat() if stays else None))
    await kept.rename_dates(ctx.db, event.item, names)
