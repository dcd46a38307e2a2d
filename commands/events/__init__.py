"""Events: single ones and series, their calendar files, attendance and reminders."""

from __future__ import annotations

from commands.events import (
    agenda,
    cancellation,
    creation,
    date_changes,
    date_end,
    field_changes,
    map_points,
    services,
)
from commands.events.attendance import (
    attendee_conflicts,
    checkin,
    departures,
    headcount,
    local_times,
    rsvp,
    rsvp_commands,
    rsvp_poll,
    shifts,
)
from commands.events.calendar import (
    file_export,
    file_import,
    month_picture,
    network_events,
    weekly_digest,
)
from commands.events.declaration import feature
from commands.events.event_reminders import delivery, preferences

__all__ = [
    "agenda",
    "attendee_conflicts",
    "cancellation",
    "checkin",
    "creation",
    "date_changes",
    "date_end",
    "delivery",
    "departures",
    "feature",
    "field_changes",
    "file_export",
    "file_import",
    "headcount",
    "local_times",
    "map_points",
    "month_picture",
    "network_events",
    "preferences",
    "rsvp",
    "rsvp_commands",
    "rsvp_poll",
    "services",
    "shifts",
    "weekly_digest",
]

ORDER = ("event", "events", "going", "not going", "maybe", "move", "change")
"""The commands in the order the help lists them; a command not named here comes last."""
feature.commands.sort(
    key=lambda command: ORDER.index(command.name.en) if command.name.en in ORDER else len(ORDER)
)
