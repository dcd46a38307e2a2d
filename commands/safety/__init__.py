"""Safety check-ins: say by when you are back; without word by then your contacts are told."""

from __future__ import annotations

from commands.safety import (
    alarm_jobs,
    alarm_recall,
    back_by,
    check_in,
    contacts,
    followed_calls,
    left_alarms,
    outings,
    services,
)
from commands.safety.declaration import feature

__all__ = [
    "alarm_jobs",
    "alarm_recall",
    "back_by",
    "check_in",
    "contacts",
    "feature",
    "followed_calls",
    "left_alarms",
    "outings",
    "services",
]
