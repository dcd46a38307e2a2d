"""When a reminder of a date reaches a person, respecting their quiet hours. Pure.

A reminder that falls into quiet hours waits for their end. If the event begins before that, the
reminder comes a quarter of an hour before the event, but never earlier than it was set for. Of
reminders that would come at the same moment only the last one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.api import dates
from commands.events.event import Date, Event

LAST_MOMENT = timedelta(minutes=15)
ALL_DAY_BEGIN = time(9)
"""When an all-day event begins as far as its reminders are concerned."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours on a person's clock in which no reminder comes. Equal times mean no quiet hours."""

    start: time
    end: time

    def contains(self, at: time) -> bool:
        """True if this time of day is within the quiet hours."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


USUAL_QUIET_HOURS = QuietHours(time(22), time(7))


def counting_start(event: Event, when: Date) -> datetime:
    """Return the instant (UTC) from which reminders of an event's date are counted back."""
    if not event.all_day:
        return when.at
    return dates.to_utc(datetime.combine(when.start.date(), ALL_DAY_BEGIN), event.zone)


def delivery_time(start: datetime, due: datetime, quiet: QuietHours, zone: str) -> datetime:
    """Return when (UTC) a reminder due at `due` is sent to a person in `zone`, after their quiet
    hours."""
    wall = dates.to_wall(due, zone)
    if not quiet.contains(wall.time()):
        return due
    day = wall.date() if wall.time() < quiet.end else wall.date() + timedelta(days=1)
    end = dates.to_utc(datetime.combine(day, quiet.end), zone)
    return max(end, due) if end < start else max(due, start - LAST_MOMENT)


def reminder_time(
    start: datetime, leads: Sequence[timedelta], lead: timedelta, quiet: QuietHours, zone: str
) -> datetime | None:
    """Return when (UTC) the reminder set `lead` before `start` is sent to a person.

    None if a later one of `leads` reaches them at the same moment.
    """
    at = delivery_time(start, start - lead, quiet, zone)
    later = [one for one in leads if one < lead]
    if any(delivery_time(start, start - one, quiet, zone) <= at for one in later):
        return None
    return at
