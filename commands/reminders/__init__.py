"""`!remind` and `!reminders`: reminders for a room or for oneself, once or repeatedly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Day,
    Does,
    Item,
    Line,
    Missing,
    Moment,
    Reach,
    RoomId,
    UserError,
    _,
    choice,
    dates,
    items,
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
from commands.reminders.declaration import DAY_HOUR, REMINDERS, about, at_nine, check_near, feature
from commands.reminders.reminder_store import Reminder

__all__ = ["departure", "feature", "ringing_jobs", "services", "snooze_command"]

PAGE = 15
LONGEST = 1000
MOST = 200
SOON = timedelta(days=30)
NEXT = 5
"""How many reminders the summary for newcomers names."""


# --- making one -----------------------------------------------------------------------------------


@feature.command(
    words(
        "recordar",
        "lembrar",
        "remind",
        "recuérdame, recuérdanos, recordarme, recuerda, recordatorio"
        " | me lembra, me lembre, nos lembra, lembra, lembrete"
        " | remind me, reminder",
    ),
    help=_("remind the room, or in private only you; `every …` repeats"),
    example=_("For example: `!remind tomorrow 17:00; bring the banner`"),
    topic=REMINDERS,
    reach=Reach.ROOM,
)
async def remind(ctx: Context, *, text: str) -> Answer:
    """Set a reminder: a date or rhythm and words, in either order.

    A day without an hour rings at 9:00.
    """
    when, phrase, what = await _understood(ctx, text)
    await _bounds(ctx, what)
    number = await ctx.new_item("reminder", what)
    rule = when if isinstance(when, dates.Recurrence) else None
    first = rule.first if rule else when
    assert isinstance(first, dates.When)
    one = Reminder(
        number,
        what,
        ctx.private,
        ctx.origin.thread,
        first.at,
        first.zone,
        rule.rule if rule else None,
        rule.start if rule else None,
        phrase if rule else None,
    )
    await reminder_store.put(ctx.db, one)
    await ctx.schedule("ring", one.due, item=number, person=ctx.who, zone=one.zone)
    return about(ctx, one, *_echo(one))


async def _bounds(ctx: Context, what: str) -> None:
    if len(what) > LONGEST:
        raise UserError(
            _("That is too long for a reminder: {count} letters at most.", count=LONGEST)
        )
    if not ctx.defaults.unlimited and await reminder_store.count_open(ctx.db, ctx.who) >= MOST:
        raise UserError(
            _("You have {count} open reminders; that is all I keep for one person.", count=MOST),
            _(
                "To see them: `!reminders`. To remove one: `!cancel {number}`",
                number=await ctx.known_number(feature.name),
            ),
        )


async def _understood(ctx: Context, text: str) -> tuple[dates.When | dates.Recurrence, str, str]:
    """Return when, the phrase that says so, and the text. Raises `MissingArgument` or
    `UserError`."""
    later = ctx.known.get("part:when")
    found = reminder_parser.split(later or text, ctx.now, ctx.policy.zone)
    if found is None:
        if reminder_parser.too_often(text):
            raise UserError(
                _("I don't ring more often than once an hour."),
                _("For example: `!remind every 2 hours; drink water`"),
            )
        raise Missing("when", _("the date"))
    if later is not None:
        before = reminder_parser.split(text, ctx.now, ctx.policy.zone)
        what = before.text if before else reminder_parser.unquoted(reminder_parser.joined(text))
    else:
        what = found.text
    when = _which(ctx, found)
    if later is None and found.number and not isinstance(found.when, reminder_parser.Series):
        chosen = ctx.reading(found.phrase, found.when)
        what = what.removeprefix(found.number).strip() if chosen.has_time else what
    what = what or ctx.known.get("part:what", "")
    if not what.strip(' "'):
        raise Missing("what", _("what to remind of"))
    return when, found.phrase, what


def _which(ctx: Context, found: reminder_parser.Split) -> dates.When | dates.Recurrence:
    """Return the date or series that is meant, with an hour, and not too far away."""
    if isinstance(found.when, reminder_parser.Series):
        chosen = _one_of(ctx, found.when)
        if not chosen.has_time:
            chosen = _at_nine(chosen)
        if chosen.first.at <= ctx.now:  # today's time is over: begin at the next one
            chosen = _from_next(chosen, ctx.now)
        check_near(ctx, chosen.first.at)
        return chosen
    when = ctx.reading(found.phrase, found.when)
    if not when.has_time:
        when = at_nine(when)
        if when.at <= ctx.now:
            raise Missing("when", _("the hour"))
    check_near(ctx, when.at)
    return when


def _one_of(ctx: Context, found: reminder_parser.Series) -> dates.Recurrence:
    """Return the series that is meant.

    Stores the options, so that a later answer chooses among the same.
    """
    if len(found.options) == 1:
        return found.options[0]
    rows = [(o.rule, o.start.isoformat(), o.zone, o.has_time) for o in found.options]
    kept = json.loads(ctx.known.setdefault("series", json.dumps(rows)))
    options = [dates.Recurrence(r, datetime.fromisoformat(s), z, t) for r, s, z, t in kept]
    shown = tuple(
        _("{n}) {moment}", n=n, moment=(Moment if o.has_time else Day)(o.first.at, o.zone))
        for n, o in enumerate(options, start=1)
    )
    answer = ctx.ask(
        "which series",
        choice(len(options), walls=[o.first.wall for o in options]),
        _("When is the first one? {options}", options=shown),
        _("Answer with the number."),
    )
    return options[int(answer) - 1]


def _at_nine(one: dates.Recurrence) -> dates.Recurrence:
    start = datetime.combine(one.start.date(), DAY_HOUR)
    return dates.Recurrence(one.rule, start, one.zone, True)


def _from_next(one: dates.Recurrence, now: datetime) -> dates.Recurrence:
    following = dates.next_after(one.rule, one.start, one.zone, now)
    if following is None:
        raise UserError(_('No time to come is left in "{words}".', words=one.rule))
    return dates.Recurrence(one.rule, following.wall, one.zone, True)


def _echo(one: Reminder) -> list[Line]:
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
    does=Does.READS,
    reach=Reach.ROOM,
)
async def listed(ctx: Context, page: int = 1) -> Answer:
    """List the room's reminders; in private, the asker's own of every room."""
    found = (
        await reminder_store.open_of(ctx.db, ctx.who)
        if ctx.private
        else await reminder_store.open_in(ctx.db, ctx.room, ctx.who)
    )
    first = (max(page, 1) - 1) * PAGE
    lines = [_line(one) for one in found[first : first + PAGE]]
    if not lines:
        return [
            _("No reminder waits here."),
            _("For example: `!remind tomorrow 17:00; bring the banner`"),
        ]
    more = len(found) - first - PAGE
    if more > 0:
        following = max(page, 1) + 1
        lines.append(_("{count} more: `!reminders {page}`", count=more, page=following))
    return lines


def _line(one: Reminder) -> Line:
    text = " ".join(one.title.split())
    shown = text if len(text) <= 60 else f"{text[:59]}…"
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


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """Return the room's reminders, without other people's private ones."""
    return [
        _("Reminder {line}", line=_line(one))
        for one in await reminder_store.open_in(ctx.db, room, ctx.who)
    ]


@feature.service("summary")
async def summary(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return the next reminders of these rooms within a month, at most `SUMMARY_LINES`."""
    found = await reminder_store.coming(ctx.db, places, ctx.read + SOON, NEXT)
    return [_("Reminders to come:"), *map(_line, found)] if found else []


@feature.service("cancel:reminder")
async def cancel(ctx: Context, item: Item) -> Line:
    """Cancel a reminder with all its times to come."""
    if not item.open:
        return _("Reminder {number} waits no more: nothing to cancel.", number=item.number)
    await ctx.call_off(item.number)
    await items.close(ctx.db, item.number)
    return _('Reminder {number} is cancelled: "{text}".', number=item.number, text=item.title)
