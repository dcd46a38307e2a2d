"""When the reminders of a date ring for a person, whose nights are left in peace. Pure.

A reminder that falls into somebody's quiet hours waits for their end. Where the event begins
before that, it rings at the last moment: a quarter of an hour before it begins, never earlier than
it was set for. Of reminders that come to ring at the same moment only the last one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.api import dates as clocks
from commands.events.event import Date, Event

LAST_MOMENT = timedelta(minutes=15)
DAY_HOUR = time(9)
"""What a day without an hour is reminded of as if it began then."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when to when (on the person's clock) nothing rings. The same twice: it always may."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


NIGHT = Quiet(time(22), time(7))


def begins(event: Event, when: Date) -> datetime:
    """From which instant reminders are counted back."""
    if not event.all_day:
        return when.at
    return clocks.to_utc(datetime.combine(when.start.date(), DAY_HOUR), event.zone)


def rings(start: datetime, due: datetime, quiet: Quiet, zone: str) -> datetime:
    """When a reminder that is due at an instant rings for somebody in `zone`."""
    wall = clocks.to_wall(due, zone)
    if not quiet.holds(wall.time()):
        return due
    day = wall.date() if wall.time() < quiet.end else wall.date() + timedelta(days=1)
    end = clocks.to_utc(datetime.combine(day, quiet.end), zone)
    return max(end, due) if end < start else max(due, start - LAST_MOMENT)


def bell(
    start: datetime, leads: Sequence[timedelta], lead: timedelta, quiet: Quiet, zone: str
) -> datetime | None:
    """When the one set `lead` before rings; None if a later one rings at that moment."""
    at = rings(start, start - lead, quiet, zone)
    later = [one for one in leads if one < lead]
    if any(rings(start, start - one, quiet, zone) <= at for one in later):
        return None
    return at
