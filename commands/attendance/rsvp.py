"""Apply an answer to an event: store it, and promote people from the waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api import Context, Effect, Line, UserError, UserId, _, n_
from commands.attendance import date_keys, roster, rsvp_store, shift_store
from commands.attendance.declaration import COUNTS_JOB
from commands.attendance.place_messages import promotion_messages
from commands.attendance.roster import EVERY_DATE, GivenAnswer, Roster, Rsvp
from commands.events import texts
from commands.events.event import Date, Event, date_with_key, end_of_date, next_date

COUNT_DELAY = timedelta(seconds=30)
"""How long answers are gathered before the event's message is edited."""
COUNT_DELAY_OF_ROOM = timedelta(seconds=5)
"""The same for each other room: a job edits eight in a second, so it rests most of the time."""


@dataclass(frozen=True, slots=True)
class RsvpOutcome:
    """The result of an answer. `waits_at` holds the dates on which the person must wait.

    `roster` is that of the date or of all dates; without a limit of seats it has this person alone.
    `letters` are the private messages to the people promoted by it.
    """

    event: Event
    when: Date | None
    given: GivenAnswer
    roster: Roster
    waits_at: tuple[Date, ...]
    letters: tuple[Effect, ...]


async def save_answer(
    ctx: Context, event: Event, says: Rsvp, when: Date | None, guests: int | None = None
) -> RsvpOutcome:
    """Store whether `ctx.who` comes to a date of an event, or to all its dates for None, and return
    what came of it.

    Raises `UserError` if there are too many guests or no seats left for them.
    """
    key = date_keys.answer_key(event, when)
    own = await rsvp_store.answers_of_person(ctx.db, event.item, ctx.who)
    brings = _check_guests(event, says, own, key, guests)
    before = own if event.seats is None else await rsvp_store.load_answers(ctx.db, event.item)
    coming = date_keys.upcoming_dates(event, before, ctx.said_at)
    place = await rsvp_store.next_order(ctx.db, event.item)
    after = roster.add_answer(before, GivenAnswer(ctx.who, key, says, brings, place), coming)
    concerned = {key: when} if key else {EVERY_DATE: None, **coming}
    if roster.displaced_people(before, after, (event.seats, event.seats), concerned):
        raise UserError(*_no_room_lines(event, before, concerned))
    await rsvp_store.save_changes(ctx.db, event.item, before, after)
    if says is Rsvp.NO:
        await shift_store.delete_taken(ctx.db, event.item, ctx.who, key or None)
    letters = await promotion_messages(ctx, event, before, after, event.seats, concerned)
    await schedule_count(ctx, event)
    found = roster.build_roster(after, key, event.seats)
    given = next(g for g in _all_answers(found) if g.person == ctx.who)
    waits_at = [
        d
        for k, d in concerned.items()
        if d is not None
        and not key
        and roster.build_roster(after, k, event.seats).waiting_number(ctx.who)
    ]
    return RsvpOutcome(event, when, given, found, tuple(waits_at), tuple(letters))


async def remove_person(ctx: Context, event: Event, person: UserId) -> list[Effect]:
    """Delete all answers and shifts at an event of a person who left or is to be forgotten.

    Returns the private messages to the people who get a place by it.
    """
    await shift_store.delete_taken(ctx.db, event.item, person)
    before = await rsvp_store.load_answers(ctx.db, event.item)
    return await _save_removal(ctx, event, before, roster.remove_answers_of(before, person))


async def withdraw_answer(ctx: Context, event: Event, person: UserId) -> list[Effect]:
    """Delete a person's answer about all dates of an event and keep those about single dates.

    Returns the private messages to the people who get a place by it.
    """
    before = await rsvp_store.load_answers(ctx.db, event.item)
    after = [one for one in before if one.person != person or one.key != EVERY_DATE]
    return await _save_removal(ctx, event, before, after)


async def _save_removal(
    ctx: Context, event: Event, before: Sequence[GivenAnswer], after: Sequence[GivenAnswer]
) -> list[Effect]:
    await rsvp_store.save_changes(ctx.db, event.item, before, after)
    await schedule_count(ctx, event)
    concerned = {EVERY_DATE: None, **date_keys.upcoming_dates(event, before, ctx.said_at)}
    return await promotion_messages(ctx, event, before, after, event.seats, concerned)


async def forget_past_answers(ctx: Context, event: Event) -> None:
    """Delete the answers about dates of a series that ended over a day ago."""
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    before = ctx.said_at - timedelta(days=1)
    for key in roster.answered_keys(answers):
        when = date_with_key(event, datetime.fromisoformat(key))
        if when is None or end_of_date(event, when) < before:
            await rsvp_store.forget_date(ctx.db, event.item, key)


async def schedule_count(ctx: Context, event: Event) -> None:
    """Schedule one edit of the event's message with the new counts. Later answers until then share
    it."""
    if not await ctx.has_job(event.item, COUNTS_JOB):
        delay = max(COUNT_DELAY, COUNT_DELAY_OF_ROOM * len(event.others))
        await ctx.schedule(COUNTS_JOB, ctx.now + delay, item=event.item, room=event.room)


def _check_guests(
    event: Event, says: Rsvp, own: Sequence[GivenAnswer], key: str, asked: int | None
) -> int:
    """Return how many guests the person brings. Raises `UserError` if too many."""
    if says is not Rsvp.YES:
        return 0
    if asked is None:
        said = {one.key: one for one in own}
        before = said.get(key) or said.get(EVERY_DATE)
        return min(before.guests, event.guests) if before and before.says is Rsvp.YES else 0
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


def _no_room_lines(
    event: Event, before: Sequence[GivenAnswer], concerned: Iterable[str]
) -> tuple[Line, ...]:
    left = min((roster.build_roster(before, key, event.seats).free or 0) for key in concerned)
    return (
        n_(
            'At "{title}" ({number}) {count} seat is left, so I left your answer as it was.',
            'At "{title}" ({number}) {count} seats are left, so I left your answer as it was.',
            max(left, 0),
            title=texts.shorten_title(event.title),
            number=event.item,
        ),
    )


def _all_answers(found: Roster) -> tuple[GivenAnswer, ...]:
    return found.going + found.waiting + found.maybe + found.declined


# --- for the other parts --------------------------------------------------------------------------


async def expected_people(ctx: Context, event: Event, when: Date | None = None) -> list[UserId]:
    """Return the people who come, may come or wait, at a date of the event, or at any upcoming one
    for None."""
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    if when is not None:
        concerned = [date_keys.answer_key(event, when)]
    else:
        concerned = [EVERY_DATE, *date_keys.upcoming_dates(event, answers, ctx.said_at)]
    found: dict[UserId, None] = {}
    for key in concerned:
        one = roster.build_roster(answers, key, event.seats)
        found |= dict.fromkeys(g.person for g in one.going + one.waiting + one.maybe)
    return list(found)


async def apply_change(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Update the answers about an event that was changed: move them along, and give freed places to
    who waits. Return what to send.

    Raises `UserError` if fewer seats would cost somebody their place.
    """
    if before is None or event.cancelled:
        return []
    await _move_answers(ctx, event, before)
    if event.seats == before.seats or next_date(event, ctx.said_at) is None:
        return []
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    concerned = [EVERY_DATE, *date_keys.upcoming_dates(event, answers, ctx.said_at)]
    if roster.displaced_people(answers, answers, (before.seats, event.seats), concerned):
        taken = max(roster.build_roster(answers, key, before.seats).taken for key in concerned)
        raise UserError(
            n_(
                "{count} person has a place at event {number} already, and keeps it.",
                "{count} people have a place at event {number} already, and keep it.",
                taken,
                number=event.item,
            ),
            _("The least it can have now: `seats:{count}`", count=taken),
        )
    return await promotion_messages(ctx, event, answers, answers, before.seats, concerned)


async def _move_answers(ctx: Context, event: Event, before: Event) -> None:
    """Move the answers about single dates along with a series that was moved."""
    if before.rule is None or (event.start == before.start and event.rule == before.rule):
        return
    by = event.start - before.start
    names: list[tuple[str, str | None]] = []
    for old in sorted(roster.answered_keys(await rsvp_store.load_answers(ctx.db, event.item))):
        key = datetime.fromisoformat(old) + by
        stays = event.rule is not None and date_with_key(event, key) is not None
        names.append((old, key.isoformat() if stays else None))
    await rsvp_store.rename_dates(ctx.db, event.item, names)
