"""Calendar: events as files and pictures, once a week, and of linked networks."""

from __future__ import annotations

from commands.calendar import (
    file_export,
    file_import,
    month_picture,
    network_events,
    public_event,
    weekly_digest,
)
from commands.calendar.declaration import feature

__all__ = [
    "feature",
    "file_export",
    "file_import",
    "month_picture",
    "network_events",
    "public_event",
    "weekly_digest",
]

COMMAND_ORDER = ("events-file", "import", "events-picture")
"""The commands in the order in which the help lists them."""
SETTING_ORDER = ("calendar files", "month picture", "weekly digest")
"""The settings in the order in which they are listed."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
feature.settings.sort(key=lambda setting: SETTING_ORDER.index(setting.key))
