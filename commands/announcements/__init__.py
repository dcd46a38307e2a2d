"""Announcements in many rooms, which can ask who has read them."""

from __future__ import annotations

from commands.announcements import announcing, public_announcement, reading, services
from commands.announcements.declaration import feature

__all__ = ["announcing", "feature", "public_announcement", "reading", "services"]
