"""Move an event, or one date of a series, to another time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Item,
    Line,
    MissingArgument,
    Person,
    Reach,
    Rest,
    UserError,
    _,
    dates,
    fold,
    words,
)
from commands.events import texts
from commands.events.changes import (
    announce_change,
    check_open,
    check_own_network,
    load_changeable,
    save_change,
    snapshot,
)
from commands.events.conflicts import confirm_conflicts
from commands.events.declaration import EVENTS_TOPIC, feature
from commands.events.event import Date, Event, date_on, make_date, next_date
from commands.events.grammar import args, date_choice, drafts, phrases
from commands.events.grammar.drafts import EventDraft
from commands.events.grammar.event_times import EventTimes, resolve_times

_TO = re.compile(r"^(?:al?|para|pra|to|ao|→|->|:) (?!las? )(?=\S)", re.IGNORECASE)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(
    r"(?:(?:el|al|para el|o|na|no|a|para|on|to) )?(?:lun|mar|mie|jue|vie|sab|dom|seg|ter|qua|qui"
    r"|sex|mon|tue|wed|thu|fri|sat|sun)"
)


_ARTICLE = re.compile(r"^(?:la|a|the)\s(?=#?\d{1,9}\s(?!de\b|of\b))", re.IGNORECASE)
"""What stands before a number: `la 2 al sábado`. `la 2 de mayo` is no number of a thing."""


async def find_item(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the event's item and the new time as typed. In a reply the number is optional, and
    words of its title may stand for it."""
    text = _ARTICLE.sub("", text)
    try:
        item, rest = await ctx.parse_item(text, "event", takes=99)
    except MissingArgument:
        called = await ctx.item_called(text, "event")
        if called is None:
            raise
        return called
    own = re.match(rf"#?{item.number}(?![\d:/.,h-])\s*", rest)
    return item, (rest[own.end() :] if own else rest).strip()


@feature.command(
    words(
        "mover",
        "remarcar",
        "move",
        "reprogramar, aplazar, postergar, correr, cambiar la hora, cambiar hora, cambiar "
        "la fecha, cambiar fecha, cambiar de hora, mueva, aplaza, reprograma, posterga, "
        "cambia la hora, cambia la fecha | "
        "adiar, postergar, mudar a hora, mudar o horário, mudar horário, mudar a data, "
        "mudar data, remarca, remarque, adia, muda a data, muda a hora | "
        "reschedule, postpone, change the time, change time, change the date",
    ),
    help=_("change when an event is, or one date of a series; who goes is told"),
    example=_("For example: `!move {number} tomorrow 20h`", number=57),
    topic=EVENTS_TOPIC,
    reach=Reach.ROOM,
)
async def move_event(
    ctx: Context, item: Annotated[Item, find_item], *, when: Rest = NOTHING
) -> Answer:
    """Move an event: `57 viernes 20h`; `57 24/09 viernes 20h` moves one date of a series. Return
    the answer.

    Raises `UserError` and `MissingArgument`, and asks about what is doubtful.
    """
    event = await load_changeable(ctx, item)
    check_own_network(ctx, event)
    check_open(ctx, event)
    if not when:
        raise args.missing_field("when")
    return await move_dates(ctx, event, when)


async def move_dates(ctx: Context, event: Event, rest: str) -> Answer:
    """Move an event's dates as the text says and announce it. Return what to say, if anything.

    Asks which dates are meant and confirms a conflict. Raises `UserError` for dates that can't be
    read, are over or are none of the event's, for changes that its rule doesn't take, and for a no.
    """
    whole, rest = date_choice.split_all_dates(rest) if event.rule is not None else (False, rest)
    when, rest = _named_date(ctx, event, rest)
    named = _date_on_new_day(ctx, event, rest) if event.rule is not None else None
    if event.rule is not None and when is None and not whole:
        other = _(
            "For another date: `!move {number} {day} …`",
            number=event.item,
            day=date_choice.example_date(event, ctx.said_at),
        )
        when = date_choice.ask_one_or_all(ctx, "one or all", event, named, other)
    target = when or named or next_date(event, ctx.said_at)
    assert target is not None
    new = _read_new_time(ctx, event, target, _TO.sub("", rest), single=when is not None)
    after = _move_one(event, when, new) if when else _move_all(event, target, new)
    after = replace(after, sequence=event.sequence + 1)
    coming = next_date(after, ctx.said_at)
    if coming is None:
        raise UserError(_("No date would be left."))
    await confirm_conflicts(ctx, after)
    before_line, after_line = _old_and_new(event, after, target, when)
    await ctx.log("moved", {"number": event.item}, room=event.room, undo=snapshot(event))
    line = _(
        "{person} moved event {number}, “{title}”: {before} → {after}.",
        person=Person(ctx.who),
        number=event.item,
        title=texts.shorten_title(event.title),
        before=before_line,
        after=after_line,
    )
    await save_change(ctx, after)
    return await announce_change(ctx, event, after, when, line)


def _named_date(ctx: Context, event: Event, rest: str) -> tuple[Date | None, str]:
    """Return the date of a series named before the new time (`24/09 viernes 20h`), and the rest.

    A text that reads as a single date is the new time. A day that does not fall on the weekday
    behind it (`15/12 viernes 20h`) is a date of its own.
    """
    if event.rule is None or phrases.is_clock(rest):
        return None, rest
    whole = drafts.parse_date(rest, ctx.said_at, event.zone)
    apart = isinstance(whole.when, dates.AmbiguousDate)
    if not apart and _is_readable(ctx, rest, event):
        return None, rest
    ends = [m.end() for m in re.finditer(r"\S+", rest)][:8]
    named = ""
    for end in ends[:-1]:
        head, tail = rest[:end].strip(" ,:;"), _TO.sub("", rest[end:].strip(" ,:;"))
        day = None if phrases.is_clock(head) else phrases.read_day(head, ctx.said_at, event.zone)
        if day is None or not (
            _is_readable(ctx, tail, event) or (phrases.is_clock(tail) and not apart)
        ):
            continue
        named, when = named or head, date_on(event, day)
        if when is not None and when.at > ctx.said_at:
            return when, tail
    if named and not apart:
        raise UserError(
            _(
                "“{words}” is no date to come of event {number}.",
                words=named[:40],
                number=event.item,
            ),
            _("Its dates: `!events`"),
        )
    return None, rest


def _is_readable(ctx: Context, text: str, event: Event) -> bool:
    found = drafts.parse_date(text, ctx.said_at, event.zone)
    return not isinstance(found.when, dates.UnreadableDate) or found.series is not None


def _date_on_new_day(ctx: Context, event: Event, rest: str) -> Date | None:
    """Return the series' date on the day of the new time, if it has one: `24/09 20h`."""
    found = drafts.parse_date(rest, ctx.said_at, event.zone).when
    read = found.options[0] if isinstance(found, dates.AmbiguousDate) else found
    when = date_on(event, read.wall.date()) if isinstance(read, dates.ZonedTime) else None
    return when if when is not None and when.at > ctx.said_at else None


@dataclass(frozen=True, slots=True)
class _NewTime:
    """The new time of an event: its wall time, zone and length."""

    start: datetime
    zone: str
    all_day: bool
    length: timedelta | None


def _read_new_time(
    ctx: Context, event: Event, target: Date, rest: str, *, single: bool
) -> _NewTime:
    """Return the new time. An hour alone keeps the day; a day alone keeps the hour."""
    text, end = phrases.split_clock_range(rest)
    if phrases.is_clock(text):
        draft = EventDraft(
            phrase=text,
            when=dates.read_date(f"{target.start:%d/%m/%Y} {text}", ctx.said_at, event.zone),
            end=end,
        )
    else:
        draft = drafts.parse_date(
            rest, _reading_start(ctx, target, rest, single=single), event.zone
        )
    if draft.series is not None or draft.every:
        raise UserError(
            _("How often it comes can't be changed: cancel it and make a new one."),
            _("To move its dates: `!move {number} tomorrow 20h`", number=event.item),
        )
    found: EventTimes = resolve_times(ctx, draft, event.zone)
    start, all_day = found.start, found.all_day
    if all_day and not event.all_day:
        start, all_day = datetime.combine(start.date(), target.start.time()), False
    if event.all_day and not all_day and single:
        raise UserError(
            _("This series has no hour; with one, all its dates would have it."),
            _(
                "Move all of them, or this one to another day: `!move {number} tomorrow`",
                number=event.item,
            ),
        )
    if dates.to_utc(start, found.zone) <= ctx.said_at and not all_day:
        raise UserError(_("That has passed. Write a date to come, for example `tomorrow 18:00`."))
    if single and found.zone != event.zone:
        start = dates.to_wall(dates.to_utc(start, found.zone), event.zone)
    return _NewTime(start, found.zone, all_day, found.length or event.length)


def _reading_start(ctx: Context, target: Date, rest: str, *, single: bool) -> datetime:
    """Return the instant from which the new time is read.

    For one date of a series, a weekday is the next one after that date, not after today.
    """
    return max(ctx.said_at, target.at) if single and _WEEKDAY.match(fold(rest)) else ctx.said_at


def _move_one(event: Event, when: Date, new: _NewTime) -> Event:
    changed = dict(event.changed)
    changed[when.key] = new.start
    if new.start == when.key:
        del changed[when.key]
    return replace(event, changed=changed)


def _move_all(event: Event, target: Date, new: _NewTime) -> Event:
    """Return the event with every date moved as far as the next one.

    The weekdays of the rule move too, if it has a single one.
    """
    if event.rule is None:
        return replace(
            event, start=new.start, zone=new.zone, all_day=new.all_day, length=new.length
        )
    by = new.start - target.key
    rule = event.rule
    if by.days and new.start.date() != target.key.date():
        rule = _move_rule(event, target, (new.start.date() - target.key.date()).days)
    rule = re.sub(
        r"UNTIL=(\d{8}T\d{6})",
        lambda found: f"UNTIL={_move_until(found[1], by):%Y%m%dT%H%M%S}",
        rule,
    )
    changed = {key + by: start for key, start in event.changed.items()}
    return replace(
        event,
        start=event.start + by,
        zone=new.zone,
        all_day=new.all_day,
        length=new.length,
        rule=rule,
        changed=changed,
    )


def _move_until(text: str, by: timedelta) -> datetime:
    """Return the end of the series moved by whole days."""
    last = datetime.fromisoformat(text)
    return last + timedelta(days=round(by / timedelta(days=1)))


def _move_rule(event: Event, target: Date, days: int) -> str:
    """Return the rule with its weekday moved. Raises `UserError` for a rule that can't be moved."""
    rule = event.rule or ""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    codes = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    if parts.get("FREQ") == "WEEKLY" and len(codes) <= 1:
        if codes:
            parts["BYDAY"] = _CODES[(_CODES.index(codes[0]) + days) % 7]
        return ";".join(f"{key}={value}" for key, value in parts.items())
    if parts.get("FREQ") == "DAILY" and not codes:
        return rule
    raise UserError(
        _("Its dates follow a rule that can't be moved to another day as a whole."),
        _(
            "To move one: `!move {number} {day} 20h`. All to another hour: `!move {number} 20h`",
            number=event.item,
            day=f"{target.start:%d/%m}",
        ),
    )


def _old_and_new(event: Event, after: Event, target: Date, when: Date | None) -> tuple[Line, Line]:
    """Return the old and the new time, as they are announced."""
    coming = date_after_change(after, target, when)
    return texts.date_line(event, target, with_zone=False), texts.date_line(after, coming)


def date_after_change(after: Event, target: Date, when: Date | None) -> Date:
    """Return the date of the changed event that corresponds to this one."""
    if when is not None:
        found = after.changed.get(when.key, when.key)
        return make_date(after, when.key, found)
    first = next_date(after, dates.to_utc(min(target.start, after.start), after.zone))
    return first or target
