"""Governance: what a moderator may do alone, with others, or by decision of the room."""

from __future__ import annotations

from commands.governance import (
    challenging,
    changing,
    deciding,
    governing,
    moderators,
    naming,
    serving,
    urgent,
    waiting,
)
from commands.governance.base import feature

__all__ = [
    "challenging",
    "changing",
    "deciding",
    "feature",
    "governing",
    "moderators",
    "naming",
    "serving",
    "urgent",
    "waiting",
]
