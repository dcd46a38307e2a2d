"""Governance: what a moderator may do alone, with others, or by decision of the room."""

from __future__ import annotations

from commands.governance import (
    approval,
    challenges,
    moderator_requests,
    moderators,
    room_decisions,
    room_name,
    rule_changes,
    services,
    urgent_acts,
)
from commands.governance.declaration import feature

__all__ = [
    "approval",
    "challenges",
    "feature",
    "moderator_requests",
    "moderators",
    "room_decisions",
    "room_name",
    "rule_changes",
    "services",
    "urgent_acts",
]
