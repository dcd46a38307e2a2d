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
    replies,
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
    "replies",
    "rsvp",
    "rsvp_commands",
    "rsvp_poll",
    "services",
    "shifts",
    "weekly_digest",
]

COMMAND_ORDER = (
    *("event", "events", "going", "not going", "maybe", "move", "change"),
    *("shifts", "take shift", "drop shift", "door", "arrived", "attendees", "time"),
    *("events-file", "import", "events-picture", "no alerts", "alerts", "quiet hours"),
)
"""The commands in the order in which the help lists them."""
SETTING_ORDER = (
    *("short_answers", "conflicts", "presence", "tap_poll"),
    *("calendar files", "month picture", "weekly digest", "event_reminders"),
)
"""The settings in the order in which they are listed."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
feature.settings.sort(key=lambda setting: SETTING_ORDER.index(setting.key))
