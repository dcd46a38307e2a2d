"""Remind the people who come or may come to an event in private, on their own clocks.

Each date has one job for each time before it. Reminders go out in waves, so that two thousand
people make no flood. A person in their quiet hours gets a job of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    SETTING_CHANGED,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Moment,
    Number,
    RoomId,
    Say,
    Span,
    UserId,
    _,
)
from commands.attendance import date_keys, roster, rsvp_store, shifts, stored_roster
from commands.attendance.roster import Rsvp
from commands.event_reminders import lead_times, preference_store, reminder_times
from commands.event_reminders.declaration import BELL_JOB, REMIND_JOB, WAVE_JOB, feature
from commands.events import store, texts
from commands.events.event import Date, Event, date_with_key, dates_after, end_of_date
from commands.events.extensions import EVENT_CHANGED, EVENT_TIDIED

LATE_AFTER = timedelta(minutes=5)
"""How late a reminder must be before it mentions the delay."""
WAVE = 200
BETWEEN_WAVES = timedelta(seconds=30)
SPREAD = timedelta(minutes=10)
"""The span over which people whose quiet hours end together are written to."""
LONGEST_MORNING = timedelta(hours=15)
"""More than the time from midnight to the hour at which an all-day event begins."""
MOST_EVENTS = 1000


for table in ("event_reminders_muted", "event_reminders_quiet"):
    feature.rows(table, person="person")


# --- when -----------------------------------------------------------------------------------------


@feature.offers(EVENT_CHANGED)
async def follow_change(ctx: Context, event: Event, _before: Event | None) -> list[Effect]:
    """Schedule the reminders of an event that was created or changed. Returns no effects."""
    await plan_reminders(ctx, event)
    return []


@feature.offers(EVENT_TIDIED)
async def forget_muted(ctx: Context, item: Number) -> None:
    """Delete which people wanted no reminders of an event that is over."""
    await preference_store.forget_muted(ctx.db, item)


async def plan_reminders(ctx: Context, event: Event) -> None:
    """Schedule the next reminders of an event that was created or changed; a cancelled one gets
    none.

    Jobs for dates that were moved notice that when they are due.
    """
    await ctx.cancel_jobs(event.item, REMIND_JOB)
    if not event.cancelled:
        for lead in await lead_times.lead_times(ctx, event):
            await _schedule_next(ctx, event, lead, ctx.said_at)


@feature.offers(SETTING_CHANGED)
async def replan_room(ctx: Context, key: str, room: RoomId) -> None:
    """Schedule the reminders of a room's events anew after the room's setting has changed."""
    if key != lead_times.REMIND.key:
        return
    for event in await store.upcoming_events(ctx.db, room, MOST_EVENTS):
        if event.remind is None:
            await plan_reminders(ctx, event)


async def _schedule_next(ctx: Context, event: Event, lead: timedelta, after: datetime) -> None:
    """Schedule the next reminder that is due `lead` before a date, after the instant `after`."""
    since = after + lead - (LONGEST_MORNING if event.all_day else timedelta(0))
    for when in dates_after(event, since, 3):
        due = reminder_times.counting_start(event, when) - lead
        if due > after:
            await _schedule_reminder(ctx, event, when, lead, due)
            return


async def _schedule_reminder(
    ctx: Context, event: Event, when: Date, lead: timedelta, due: datetime
) -> None:
    await ctx.schedule(
        REMIND_JOB,
        due,
        item=event.item,
        room=event.room,
        zone=event.zone,
        payload=_reminder_payload(DueReminder(event, when, lead, timedelta(0))),
    )


# --- ringing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder that is due. `late` is by how much it was late before this wave."""

    event: Event
    when: Date
    lead: timedelta
    late: timedelta


async def _reminder_of_job(ctx: Context, job: Job) -> DueReminder | None:
    """Return the reminder of a job, or None if the event was cancelled or the date moved.

    Other jobs were scheduled for the moved date.
    """
    event = await store.get_event(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    when = date_with_key(event, datetime.fromisoformat(job.payload["date"]))
    if when is None or when.at.timestamp() != job.payload["begins"]:
        return None
    late = timedelta(seconds=job.payload.get("late", 0))
    return DueReminder(event, when, timedelta(seconds=job.payload["lead"]), late)


@feature.runs(REMIND_JOB)
async def send_first_wave(ctx: Context, job: Job) -> Answer:
    """Remind the first `WAVE` people of an event's date, and schedule the next date of a series.
    Return what to say, if anything.

    Does nothing for a cancelled event, a moved date, or a lead time that the room no longer has.
    Waits longer if the zone's rules have moved the date away.
    """
    event = await store.get_event(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    lead = timedelta(seconds=job.payload["lead"])
    all_leads = await lead_times.lead_times(ctx, event)
    if lead not in all_leads:
        return None  # the room has chosen other times since
    await _schedule_next(ctx, event, lead, ctx.said_at)
    found = await _reminder_of_job(ctx, job)
    if found is None:
        return None
    due = reminder_times.counting_start(event, found.when) - lead
    if ctx.said_at < due:  # the rules of the zone have changed
        await _schedule_reminder(ctx, event, found.when, lead, due)
        return None
    return await _send_wave(ctx, found, "", ctx.said_at - job.due)


@feature.runs(WAVE_JOB)
async def send_next_wave(ctx: Context, job: Job) -> Answer:
    """Remind the next `WAVE` people of an event, in the order of their user ids. Return what to
    say, if anything."""
    found = await _reminder_of_job(ctx, job)
    if found is None:
        return None
    return await _send_wave(ctx, found, job.payload["after"], found.late + (ctx.said_at - job.due))


async def _send_wave(ctx: Context, bell: DueReminder, after: str, late: timedelta) -> list[Effect]:
    answered = await _people_to_remind(ctx, bell)
    everybody = sorted(answered)
    rest = [one for one in everybody if one > after]
    page = rest[:WAVE]
    letters: list[Effect] = []
    for person, at in await _delivery_times(ctx, bell, page):
        if at > ctx.said_at:
            wait = BETWEEN_WAVES * ((len(everybody) - len(rest)) // WAVE)
            await _schedule_for_person(ctx, bell, person, at + min(wait, SPREAD))
        elif letter := await _reminder_message(ctx, bell, person, answered[person], late):
            letters.append(letter)
    if len(rest) > len(page):
        await ctx.schedule(
            WAVE_JOB,
            ctx.said_at + BETWEEN_WAVES,
            item=bell.event.item,
            room=bell.event.room,
            payload=_reminder_payload(bell),
            after=page[-1],
            late=int(late.total_seconds()),
        )
    return letters


async def _delivery_times(
    ctx: Context, bell: DueReminder, page: Sequence[UserId]
) -> list[tuple[UserId, datetime]]:
    """Return when the reminder reaches each of these people (UTC).

    People who want none are left out, and those whom a later reminder reaches at the same moment.
    """
    silent = await preference_store.muted_people(ctx.db, bell.event.item, page)
    hours = await preference_store.chosen_quiet_hours(ctx.db, page)
    all_leads = await lead_times.lead_times(ctx, bell.event)
    start = reminder_times.counting_start(bell.event, bell.when)
    found: list[tuple[UserId, datetime]] = []
    for person in page:
        zone = (await ctx.policy_of_person(person)).zone
        at = reminder_times.reminder_time(
            start, all_leads, bell.lead, hours.get(person, reminder_times.USUAL_QUIET_HOURS), zone
        )
        if at is not None and person not in silent:
            found.append((person, at))
    return found


def _reminder_payload(bell: DueReminder) -> dict[str, Any]:
    """Return the part of a job's payload that identifies the reminder."""
    return {
        "date": bell.when.key.isoformat(),
        "begins": bell.when.at.timestamp(),
        "lead": int(bell.lead.total_seconds()),
    }


async def _people_to_remind(ctx: Context, bell: DueReminder) -> dict[UserId, Rsvp]:
    """Return the people who go or may go to the date, with their answers."""
    found = await stored_roster.load_roster(ctx, bell.event, bell.when)
    return {one.person: one.says for one in found.going + found.maybe}


async def rsvp_of_person(ctx: Context, event: Event, when: Date, person: UserId) -> Rsvp | None:
    """Return the person's answer about the event's date.

    None for somebody on the waiting list, who has no place yet.
    """
    key = date_keys.answer_key(event, when)
    own = {one.key: one for one in await rsvp_store.answers_of_person(ctx.db, event.item, person)}
    found = own.get(key) or own.get(roster.EVERY_DATE)
    if found is None or found.says is not Rsvp.YES or event.seats is None:
        return found.says if found else None
    answers = await rsvp_store.load_answers(ctx.db, event.item)
    return Rsvp.YES if roster.build_roster(answers, key, event.seats).has_place(person) else None


async def schedule_snoozed(ctx: Context, bell: DueReminder, person: UserId, at: datetime) -> None:
    """Schedule the reminder for one person who snoozed it, whatever other reminders are due."""
    await _schedule_for_person(ctx, bell, person, at, again=True)


async def _schedule_for_person(
    ctx: Context, bell: DueReminder, person: UserId, at: datetime, *, again: bool = False
) -> None:
    await ctx.schedule(
        BELL_JOB,
        at,
        item=bell.event.item,
        room=bell.event.room,
        person=person,
        payload=_reminder_payload(bell),
        again=again,
    )


@feature.runs(BELL_JOB)
async def send_to_person(ctx: Context, job: Job) -> Answer:
    """Send a reminder of an event to one person, after their quiet hours or after a snooze. Return
    what to say, if anything."""
    bell, person = await _reminder_of_job(ctx, job), job.person
    if bell is None or person is None:
        return None
    again = bool(job.payload.get("again"))
    if not again and person in await preference_store.muted_people(
        ctx.db, bell.event.item, [person]
    ):
        return None
    said = await rsvp_of_person(ctx, bell.event, bell.when, person)
    return await _reminder_message(ctx, bell, person, said, ctx.said_at - job.due)


async def _reminder_message(
    ctx: Context, bell: DueReminder, person: UserId, said: Rsvp | None, late: timedelta
) -> Say | None:
    """Return the private reminder, or None.

    None after the end of the date, or if a later reminder has become due as well.
    """
    event, when = bell.event, bell.when
    start = reminder_times.counting_start(event, when)
    overtaken = any(
        one < bell.lead and start - one <= ctx.said_at
        for one in await lead_times.lead_times(ctx, event)
    )
    if ctx.said_at >= end_of_date(event, when) or overtaken:
        return None
    if said not in (Rsvp.YES, Rsvp.MAYBE):
        return None
    lines = [
        *_head_lines(event, when, start, ctx.said_at, late),
        *texts.place_lines(event),
        *await shifts.own_shift_lines(ctx, event, when, person),
    ]
    if ctx.said_at < start:
        lines += _next_steps(event, said)
    slot = date_keys.date_slot(event, when)
    return Say(tuple(lines), to=person, loud=True, item=event.item, slot=slot)


def _next_steps(event: Event, said: Rsvp) -> list[Line]:
    if said is Rsvp.MAYBE:
        return [
            _(
                "You said maybe. For sure? `going {number}`, or `not going {number}`",
                number=event.item,
            )
        ]
    return [
        _(
            "Again in 15 min: `snooze {number} 15m`. If you can't come: `not going {number}`",
            number=event.item,
        )
    ]


def _head_lines(
    event: Event, when: Date, start: datetime, now: datetime, late: timedelta
) -> list[Line]:
    """Return the lines that say which event it is, how soon it begins, and any delay."""
    named = {"title": texts.shorten_title(event.title), "number": event.item}
    moment = (
        texts.date_line(event, when) if event.all_day else _("{moment}", moment=Moment(when.at))
    )
    lines = []
    if late > LATE_AFTER:
        lines.append(_("Late by {span}, because I was away:", span=Span(late)))
    if now >= start:
        began = Span(now - start)
        lines.append(
            _('"{title}" ({number}) began {span} ago: {moment}', span=began, moment=moment, **named)
        )
    elif event.all_day:
        lines.append(_('"{title}" ({number}): {moment}', moment=moment, **named))
    else:
        lines.append(
            _(
                '"{title}" ({number}) begins in {span}: {moment}',
                span=Span(start - now),
                moment=moment,
                **named,
            )
        )
    return lines
