"""How long before an event people are reminded: as the room or the event has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.api import Context, Line, Setting, Span, UnfitValue, _, dates, fold_answer, words
from commands.event_reminders.declaration import feature
from commands.events.event import Event

MOST_REMINDERS = 5
"""How many reminders one date has at most."""
LONGEST_LEAD = timedelta(days=60)
_OFF_WORDS = frozenset({"no", "nao", "nunca", "never", "off", "0"})


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """A setting of the times before an event at which people are reminded, or none."""

    def read(self, typed: str) -> str:
        """Return the stored form of typed times before an event. Raises `UnfitValue`."""
        if fold_answer(typed) in _OFF_WORDS:
            return ""
        found = parse_leads(typed)
        if found is None:
            raise UnfitValue(
                _("up to {count} times such as `1d, 2h`; or `no`", count=MOST_REMINDERS), "1d, 1h"
            )
        return ",".join(str(int(one.total_seconds())) for one in found)

    def show(self, kept: str) -> Line:
        """Return the stored times before an event as a line for people."""
        if not kept:
            return _("no")
        return _("{lengths}", lengths=tuple(Span(one) for one in parse_stored_leads(kept)))


def parse_leads(typed: str) -> tuple[timedelta, ...] | None:
    """Return the lengths of time in `1d, 1h` or `2 horas y 15 min antes`, the longest first, or
    None."""
    spoken = " ".join(typed[:200].split())
    parts = [part.strip() for part in re.split(r"[,;/]| [ye] | and ", spoken) if part.strip()]
    found = {
        dates.read_duration(re.sub(r" (?:antes|before)$", "", one, flags=re.I)) for one in parts
    }
    if not found or None in found or len(found) > MOST_REMINDERS:
        return None
    lengths = sorted((one for one in found if one is not None), reverse=True)
    return tuple(lengths) if lengths[0] <= LONGEST_LEAD else None


def parse_stored_leads(kept_: str) -> tuple[timedelta, ...]:
    """Return the stored setting as lengths of time before an event."""
    return tuple(timedelta(seconds=int(one)) for one in kept_.split(",") if one)


REMIND = Setting(
    "event_reminders",
    words("avisos-de-eventos", "avisos-de-eventos", "event-reminders", "recordatorio, lembrete"),
    LeadTimes(),
    "86400,3600",
    _("How long before an event I remind in private those who come."),
)
feature.settings.append(REMIND)


async def lead_times(ctx: Context, event: Event) -> tuple[timedelta, ...]:
    """Return how long before an event reminders are sent: its own setting, else the room's. The
    longest comes first."""
    if event.remind is not None:
        return tuple(sorted(event.remind, reverse=True))
    return parse_stored_leads(await ctx.setting_value(REMIND, event.room))
