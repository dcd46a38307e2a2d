"""Move an event, or one date of a series, to another time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Person,
    Reach,
    UserError,
    _,
    dates,
    fold,
    words,
)
from commands.events import texts
from commands.events.changes import check_open, check_ours, kept, may_change, snapshot, told
from commands.events.conflicts import warned
from commands.events.declaration import EVENTS, feature
from commands.events.event import Date, Event, date_on, next_date, one
from commands.events.grammar import args, date_choice, drafts, phrases
from commands.events.grammar.drafts import Draft
from commands.events.grammar.event_times import Timing, timing

_TO = re.compile(r"^(?:al?|para|pra|to|ao|→|->|:) (?!las? )(?=\S)", re.IGNORECASE)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(
    r"(?:(?:el|al|para el|o|na|no|a|para|on|to) )?(?:lun|mar|mie|jue|vie|sab|dom|seg|ter|qua|qui"
    r"|sex|mon|tue|wed|thu|fri|sat|sun)"
)


@feature.command(
    words(
        "mover",
        "remarcar",
        "move",
        "reprogramar, aplazar, postergar, correr | adiar, postergar | reschedule, postpone",
    ),
    help=_("change when an event is, or one date of a series; who goes is told"),
    example=_("For example: `!move {number} tomorrow 20h`", number=57),
    topic=EVENTS,
    reach=Reach.ROOM,
)
async def move(ctx: Context, *, text: str = "") -> Answer:
    """Move an event: `57 viernes 20h`; `57 24/09 viernes 20h` moves one date of a series.

    Raises `UserError` and `Missing`, and asks about what is doubtful.
    """
    item, rest = await meant(ctx, text)
    event = await may_change(ctx, item)
    check_ours(ctx, event)
    check_open(ctx, event)
    rest = rest or ctx.known.get("part:when", "")
    if not rest.strip():
        raise args.need("when")
    return await moved(ctx, event, rest.strip())


async def meant(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the event's item and the new time as typed. In a reply the number is optional."""
    item, rest = await ctx.item(text, "event", takes=99)
    own = re.match(rf"#?{item.number}(?![\d:/.,h-])\s*", rest)
    return item, (rest[own.end() :] if own else rest).strip()


async def moved(ctx: Context, event: Event, rest: str) -> Answer:
    """Move the dates as the text says and announce it.

    Asks which dates are meant and confirms a conflict. Raises `UserError`.
    """
    whole, rest = date_choice.without_every(rest) if event.rule is not None else (False, rest)
    when, rest = _which(ctx, event, rest)
    named = _day_of(ctx, event, rest) if event.rule is not None else None
    if event.rule is not None and when is None and not whole:
        other = _(
            "For another date: `!move {number} {day} …`",
            number=event.item,
            day=date_choice.example(event, ctx.now),
        )
        when = date_choice.one_or_all(ctx, "one or all", event, named, other)
    target = when or named or next_date(event, ctx.now)
    assert target is not None
    new = _new(ctx, event, target, _TO.sub("", rest), single=when is not None)
    after = _one_moved(event, when, new) if when else _all_moved(event, target, new)
    after = replace(after, sequence=event.sequence + 1)
    coming = next_date(after, ctx.now)
    if coming is None:
        raise UserError(_("No date would be left."))
    await warned(ctx, after)
    before_line, after_line = _said(event, after, target, when)
    await ctx.log("moved", {"number": event.item}, room=event.room, undo=snapshot(event))
    line = _(
        "{person} moved event {number}, “{title}”: {before} → {after}.",
        person=Person(ctx.who),
        number=event.item,
        title=texts.short(event.title),
        before=before_line,
        after=after_line,
    )
    await kept(ctx, after)
    return await told(ctx, event, after, when, line)


def _which(ctx: Context, event: Event, rest: str) -> tuple[Date | None, str]:
    """Return the date of a series named before the new time (`24/09 viernes 20h`), and the rest.

    A text that reads as a single date is the new time. A day that does not fall on the weekday
    behind it (`15/12 viernes 20h`) is a date of its own.
    """
    if event.rule is None or phrases.is_clock(rest):
        return None, rest
    whole = drafts.dated(rest, ctx.now, event.zone)
    apart = isinstance(whole.when, dates.Doubtful)
    if not apart and _reads(ctx, rest, event):
        return None, rest
    ends = [m.end() for m in re.finditer(r"\S+", rest)][:8]
    named = ""
    for end in ends[:-1]:
        head, tail = rest[:end].strip(" ,:;"), _TO.sub("", rest[end:].strip(" ,:;"))
        day = None if phrases.is_clock(head) else phrases.day_said(head, ctx.now, event.zone)
        if day is None or not (_reads(ctx, tail, event) or (phrases.is_clock(tail) and not apart)):
            continue
        named, when = named or head, date_on(event, day)
        if when is not None and when.at > ctx.now:
            return when, tail
    if named and not apart:
        raise UserError(
            _("“{words}” is no date to come of event {number}.", words=named[:40],
              number=event.item),
            _("Its dates: `!events`"),
        )  # fmt: skip
    return None, rest


def _reads(ctx: Context, text: str, event: Event) -> bool:
    found = drafts.dated(text, ctx.now, event.zone)
    return not isinstance(found.when, dates.Unreadable) or found.series is not None


def _day_of(ctx: Context, event: Event, rest: str) -> Date | None:
    """Return the series' date on the day of the new time, if it has one: `24/09 20h`."""
    found = drafts.dated(rest, ctx.now, event.zone).when
    read = found.options[0] if isinstance(found, dates.Doubtful) else found
    when = date_on(event, read.wall.date()) if isinstance(read, dates.When) else None
    return when if when is not None and when.at > ctx.now else None


@dataclass(frozen=True, slots=True)
class _New:
    """The new time of an event: its wall time, zone and length."""

    start: datetime
    zone: str
    all_day: bool
    length: timedelta | None


def _new(ctx: Context, event: Event, target: Date, rest: str, *, single: bool) -> _New:
    """Return the new time. An hour alone keeps the day; a day alone keeps the hour."""
    text, end = phrases.clock_range(rest)
    if phrases.is_clock(text):
        draft = Draft(
            phrase=text,
            when=dates.read(f"{target.start:%d/%m/%Y} {text}", ctx.now, event.zone),
            end=end,
        )
    else:
        draft = drafts.dated(rest, _since(ctx, target, rest, single=single), event.zone)
    if draft.series is not None or draft.every:
        raise UserError(
            _("How often it comes can't be changed: cancel it and make a new one."),
            _("To move its dates: `!move {number} tomorrow 20h`", number=event.item),
        )
    found: Timing = timing(ctx, draft, event.zone)
    start, all_day = found.start, found.all_day
    if all_day and not event.all_day:
        start, all_day = datetime.combine(start.date(), target.start.time()), False
    if event.all_day and not all_day and single:
        raise UserError(
            _("This series has no hour; with one, all its dates would have it."),
            _("Move all of them, or this one to another day: `!move {number} tomorrow`",
              number=event.item),
        )  # fmt: skip
    if dates.to_utc(start, found.zone) <= ctx.now and not all_day:
        raise UserError(_("That has passed. Write a date to come, for example `tomorrow 18:00`."))
    if single and found.zone != event.zone:
        start = dates.to_wall(dates.to_utc(start, found.zone), event.zone)
    return _New(start, found.zone, all_day, found.length or event.length)


def _since(ctx: Context, target: Date, rest: str, *, single: bool) -> datetime:
    """Return the instant from which the new time is read.

    For one date of a series, a weekday is the next one after that date, not after today.
    """
    return max(ctx.now, target.at) if single and _WEEKDAY.match(fold(rest)) else ctx.now


def _one_moved(event: Event, when: Date, new: _New) -> Event:
    changed = dict(event.changed)
    changed[when.key] = new.start
    if new.start == when.key:
        del changed[when.key]
    return replace(event, changed=changed)


def _all_moved(event: Event, target: Date, new: _New) -> Event:
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
        rule = _shifted(event, target, (new.start.date() - target.key.date()).days)
    rule = re.sub(
        r"UNTIL=(\d{8}T\d{6})",
        lambda found: f"UNTIL={_until(found[1], by):%Y%m%dT%H%M%S}",
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


def _until(text: str, by: timedelta) -> datetime:
    """Return the end of the series moved by whole days."""
    last = datetime.fromisoformat(text)
    return last + timedelta(days=round(by / timedelta(days=1)))


def _shifted(event: Event, target: Date, days: int) -> str:
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
        _("To move one: `!move {number} {day} 20h`. All to another hour:"
          " `!move {number} 20h`", number=event.item, day=f"{target.start:%d/%m}"),
    )  # fmt: skip


def _said(event: Event, after: Event, target: Date, when: Date | None) -> tuple[Line, Line]:
    """Return the old and the new time, as they are announced."""
    coming = when_of(after, target, when)
    return texts.moment(event, target, with_zone=False), texts.moment(after, coming)


def when_of(after: Event, target: Date, when: Date | None) -> Date:
    """Return the same date where it is after the change."""
    if when is not None:
        found = after.changed.get(when.key, when.key)
        return one(after, when.key, found)
    first = next_date(after, dates.to_utc(min(target.start, after.start), after.zone))
    return first or target
