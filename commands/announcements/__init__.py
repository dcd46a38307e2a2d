"""Announcements in a room or in many, which can ask who has read them."""

from __future__ import annotations

from commands.announcements import (
    announce_command,
    announcing,
    public_announcement,
    reading,
    services,
)
from commands.announcements.declaration import feature

__all__ = [
    "announce_command",
    "announcing",
    "feature",
    "public_announcement",
    "reading",
    "services",
]
