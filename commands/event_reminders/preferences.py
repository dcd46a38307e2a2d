"""A person's choices about reminders of events: snooze, turn off, quiet hours."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated

from bot.api import (
    QUIET_WISH,
    SNOOZE,
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    Moment,
    Sentence,
    UserError,
    _,
    dates,
    fold,
    items,
    words,
)
from commands.attendance import date_keys, event_parameters
from commands.event_reminders import delivery, preference_store
from commands.event_reminders.declaration import feature
from commands.event_reminders.delivery import DueReminder
from commands.event_reminders.reminder_times import USUAL_QUIET_HOURS, QuietHours
from commands.events import texts
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import Date, Event, date_with_key, next_date

USUAL_SNOOZE = timedelta(minutes=15)
_ALL_WORDS = frozenset({"todo", "todos", "tudo", "all", "todas", "eventos", "events"})
_NO_WORDS = frozenset({"no", "nao", "off", "ninguna", "nenhum", "none", "nunca"})
_CLOCK = (
    r"(\d{1,2})(?:[:h.](\d\d))?\s?(?:h|hs|horas|am|a\.m\.?|de la manana|da manha)?"
    r"\s?(pm|p\.m\.?|(?:de la|por la|da|at) (?:noche|noite|night))?"
)
_HOURS = re.compile(
    rf"(?:de |das |from |entre )?(?:las )?{_CLOCK}\s*"
    rf"(?:-|–|a(?: las)?|as|ate(?: as)?|hasta(?: las)?|to|until)\s*{_CLOCK}"
)
feature.sentences.append(Sentence(QUIET_WISH, "quiet hours {}"))


# --- snooze ---------------------------------------------------------------------------------------


@feature.offers(SNOOZE.of("event"))
async def snooze_reminder(ctx: Context, item: Item, rest: str) -> Line:
    """Schedule one more private reminder of an event, if it comes before the event begins. Return
    the line that says so.

    Raises `UserError` for people who do not come, or if it would be too late.
    """
    event = await event_parameters.load_event(ctx, item)
    when = await _date_to_snooze(ctx, event)
    if event.cancelled or when is None or when.at <= ctx.said_at:
        raise UserError(
            _(
                '"{title}" ({number}) has begun.',
                title=texts.shorten_title(event.title),
                number=item.number,
            )
        )
    if await delivery.rsvp_of_person(ctx, event, when, ctx.who) is None:
        raise UserError(
            _("I remind of event {number} those who come: `going {number}`", number=item.number)
        )
    at = ctx.said_at + _read_length(rest)
    if at >= when.at:
        raise UserError(
            _(
                '"{title}" ({number}) begins before that: {moment}.',
                title=texts.shorten_title(event.title),
                number=item.number,
                moment=Moment(when.at),
            ),
            _("For example: `snooze 15m`"),
        )
    await delivery.schedule_snoozed(
        ctx, DueReminder(event, when, when.at - at, timedelta(0)), ctx.who, at
    )
    return _(
        'I remind you again of "{title}" ({number}): {moment}.',
        title=texts.shorten_title(event.title),
        number=item.number,
        moment=Moment(at),
    )


async def _date_to_snooze(ctx: Context, event: Event) -> Date | None:
    """Return the date that the message replied to is about, else the next one."""
    slot = await items.slot_of(ctx.db, ctx.origin.reply_to) if ctx.origin.reply_to else None
    key = date_keys.key_of_slot(slot)
    return date_with_key(event, key) if key is not None else next_date(event, ctx.said_at)


def _read_length(rest: str) -> timedelta:
    typed = re.sub(r"^(?:por|for|em|en|in)\s+", "", rest.strip(), flags=re.IGNORECASE)
    if not typed:
        return USUAL_SNOOZE
    if typed.isascii() and typed.isdigit() and 0 < int(typed[:5]) < 10_000:
        return timedelta(minutes=int(typed))
    found = dates.read_duration(typed)
    if found is None:
        raise UserError(
            _("I didn't understand “{words}”.", words=rest[:60]), _("For example: `snooze 15m`")
        )
    return max(found, timedelta(minutes=1))


# --- turning off ----------------------------------------------------------------------------------


async def find_event_or_all(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the event named by number, by words of its title or replied to, and the rest of the
    text; or None and '' if the text means all events. Raises as `event_parameters.find_item`
    does."""
    if fold(text.strip(" .!")) in _ALL_WORDS:
        return None, ""
    return await event_parameters.find_item(ctx, fold(text.strip(" .!")))


EventOrAll = Annotated[Item | None, find_event_or_all]


@feature.command(
    words(
        "sin avisos",
        "sem avisos",
        "no alerts",
        "no avisarme, sin recordatorios | sem lembretes, não me avise | no reminders",
    ),
    help=_("no reminders for you: of one event, or of any"),
    example=_("For example: `!no alerts {number}` or `!no alerts all`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.READS,
)
async def mute_reminders(ctx: Context, item: EventOrAll = None) -> Answer:
    """Turn off the person's reminders of an event or of all events. Return the answer."""
    if item is None:
        await preference_store.mute_event(ctx.db, ctx.who, preference_store.ALL_EVENTS)
        return _("I don't remind you of any event from now on. To go back: `!alerts`")
    await preference_store.mute_event(ctx.db, ctx.who, item.number)
    return _(
        'I don\'t remind you of "{title}" ({number}). To go back: `!alerts {number}`',
        title=texts.shorten_title(item.title),
        number=item.number,
    )


@feature.command(
    words("con avisos", "com avisos", "alerts", "avisarme, con recordatorios | com lembretes"),
    help=_("reminders for you again"),
    example=_("For example: `!alerts {number}` or `!alerts all`", number=57),
    topic=EVENTS_TOPIC,
    of=("event",),
    does=ItemAccess.READS,
)
async def unmute_reminders(ctx: Context, item: EventOrAll = None) -> Answer:
    """Turn the person's reminders of an event or of all events on again. Return the answer."""
    await preference_store.unmute_event(
        ctx.db, ctx.who, item.number if item else preference_store.ALL_EVENTS
    )
    if item is None:
        return _("I remind you of the events you come to.")
    return _(
        'I remind you of "{title}" ({number}) if you come.',
        title=texts.shorten_title(item.title),
        number=item.number,
    )


# --- quiet hours ----------------------------------------------------------------------------------


async def find_quiet_hours(_ctx: Context, text: str) -> tuple[QuietHours | None, str]:
    """Return the first and last hour of a phrase (`22-7`, `from 10pm to 7`), equal ones for
    `no`."""
    said = " ".join(fold(text).split()).strip(" .!")
    if not said:
        return None, ""
    if said in _NO_WORDS:
        return QuietHours(time(0), time(0)), ""
    found = _HOURS.fullmatch(said)
    first, last = (
        (_parse_clock(*found.group(n, n + 1, n + 2)) for n in (1, 4)) if found else (None, None)
    )
    if first is None or last is None:
        raise UserError(
            _("I didn't understand “{words}”.", words=text[:60]),
            _("For example: `!quiet hours 22-7` or `!quiet hours no`"),
        )
    return QuietHours(first, last), ""


@feature.command(
    words("descanso", "descanso", "quiet hours", "horas de silencio | horas de silêncio | quiet"),
    help=_("the hours in which no reminder of an event rings for you"),
    example=_("For example: `!quiet hours 22-7` or `!quiet hours no`"),
    topic=EVENTS_TOPIC,
    does=ItemAccess.READS,
)
async def set_quiet_hours(
    ctx: Context, hours: Annotated[QuietHours | None, find_quiet_hours] = None
) -> Answer:
    """Show, set or remove the hours in which the person wants no reminders, on their own clock.
    Return the answer. Raises `UserError` for hours that can't be read."""
    if hours is None:
        before = await preference_store.chosen_quiet_hours(ctx.db, [ctx.who])
        return list(_quiet_hours_lines(before.get(ctx.who, USUAL_QUIET_HOURS)))
    await preference_store.save_quiet_hours(ctx.db, ctx.who, hours)
    return list(_quiet_hours_lines(hours))


def _quiet_hours_lines(quiet: QuietHours) -> tuple[Line, ...]:
    if quiet.start == quiet.end:
        return (
            _("Reminders of events ring for you at any hour."),
            _("To sleep in peace: `!quiet hours 22-7`"),
        )
    return (
        _(
            "From {start} to {end} on your clock no reminder of an event rings for you; what falls "
            "into those hours comes at their end.",
            start=f"{quiet.start:%H:%M}",
            end=f"{quiet.end:%H:%M}",
        ),
        _("Where the event begins before that, I remind you 15 minutes before it does."),
        _("To change it: `!quiet hours 23-6`. None: `!quiet hours no`"),
    )


def _parse_clock(hour: str, minute: str | None, evening: str | None) -> time | None:
    later = 12 if evening and int(hour) <= 12 else 0
    at = ((int(hour) + later) % 24 if int(hour) <= 24 else 99, int(minute or 0))
    return time(*at) if at[0] < 24 and at[1] < 60 else None
