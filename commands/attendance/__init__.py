"""Attendance: who comes to events and who waits, shifts, check-in, everyone's own clock."""

from __future__ import annotations

from commands.attendance import (
    attendance_file,
    attendance_sheet,
    checkin,
    departures,
    edited_answers,
    headcount,
    local_times,
    rsvp_commands,
    rsvp_poll,
    services,
    shifts,
)
from commands.attendance.declaration import feature

__all__ = [
    "attendance_file",
    "attendance_sheet",
    "checkin",
    "departures",
    "edited_answers",
    "feature",
    "headcount",
    "local_times",
    "rsvp_commands",
    "rsvp_poll",
    "services",
    "shifts",
]

COMMAND_ORDER = (
    *("going", "not going", "maybe"),
    *("shifts", "take shift", "drop shift", "door", "arrived", "attendees", "time"),
)
"""The commands in the order in which the help lists them."""
SETTING_ORDER = ("short_answers", "presence", "tap_poll")
"""The settings in the order in which they are listed."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
feature.settings.sort(key=lambda setting: SETTING_ORDER.index(setting.key))
