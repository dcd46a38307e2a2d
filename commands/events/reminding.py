"""Reminders of events: in private to those who come or may come, each on their own clock.

A date has one job for each time before it. It rings in waves, so that two thousand people make no
flood; whoever is in their quiet hours gets a job of their own (`commands/events/bells.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Moment,
    RoomId,
    Say,
    Setting,
    Span,
    Unfit,
    UserId,
    _,
    bare,
    dates,
    words,
)
from commands.events import attending, bells, roster, say, shifts, store
from commands.events import attending_store as kept
from commands.events import quiet_store as quiet
from commands.events.base import beside, feature, when_chosen
from commands.events.event import Date, Event, date_of, end_of
from commands.events.event import dates as dates_of
from commands.events.roster import Says

LATE = timedelta(minutes=5)
"""What rings later than this says so."""
WAVE = 200
BETWEEN_WAVES = timedelta(seconds=30)
SPREAD = timedelta(minutes=10)
"""Those whose night ends at the same time are not all written to at once."""
A_MORNING = timedelta(hours=15)
"""Longer than from midnight to when a day without an hour is taken to begin."""
MOST_EVENTS = 1000
MOST = 5
"""So many reminders of one date."""
LONGEST = timedelta(days=60)
_OFF = frozenset({"no", "nao", "nunca", "never", "off", "0"})


@dataclass(frozen=True, slots=True)
class Leads:
    """How long before an event people are reminded: some lengths of time, or never."""

    def read(self, typed: str) -> str:
        if bare(typed) in _OFF:
            return ""
        found = leads(typed)
        if found is None:
            raise Unfit(_("up to {count} times such as `1d, 2h`; or `no`", count=MOST), "1d, 1h")
        return ",".join(str(int(one.total_seconds())) for one in found)

    def show(self, kept: str) -> Line:
        if not kept:
            return _("no")
        return _("{lengths}", lengths=tuple(Span(one) for one in stored(kept)))


def leads(typed: str) -> tuple[timedelta, ...] | None:
    """`1d, 1h` or `2 horas y 15 min antes`, the longest first; None if it can't be read."""
    spoken = " ".join(typed[:200].split())
    parts = [part.strip() for part in re.split(r"[,;/]| [ye] | and ", spoken) if part.strip()]
    found = {dates.duration(re.sub(r" (?:antes|before)$", "", one, flags=re.I)) for one in parts}
    if not found or None in found or len(found) > MOST:
        return None
    lengths = sorted((one for one in found if one is not None), reverse=True)
    return tuple(lengths) if lengths[0] <= LONGEST else None


def stored(kept_: str) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=int(one)) for one in kept_.split(",") if one)


REMIND = Setting(
    "event_reminders",
    words("avisos-de-eventos", "avisos-de-eventos", "event-reminders", "recordatorio, lembrete"),
    Leads(),
    "86400,3600",
    _("How long before an event I remind in private those who come."),
)
feature.settings.append(REMIND)


async def leads_of(ctx: Context, event: Event) -> tuple[timedelta, ...]:
    """The event's own times, else the room's; the longest first."""
    if event.remind is not None:
        return tuple(sorted(event.remind, reverse=True))
    return stored(await ctx.setting(REMIND, event.room))


# --- when -----------------------------------------------------------------------------------------


@beside
async def plan(ctx: Context, event: Event, before: Event | None) -> list[Effect]:
    """Wait for the next reminders of an event that was made or changed; of a cancelled one none.

    What was to ring for dates that were moved finds that out when it is due.
    """
    await ctx.call_off(event.item, "remind")
    if not event.cancelled:
        for lead in await leads_of(ctx, event):
            await _wait(ctx, event, lead, ctx.now)
    return []


@when_chosen
async def chosen(ctx: Context, key: str, room: RoomId) -> None:
    """The room chose other times: they hold for what is made already, too."""
    if key != REMIND.key:
        return
    for event in await store.coming(ctx.db, room, MOST_EVENTS):
        if event.remind is None:
            await plan(ctx, event, event)


async def _wait(ctx: Context, event: Event, lead: timedelta, after: datetime) -> None:
    """Until the next time that is this long before a date."""
    since = after + lead - (A_MORNING if event.all_day else timedelta(0))
    for when in dates_of(event, since, 3):
        due = bells.begins(event, when) - lead
        if due > after:
            await _schedule(ctx, event, when, lead, due)
            return


async def _schedule(ctx: Context, event: Event, when: Date, lead: timedelta, due: datetime) -> None:
    await ctx.schedule(
        "remind",
        due,
        item=event.item,
        room=event.room,
        zone=event.zone,
        **_named(Bell(event, when, lead, timedelta(0))),
    )


# --- ringing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bell:
    """What a job rings for. `late`: by how much it was late before this wave."""

    event: Event
    when: Date
    lead: timedelta
    late: timedelta


async def _of(ctx: Context, job: Job) -> Bell | None:
    """None where the event was cancelled, or its date moved: other jobs ring for that."""
    event = await store.get(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    when = date_of(event, datetime.fromisoformat(job.payload["date"]))
    if when is None or when.at.timestamp() != job.payload["begins"]:
        return None
    late = timedelta(seconds=job.payload.get("late", 0))
    return Bell(event, when, timedelta(seconds=job.payload["lead"]), late)


@feature.job("remind")
async def remind(ctx: Context, job: Job) -> Answer:
    """The first wave of a reminder; the series goes on with the one of its next date."""
    event = await store.get(ctx.db, job.item) if job.item is not None else None
    if event is None or event.cancelled:
        return None
    lead = timedelta(seconds=job.payload["lead"])
    all_leads = await leads_of(ctx, event)
    if lead not in all_leads:
        return None  # the room chose other times since
    await _wait(ctx, event, lead, ctx.now)
    found = await _of(ctx, job)
    if found is None:
        return None
    due = bells.begins(event, found.when) - lead
    if ctx.now < due:  # the rules of the zone have changed
        await _schedule(ctx, event, found.when, lead, due)
        return None
    return await _wave(ctx, found, "", ctx.now - job.due)


@feature.job("wave")
async def wave(ctx: Context, job: Job) -> Answer:
    """Those who come after the last one of the wave before."""
    found = await _of(ctx, job)
    if found is None:
        return None
    return await _wave(ctx, found, job.payload["after"], found.late + (ctx.now - job.due))


async def _wave(ctx: Context, bell: Bell, after: str, late: timedelta) -> list[Effect]:
    answered = await _concerned(ctx, bell)
    everybody = sorted(answered)
    rest = [one for one in everybody if one > after]
    page = rest[:WAVE]
    letters: list[Effect] = []
    for person, at in await _bells(ctx, bell, page):
        if at > ctx.now:
            wait = BETWEEN_WAVES * ((len(everybody) - len(rest)) // WAVE)
            await _later(ctx, bell, person, at + min(wait, SPREAD))
        elif letter := await _letter(ctx, bell, person, answered[person], late):
            letters.append(letter)
    if len(rest) > len(page):
        await ctx.schedule(
            "wave",
            ctx.now + BETWEEN_WAVES,
            item=bell.event.item,
            room=bell.event.room,
            **_named(bell),
            after=page[-1],
            late=int(late.total_seconds()),
        )
    return letters


async def _bells(ctx: Context, bell: Bell, page: Sequence[UserId]) -> list[tuple[UserId, datetime]]:
    """When it rings for each of these; not for who wants none, nor where a later one will do."""
    silent = await quiet.muted(ctx.db, bell.event.item, page)
    hours = await quiet.hours(ctx.db, page)
    all_leads = await leads_of(ctx, bell.event)
    start = bells.begins(bell.event, bell.when)
    found: list[tuple[UserId, datetime]] = []
    for person in page:
        zone = (await ctx.for_person(person)).zone
        at = bells.bell(start, all_leads, bell.lead, hours.get(person, bells.NIGHT), zone)
        if at is not None and person not in silent:
            found.append((person, at))
    return found


def _named(bell: Bell) -> dict[str, Any]:
    """In a job's payload: which bell."""
    return {
        "date": bell.when.key.isoformat(),
        "begins": bell.when.at.timestamp(),
        "lead": int(bell.lead.total_seconds()),
    }


async def _concerned(ctx: Context, bell: Bell) -> dict[UserId, Says]:
    """Who goes or may go to the date. Read once for a wave: it is all the answers."""
    answers = await kept.answers(ctx.db, bell.event.item)
    found = roster.of(answers, attending.key_of(bell.event, bell.when), bell.event.seats)
    return {one.person: one.says for one in found.going + found.maybe}


async def says(ctx: Context, event: Event, when: Date, person: UserId) -> Says | None:
    """What the person said of the date: who waits for a place has said nothing yet."""
    key = attending.key_of(event, when)
    own = {one.key: one for one in await kept.of_person(ctx.db, event.item, person)}
    found = own.get(key) or own.get(roster.EVERY)
    if found is None or found.says is not Says.YES or event.seats is None:
        return found.says if found else None
    answers = await kept.answers(ctx.db, event.item)
    return Says.YES if roster.of(answers, key, event.seats).goes(person) else None


async def later(ctx: Context, bell: Bell, person: UserId, at: datetime) -> None:
    """They put it off: it rings then, whatever else rings."""
    await _later(ctx, bell, person, at, again=True)


async def _later(
    ctx: Context, bell: Bell, person: UserId, at: datetime, *, again: bool = False
) -> None:
    await ctx.schedule(
        "bell",
        at,
        item=bell.event.item,
        room=bell.event.room,
        person=person,
        **_named(bell),
        again=again,
    )


@feature.job("bell")
async def one_bell(ctx: Context, job: Job) -> Answer:
    """A reminder for one person: after their night, or put off by themselves."""
    bell, person = await _of(ctx, job), job.person
    if bell is None or person is None:
        return None
    again = bool(job.payload.get("again"))
    if not again and person in await quiet.muted(ctx.db, bell.event.item, [person]):
        return None
    said = await says(ctx, bell.event, bell.when, person)
    return await _letter(ctx, bell, person, said, ctx.now - job.due)


async def _letter(
    ctx: Context, bell: Bell, person: UserId, said: Says | None, late: timedelta
) -> Say | None:
    """What is said. Where one set later has come due too it says it all; after the end nothing."""
    event, when = bell.event, bell.when
    start = bells.begins(event, when)
    overtaken = any(
        one < bell.lead and start - one <= ctx.now for one in await leads_of(ctx, event)
    )
    if ctx.now >= end_of(event, when) or overtaken:
        return None
    if said not in (Says.YES, Says.MAYBE):
        return None
    lines = [
        *_head(event, when, start, ctx.now, late),
        *say.where(event),
        *await shifts.mine(ctx, event, when, person),
    ]
    if ctx.now < start:
        lines += _next_steps(event, said)
    slot = attending.slot_of(event, when)
    return Say(tuple(lines), to=person, loud=True, item=event.item, slot=slot)


def _next_steps(event: Event, said: Says) -> list[Line]:
    if said is Says.MAYBE:
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


def _head(event: Event, when: Date, start: datetime, now: datetime, late: timedelta) -> list[Line]:
    """Which event, and how soon; where it comes late, by how much."""
    named = {"title": say.short(event.title), "number": event.item}
    moment = say.moment(event, when) if event.all_day else _("{moment}", moment=Moment(when.at))
    lines = []
    if late > LATE:
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
            _('"{title}" ({number}) begins in {span}: {moment}', span=Span(start - now),
              moment=moment, **named)
        )  # fmt: skip
    return lines
