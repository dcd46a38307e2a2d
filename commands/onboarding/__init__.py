"""Onboarding: areas, codes, doors, invitations, the network's rules, lists and companions."""

from __future__ import annotations

from commands.onboarding import (
    areas,
    codes,
    companions,
    doors,
    invitations,
    rules,
    services,
    unmatched_replies,
    welcome,
)
from commands.onboarding.declaration import feature
from commands.onboarding.expected_lists import command as lists_command
from commands.onboarding.rules import awaiting_entry

__all__ = [
    "areas",
    "awaiting_entry",
    "codes",
    "companions",
    "doors",
    "feature",
    "invitations",
    "lists_command",
    "rules",
    "services",
    "unmatched_replies",
    "welcome",
]
