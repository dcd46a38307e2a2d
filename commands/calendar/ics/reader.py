"""Read events from a calendar file, which is untrusted, and report line by line what fails.

Blocking, and seconds long for the largest files: do not call it in the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.api import Line, Number, RoomId, Span, UserError, UserId, _, dates, spreadsheets
from commands.calendar.ics import rules, stamps
from commands.calendar.ics.blocks import EventBlock, split_blocks
from commands.calendar.ics.rules import UnsupportedEvent
from commands.calendar.ics.stamps import FileZones, Stamp
from commands.calendar.ics.text_values import (
    clean_text,
    join_lines,
    safe_link,
    unescape_text,
)
from commands.events.event import MOST_DATES, Event, next_date
from commands.events.grammar.args import LONGEST_ABOUT, LONGEST_LENGTH, LONGEST_PLACE, LONGEST_TITLE

Parsed = TypeVar("Parsed")

MOST_EVENTS = 10_000
MOST_SERIES = 300
"""How many series are read; each takes milliseconds."""
FARTHEST = timedelta(days=3653)
_RECENT = timedelta(days=2)
_BEHIND = timedelta(days=100)
"""How much of the past of a long series is stored."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """An event that can't be imported: its line, its title, and why."""

    line: int
    title: str
    why: Line


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The content of a file. Its events have no number, room or author; `uid` is the file's.

    `events` are upcoming, the soonest first; `cancelled` are those the file marks as cancelled.
    `past` counts events that are over.
    """

    events: tuple[Event, ...] = ()
    cancelled: tuple[Event, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    past: int = 0
    others: int = 0
    """Tasks and journals, which are not read."""


class UnreadableCalendar(UserError):
    """Raised when the file as a whole can't be read."""


def parse_calendar(data: bytes, zone: str, now: datetime) -> CalendarFile:
    """Return the events of a calendar file. `zone` holds for times without a zone.

    Raises `UnreadableCalendar`.
    """
    found = split_blocks(spreadsheets.decode_text(data))
    if not found.calendar:
        raise UnreadableCalendar(
            _("That file is no calendar."),
            _("A calendar app makes one under “export” or “share”; its name ends in `.ics`."),
        )
    if len(found.events) > MOST_EVENTS:
        raise UnreadableCalendar(
            _(
                "That calendar has {count} events; I read {most} at most.",
                count=len(found.events),
                most=MOST_EVENTS,
            ),
            _("Please export fewer, for example one month."),
        )
    return _FileReader(FileZones(zone, found.zone, found.located), now).read_blocks(
        found.events, found.others
    )


class _FileReader:
    """One file being read."""

    def __init__(self, zones: FileZones, now: datetime) -> None:
        self._zones = zones
        self._now = now
        self._problems: list[ImportProblem] = []
        self._past = 0
        self._series = 0

    def read_blocks(self, blocks: Sequence[EventBlock], others: int) -> CalendarFile:
        """Return the calendar that the blocks of a file make. `others`: how many blocks are no
        events."""
        masters: dict[str, Event] = {}
        parts: list[EventBlock] = []
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
        return CalendarFile(events, off, problems, self._past, others)

    def _next(self, event: Event) -> datetime | None:
        found = next_date(event, self._now)
        return found.at if found else None

    def _over(self, block: EventBlock) -> bool:
        """True if the event is long past. A cheap test, since most exported events are."""
        day = (self._now - LONGEST_LENGTH - _RECENT).strftime("%Y%m%d")
        begins = block.value("DTSTART")[:8]
        over = block.whole and not block.first("RRULE") and begins.isdigit() and begins < day
        self._past += over
        return over

    def _tried(self, block: EventBlock, read: Callable[[EventBlock], Parsed]) -> Parsed | None:
        """Return what `read` makes of the block, or None after noting the problem."""
        try:
            if not block.whole:
                raise UnsupportedEvent(_("the file breaks off in it"))
            return read(block)
        except UnsupportedEvent as error:
            self._problem(block, error.why)
            return None

    def _problem(self, block: EventBlock, why: Line) -> None:
        self._problems.append(ImportProblem(block.line, _read_text(block, "SUMMARY")[:60], why))

    def _event(self, block: EventBlock) -> Event:
        title, start = _read_title(block), self._begin(block)
        url, place = safe_link(block.value("URL")), _read_text(block, "LOCATION")[:LONGEST_PLACE]
        value = block.value("RRULE")
        if block.first("RDATE"):
            raise UnsupportedEvent(_("it has dates outside its rhythm"))
        zone = start.zone if value or start.day or start.zone != "UTC" else self._zones.default_zone
        wall, rule = start.wall_in_zone(zone), None
        if value:
            self._series += 1
            if self._series > MOST_SERIES:
                raise UnsupportedEvent(
                    _("I read {most} series of a file at most", most=MOST_SERIES)
                )
            since = dates.to_wall(self._now - _BEHIND, zone)
            rule, wall = rules.import_rule(value, wall, zone, since)
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
            about=_read_description(block).removesuffix(url).rstrip(),
            uid=block.value("UID").strip() or f"{title} {wall}",
            sequence=_read_number(block.value("SEQUENCE")),
            cancelled=_is_cancelled(block),
        )
        return replace(event, changed=self._off(block, event)) if rule else event

    def _begin(self, block: EventBlock) -> Stamp:
        found = block.first("DTSTART")
        if found is None:
            raise UnsupportedEvent(_("it has no date"))
        start = stamps.parse_stamp(found, self._zones)
        if stamps.to_instant(start) > self._now + FARTHEST:
            raise UnsupportedEvent(_("it is too far away"))
        return start

    def _length(self, block: EventBlock, start: Stamp) -> timedelta | None:
        """Return the length, or None if there is none; of all-day events only whole days."""
        if end := block.first("DTEND"):
            until = stamps.parse_stamp(end, self._zones)
            span = stamps.to_instant(until) - stamps.to_instant(start)
            span = until.wall - start.wall if start.day else span
        else:
            value = block.value("DURATION")
            span = stamps.parse_duration(value) if value else timedelta()
        if span < timedelta():
            raise UnsupportedEvent(_("it ends before it begins"))
        if span > LONGEST_LENGTH:
            raise UnsupportedEvent(_("it lasts longer than {length}", length=Span(LONGEST_LENGTH)))
        one_day = start.day and span <= timedelta(days=1)
        return None if one_day or not span else span

    def _off(self, block: EventBlock, event: Event) -> dict[datetime, datetime | None]:
        """Return the dates that the series leaves out. A day alone means the date on that day."""
        off: dict[datetime, datetime | None] = {}
        for found in block.lines.get("EXDATE", ()):
            for one in stamps.parse_stamps(found, self._zones):
                key = one.wall_in_zone(event.zone)
                if one.day:
                    key = datetime.combine(key, event.start.time())
                if key > self._recent(event):
                    off[key] = None
                if len(off) > MOST_DATES:
                    raise UnsupportedEvent(
                        _("it leaves out more than {most} dates", most=MOST_DATES)
                    )
        return off

    def _recent(self, event: Event) -> datetime:
        return dates.to_wall(self._now - _RECENT, event.zone)

    def _with_parts(self, masters: dict[str, Event], parts: Sequence[EventBlock]) -> list[Event]:
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

    def _part(self, master: Event, block: EventBlock) -> dict[datetime, datetime | None]:
        """Return the changed dates of a series with the one of this block."""
        named = block.first("RECURRENCE-ID")
        assert named is not None
        if "RANGE" in named[0].upper():
            raise UnsupportedEvent(_("it changes all dates that follow"))
        key, start = (
            stamps.parse_stamp(named, self._zones).wall_in_zone(master.zone),
            self._begin(block),
        )
        if start.day != master.all_day:
            raise UnsupportedEvent(_("one of its dates is a whole day, the others are not"))
        moved = None if _is_cancelled(block) else start.wall_in_zone(master.zone)
        if max(key, moved or key) < self._recent(master):
            return dict(master.changed)
        if len(master.changed) >= MOST_DATES:
            raise UnsupportedEvent(_("more than {most} of its dates are changed", most=MOST_DATES))
        if moved == key:
            return {at: to for at, to in master.changed.items() if at != key}
        return {**master.changed, key: moved}


def _read_title(block: EventBlock) -> str:
    title = _read_text(block, "SUMMARY")
    if not title:
        raise UnsupportedEvent(_("it has no title"))
    if len(title) > LONGEST_TITLE:
        raise UnsupportedEvent(_("its title has more than {most} letters", most=LONGEST_TITLE))
    return title


def _read_text(block: EventBlock, name: str) -> str:
    return join_lines(clean_text(unescape_text(block.value(name))))


def _read_description(block: EventBlock) -> str:
    text = clean_text(unescape_text(block.value("DESCRIPTION")))
    return text if len(text) <= LONGEST_ABOUT else text[: LONGEST_ABOUT - 1].rstrip() + "…"


def _read_number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _is_cancelled(block: EventBlock) -> bool:
    return block.value("STATUS").strip().upper() == "CANCELLED"
