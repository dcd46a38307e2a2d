"""Read events from a calendar file, which is untrusted, and report line by line what fails.

Blocking, and seconds long for the largest files: do not call it in the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.api import Line, Number, RoomId, Span, UserError, UserId, _
from bot.api import dates as clocks
from commands.events.calendar.ics import rules, stamps
from commands.events.calendar.ics.blocks import Block, decoded, taken_apart
from commands.events.calendar.ics.rules import Unkept
from commands.events.calendar.ics.stamps import Stamp, Zones
from commands.events.calendar.ics.text_values import link, one_line, plain, unescaped
from commands.events.event import MOST, Event, next_date
from commands.events.grammar.args import LASTS_MOST, LONGEST_ABOUT, LONGEST_PLACE, LONGEST_TITLE

T = TypeVar("T")

MOST_EVENTS = 10_000
MOST_SERIES = 300
"""How many series are read; each takes milliseconds."""
FARTHEST = timedelta(days=3653)
_RECENT = timedelta(days=2)
_BEHIND = timedelta(days=100)
"""How much of the past of a long series is stored."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An event that can't be imported: its line, its title, and why."""

    line: int
    title: str
    why: Line


@dataclass(frozen=True, slots=True)
class Calendar:
    """The content of a file. Its events have no number, room or author; `uid` is the file's.

    `events` are upcoming, the soonest first; `cancelled` are those the file marks as cancelled.
    `past` counts events that are over.
    """

    events: tuple[Event, ...] = ()
    cancelled: tuple[Event, ...] = ()
    problems: tuple[Problem, ...] = ()
    past: int = 0
    others: int = 0
    """Tasks and journals, which are not read."""


class NoCalendar(UserError):
    """Raised when the file as a whole can't be read."""


def calendar(data: bytes, zone: str, now: datetime) -> Calendar:
    """Return the events of a file. `zone` holds for times without a zone.

    Raises `UnreadableCalendar`.
    """
    found = taken_apart(decoded(data))
    if not found.calendar:
        raise NoCalendar(
            _("That file is no calendar."),
            _("A calendar app makes one under “export” or “share”; its name ends in `.ics`."),
        )
    if len(found.events) > MOST_EVENTS:
        raise NoCalendar(
            _(
                "That calendar has {count} events; I read {most} at most.",
                count=len(found.events),
                most=MOST_EVENTS,
            ),
            _("Please export fewer, for example one month."),
        )
    return _Reading(Zones(zone, found.zone, found.located), now).of(found.events, found.others)


class _Reading:
    """One file being read."""

    def __init__(self, zones: Zones, now: datetime) -> None:
        self._zones = zones
        self._now = now
        self._problems: list[Problem] = []
        self._past = 0
        self._series = 0

    def of(self, blocks: Sequence[Block], others: int) -> Calendar:
        """Return the calendar of these blocks."""
        masters: dict[str, Event] = {}
        parts: list[Block] = []
        for block in blocks:
            if block.first("RECURRENCE-ID"):
                parts.append(block)
            elif not self._over(block) and (read := self._tried(block, self._event)):
                before = masters.get(read.uid)
                if before is None or before.sequence <= read.sequence:
                    masters[read.uid] = read
        changed = self._with_parts(masters, parts)
        coming = [(at, one) for one in changed if (at := self._next(one)) is not None]
        off = tuple(one for one in changed if one.cancelled)
        self._past += len(changed) - len(coming) - len(off)
        events = tuple(one for _at, one in sorted(coming, key=lambda pair: pair[0]))
        problems = tuple(sorted(self._problems, key=lambda problem: problem.line))
        return Calendar(events, off, problems, self._past, others)

    def _next(self, event: Event) -> datetime | None:
        found = next_date(event, self._now)
        return found.at if found else None

    def _over(self, block: Block) -> bool:
        """True if the event is long past. A cheap test, since most exported events are."""
        day = (self._now - LASTS_MOST - _RECENT).strftime("%Y%m%d")
        begins = block.value("DTSTART")[:8]
        over = block.whole and not block.first("RRULE") and begins.isdigit() and begins < day
        self._past += over
        return over

    def _tried(self, block: Block, read: Callable[[Block], T]) -> T | None:
        """Return what `read` makes of the block, or None after noting the problem."""
        try:
            if not block.whole:
                raise Unkept(_("the file breaks off in it"))
            return read(block)
        except Unkept as error:
            self._problem(block, error.why)
            return None

    def _problem(self, block: Block, why: Line) -> None:
        self._problems.append(Problem(block.line, _text(block, "SUMMARY")[:60], why))

    def _event(self, block: Block) -> Event:
        title, start = _titled(block), self._begin(block)
        url, place = link(block.value("URL")), _text(block, "LOCATION")[:LONGEST_PLACE]
        value = block.value("RRULE")
        if block.first("RDATE"):
            raise Unkept(_("it has dates outside its rhythm"))
        zone = start.zone if value or start.day or start.zone != "UTC" else self._zones.usual
        wall, rule = start.on(zone), None
        if value:
            self._series += 1
            if self._series > MOST_SERIES:
                raise Unkept(_("I read {most} series of a file at most", most=MOST_SERIES))
            since = clocks.to_wall(self._now - _BEHIND, zone)
            rule, wall = rules.read(value, wall, zone, since)
        event = Event(
            item=Number(0),
            room=RoomId(""),
            author=UserId(""),
            title=title,
            start=wall,
            zone=zone,
            length=self._length(block, start),
            all_day=start.day,
            rule=rule,
            place="" if place == url else place,
            link=url,
            about=_about(block).removesuffix(url).rstrip(),
            uid=block.value("UID").strip() or f"{title} {wall}",
            sequence=_whole(block.value("SEQUENCE")),
            cancelled=_is_off(block),
        )
        return replace(event, changed=self._off(block, event)) if rule else event

    def _begin(self, block: Block) -> Stamp:
        found = block.first("DTSTART")
        if found is None:
            raise Unkept(_("it has no date"))
        start = stamps.stamp(found, self._zones)
        if stamps.instant(start) > self._now + FARTHEST:
            raise Unkept(_("it is too far away"))
        return start

    def _length(self, block: Block, start: Stamp) -> timedelta | None:
        """Return the length, or None if there is none; of all-day events only whole days."""
        if end := block.first("DTEND"):
            until = stamps.stamp(end, self._zones)
            span = stamps.instant(until) - stamps.instant(start)
            span = until.wall - start.wall if start.day else span
        else:
            value = block.value("DURATION")
            span = stamps.length(value) if value else timedelta()
        if span < timedelta():
            raise Unkept(_("it ends before it begins"))
        if span > LASTS_MOST:
            raise Unkept(_("it lasts longer than {length}", length=Span(LASTS_MOST)))
        one_day = start.day and span <= timedelta(days=1)
        return None if one_day or not span else span

    def _off(self, block: Block, event: Event) -> dict[datetime, datetime | None]:
        """Return the dates that the series leaves out. A day alone means the date on that day."""
        off: dict[datetime, datetime | None] = {}
        for found in block.lines.get("EXDATE", ()):
            for one in stamps.stamps(found, self._zones):
                key = one.on(event.zone)
                if one.day:
                    key = datetime.combine(key, event.start.time())
                if key > self._recent(event):
                    off[key] = None
                if len(off) > MOST:
                    raise Unkept(_("it leaves out more than {most} dates", most=MOST))
        return off

    def _recent(self, event: Event) -> datetime:
        return clocks.to_wall(self._now - _RECENT, event.zone)

    def _with_parts(self, masters: dict[str, Event], parts: Sequence[Block]) -> list[Event]:
        """Return the events, with the dates changed by a block of their own applied."""
        alone: list[Event] = []
        for block in parts:
            master = masters.get(block.value("UID").strip())
            if master is not None and master.rule is not None:
                changed = self._tried(block, partial(self._part, master))
                masters[master.uid] = replace(master, changed=changed or master.changed)
            elif not self._over(block) and (found := self._tried(block, self._event)):
                uid = f"{found.uid} {block.value('RECURRENCE-ID')}"
                alone.append(replace(found, uid=uid, rule=None, changed={}))
        return [*masters.values(), *alone]

    def _part(self, master: Event, block: Block) -> dict[datetime, datetime | None]:
        """Return the changed dates of a series with the one of this block."""
        named = block.first("RECURRENCE-ID")
        assert named is not None
        if "RANGE" in named[0].upper():
            raise Unkept(_("it changes all dates that follow"))
        key, start = stamps.stamp(named, self._zones).on(master.zone), self._begin(block)
        if start.day != master.all_day:
            raise Unkept(_("one of its dates is a whole day, the others are not"))
        moved = None if _is_off(block) else start.on(master.zone)
        if max(key, moved or key) < self._recent(master):
            return dict(master.changed)
        if len(master.changed) >= MOST:
            raise Unkept(_("more than {most} of its dates are changed", most=MOST))
        if moved == key:
            return {at: to for at, to in master.changed.items() if at != key}
        return {**master.changed, key: moved}


def _titled(block: Block) -> str:
    title = _text(block, "SUMMARY")
    if not title:
        raise Unkept(_("it has no title"))
    if len(title) > LONGEST_TITLE:
        raise Unkept(_("its title has more than {most} letters", most=LONGEST_TITLE))
    return title


def _text(block: Block, name: str) -> str:
    return one_line(plain(unescaped(block.value(name))))


def _about(block: Block) -> str:
    text = plain(unescaped(block.value("DESCRIPTION")))
    return text if len(text) <= LONGEST_ABOUT else text[: LONGEST_ABOUT - 1].rstrip() + "…"


def _whole(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _is_off(block: Block) -> bool:
    return block.value("STATUS").strip().upper() == "CANCELLED"
