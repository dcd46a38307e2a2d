"""`!remind` and `!reminders`: reminders for a room or for oneself, once or repeatedly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import (
    CANCEL,
    FIRST_PAGE,
    PENDING_OF_KIND,
    ROOM_CLOSES,
    SUMMARY,
    Answer,
    Behind,
    Context,
    Day,
    Effect,
    Item,
    ItemAccess,
    Line,
    MissingArgument,
    Moment,
    Page,
    Reach,
    RoomId,
    UserError,
    _,
    choice_of,
    dates,
    items,
    shorten_line,
    words,
)
from commands.reminders import (
    departure,
    reminder_parser,
    reminder_store,
    ringing_jobs,
    services,
    snooze_command,
)
from commands.reminders.declaration import (
    DEFAULT_TIME,
    REMINDERS,
    RING_JOB,
    answer_about,
    feature,
    require_not_too_far,
    with_default_time,
)
from commands.reminders.reminder_store import Reminder

__all__ = ["departure", "feature", "ringing_jobs", "services", "snooze_command"]

PAGE_LINES = 15
LONGEST_TEXT = 1000
MOST_REMINDERS = 200
SUMMARY_PERIOD = timedelta(days=30)
SUMMARY_LINES = 5
"""How many reminders the summary for newcomers names."""


# --- making one -----------------------------------------------------------------------------------


@feature.command(  # Time, rhythm and text are one sentence: `reminder_parser` reads it.
    words(
        "recordar",
        "lembrar",
        "remind",
        "recuérdame, recuérdanos, recordarme, recuerda, recordatorio, avísame | "
        "me lembra, me lembre, nos lembra, lembra, lembrete, me avisa, me avise | "
        "remind me, reminder, let me know",
    ),
    help=_("remind the room, or in private only you; `every …` repeats"),
    example=_("For example: `!remind tomorrow 17:00; bring the banner`"),
    topic=REMINDERS,
    reach=Reach.ROOM,
    behind=Behind.BEGINNING,
)
async def remind(ctx: Context, *, text: str) -> Answer:
    """Set a reminder: a date or rhythm and words, in either order. Return the answer.

    A day without an hour rings at 9:00.
    """
    when, phrase, what = await _read_reminder(ctx, text)
    await _check_limits(ctx, what)
    number = await ctx.add_item("reminder", what)
    rule = when if isinstance(when, dates.Recurrence) else None
    first = rule.first if rule else when
    assert isinstance(first, dates.ZonedTime)
    one = Reminder(
        number,
        what,
        ctx.is_private,
        ctx.origin.thread,
        first.at,
        first.zone,
        rule.rule if rule else None,
        rule.start if rule else None,
        phrase if rule else None,
    )
    await reminder_store.put_reminder(ctx.db, one)
    await ctx.schedule(RING_JOB, one.due, item=number, person=ctx.who, zone=one.zone)
    return answer_about(ctx, one, *_confirmation_lines(one))


async def _check_limits(ctx: Context, what: str) -> None:
    if len(what) > LONGEST_TEXT:
        raise UserError(
            _("That is too long for a reminder: {count} letters at most.", count=LONGEST_TEXT)
        )
    if (
        not ctx.defaults.unlimited
        and await reminder_store.count_open(ctx.db, ctx.who) >= MOST_REMINDERS
    ):
        raise UserError(
            _(
                "You have {count} open reminders; that is all I keep for one person.",
                count=MOST_REMINDERS,
            ),
            _(
                "To see them: `!reminders`. To remove one: `!cancel {number}`",
                number=await ctx.example_number(feature.name),
            ),
        )


async def _read_reminder(
    ctx: Context, text: str
) -> tuple[dates.ZonedTime | dates.Recurrence, str, str]:
    """Return when, the phrase that says so, and the text. Raises `MissingArgument`."""
    later = ctx.answers.get("part:when")
    found = reminder_parser.read_reminder(later or text, ctx.said_at, ctx.policy.zone)
    if found is None:
        if reminder_parser.asks_for_minutes(text):
            raise UserError(
                _("I don't ring more often than once an hour."),
                _("For example: `!remind every 2 hours; drink water`"),
            )
        raise MissingArgument("when", _("the date"))
    if later is not None:
        before = reminder_parser.read_reminder(text, ctx.said_at, ctx.policy.zone)
        what = (
            before.text
            if before
            else reminder_parser.strip_quotes(reminder_parser.strip_linking_word(text))
        )
    else:
        what = found.text
    when = _choose_time(ctx, found)
    if later is None and found.number and not isinstance(found.when, reminder_parser.ReadSeries):
        chosen = ctx.choose_reading(found.phrase, found.when)
        what = what.removeprefix(found.number).strip() if chosen.has_time else what
    what = what or ctx.answers.get("part:what", "")
    if not what.strip(' "'):
        raise MissingArgument("what", _("what to remind of"))
    return when, found.phrase, what


def _choose_time(
    ctx: Context, found: reminder_parser.ReadReminder
) -> dates.ZonedTime | dates.Recurrence:
    """Return the date or series that is meant, with an hour, and not too far away."""
    if isinstance(found.when, reminder_parser.ReadSeries):
        chosen = _choose_series(ctx, found.when)
        if not chosen.has_time:
            chosen = _series_at_nine(chosen)
        if chosen.first.at <= ctx.said_at:  # today's time is over: begin at the next one
            chosen = _start_at_next(chosen, ctx.said_at)
        require_not_too_far(ctx, chosen.first.at)
        return chosen
    when = ctx.choose_reading(found.phrase, found.when)
    if not when.has_time:
        when = with_default_time(when)
        if when.at <= ctx.said_at:
            raise MissingArgument("when", _("the hour"))
    require_not_too_far(ctx, when.at)
    return when


def _choose_series(ctx: Context, found: reminder_parser.ReadSeries) -> dates.Recurrence:
    """Return the series that is meant.

    Stores the options, so that a later answer chooses among the same.
    """
    if len(found.options) == 1:
        return found.options[0]
    rows = [(o.rule, o.start.isoformat(), o.zone, o.has_time) for o in found.options]
    kept = json.loads(ctx.answers.setdefault("series", json.dumps(rows)))
    options = [dates.Recurrence(r, datetime.fromisoformat(s), z, t) for r, s, z, t in kept]
    shown = tuple(
        _("{n}) {moment}", n=n, moment=(Moment if o.has_time else Day)(o.first.at, o.zone))
        for n, o in enumerate(options, start=1)
    )
    answer = ctx.ask(
        "which series",
        choice_of(len(options), walls=[o.first.wall for o in options]),
        _("When is the first one? {options}", options=shown),
        _("Answer with the number."),
    )
    return options[int(answer) - 1]


def _series_at_nine(one: dates.Recurrence) -> dates.Recurrence:
    start = datetime.combine(one.start.date(), DEFAULT_TIME)
    return dates.Recurrence(one.rule, start, one.zone, True)


def _start_at_next(one: dates.Recurrence, now: datetime) -> dates.Recurrence:
    following = dates.next_after(one.rule, one.start, one.zone, now)
    if following is None:
        raise UserError(_('No time to come is left in "{words}".', words=one.rule))
    return dates.Recurrence(one.rule, following.wall, one.zone, True)


def _confirmation_lines(one: Reminder) -> list[Line]:
    lines = [
        _(
            'Reminder {number}: {moment}, "{text}". To remove it: `!cancel {number}`',
            number=one.item,
            moment=Moment(one.due, one.zone),
            text=one.title,
        )
    ]
    if one.phrase:
        lines.append(_("It repeats: {rhythm}.", rhythm=one.phrase))
    return lines


# --- lists, taking back ---------------------------------------------------------------------------


@feature.command(
    words(
        "recordatorios",
        "lembretes",
        "reminders",
        "mis recordatorios | meus lembretes | my reminders",
    ),
    help=_("the reminders to come"),
    example=_("For example: `!reminders`"),
    topic=REMINDERS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_reminders(ctx: Context, page: Page = FIRST_PAGE) -> Answer:
    """List the room's reminders; in private, the asker's own of every room. Return the answer."""
    found = (
        await reminder_store.open_reminders_of(ctx.db, ctx.who)
        if ctx.is_private
        else await reminder_store.open_reminders_in(ctx.db, ctx.room, ctx.who)
    )
    first = (page - 1) * PAGE_LINES
    lines = [_reminder_line(one) for one in found[first : first + PAGE_LINES]]
    if not lines:
        return [
            _("No reminder waits here."),
            _("For example: `!remind tomorrow 17:00; bring the banner`"),
        ]
    more = len(found) - first - PAGE_LINES
    if more > 0:
        lines.append(_("{count} more: `!reminders {page}`", count=more, page=page + 1))
    return lines


def _reminder_line(one: Reminder) -> Line:
    shown = shorten_line(one.title, 60)
    moment = Moment(one.due, one.zone)
    if one.phrase:
        return _(
            '{number}: {moment}, "{text}" ({rhythm})',
            number=one.item,
            moment=moment,
            text=shown,
            rhythm=one.phrase,
        )
    return _('{number}: {moment}, "{text}"', number=one.item, moment=moment, text=shown)


@feature.offers(PENDING_OF_KIND.of("reminder"))
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with the room's reminders, without other people's private ones."""
    return [
        _("Reminder {line}", line=_reminder_line(one))
        for one in await reminder_store.open_reminders_in(ctx.db, room, ctx.who)
    ]


@feature.offers(SUMMARY)
async def summary_lines(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return lines with the next reminders of these rooms within a month, at most
    `SUMMARY_LINES`."""
    found = await reminder_store.upcoming_reminders(
        ctx.db, places, ctx.now + SUMMARY_PERIOD, SUMMARY_LINES
    )
    return [_("Reminders to come:"), *map(_reminder_line, found)] if found else []


@feature.offers(CANCEL.of("reminder"))
async def cancel_reminder(ctx: Context, item: Item) -> Line:
    """Cancel a reminder with all its later times. Return the line that says so, or that none was
    left."""
    if not item.open:
        return _("Reminder {number} waits no more: nothing to cancel.", number=item.number)
    await ctx.cancel_jobs(item.number)
    await items.close(ctx.db, item.number)
    return _('Reminder {number} is cancelled: "{text}".', number=item.number, text=item.title)


@feature.offers(ROOM_CLOSES.of("reminder"))
async def end_with_room(ctx: Context, item: Item, _goes_on: RoomId | None) -> list[Effect]:
    """Cancel a reminder whose room closes: nobody would read it there. Return what to send."""
    await cancel_reminder(ctx, item)
    return []
