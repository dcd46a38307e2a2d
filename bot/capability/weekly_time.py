"""A setting for a weekday and a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from bot import dates
from bot.capability.settings import UnfitValue
from bot.i18n import _
from bot.lines import Line
from bot.text.command_words import NO, fold_answer, words

WEEKDAYS = {
    "MO": words("lunes", "segunda-feira", "Monday"),
    "TU": words("martes", "terça-feira", "Tuesday"),
    "WE": words("miércoles", "quarta-feira", "Wednesday"),
    "TH": words("jueves", "quinta-feira", "Thursday"),
    "FR": words("viernes", "sexta-feira", "Friday"),
    "SA": words("sábado", "sábado", "Saturday"),
    "SU": words("domingo", "domingo", "Sunday"),
}
_OFF = NO | {"off", "nunca", "never"}
_ANY = datetime(2026, 1, 1, tzinfo=UTC)
_RULE = "FREQ=WEEKLY;BYDAY="
_EXPECTED = _("a day and an hour, such as `Monday 9:00`, or `no`")


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A weekday and time, stored as `MO 09:00`; `no` turns it off."""

    def read(self, typed: str) -> str:
        """Return the stored form of a weekday and time that a person typed. Raises `UnfitValue`."""
        if fold_answer(typed) in _OFF:
            return "no"
        clear = re.sub(r"\b(\d):(\d\d)\b", r"0\1:\2", typed)  # the example says 9:00
        for said in (clear, f"cada {clear}"):
            found = dates.read_recurrence(said, _ANY, "UTC")
            if isinstance(found, dates.AmbiguousSeries):
                hour = f"{found.options[0].start:%H:%M}"
                raise UnfitValue(_EXPECTED, f"{typed.split()[0]} {hour}")
            if isinstance(found, dates.Recurrence) and found.rule.startswith(_RULE):
                hour = f"{found.start:%H:%M}" if found.has_time else "09:00"
                return f"{found.rule[-2:]} {hour}"
        raise UnfitValue(_EXPECTED)

    def show(self, kept: str) -> Line:
        """Return a stored weekday and time as people read it."""
        if kept == "no":
            return _("no")
        day, hour = kept.split()
        return _("{day}, {hour}", day=WEEKDAYS[day], hour=hour)


def next_weekly(kept: str, zone: str, after: datetime) -> datetime:
    """Return the next instant (UTC) after `after` with this weekday and time in the zone."""
    day, hour = kept.split()
    today = dates.to_wall(after, zone).date()
    start = datetime.combine(today, time.fromisoformat(hour))
    coming = dates.next_after(f"{_RULE}{day}", start, zone, after)
    assert coming is not None
    return coming.at
