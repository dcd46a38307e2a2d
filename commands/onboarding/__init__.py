"""Onboarding: areas, codes, doors, invitations, the network's rules, lists and companions."""

from __future__ import annotations

from commands.onboarding import (
    agreement,
    areas,
    codes,
    companions,
    doors,
    inside,
    inviting,
    serving,
    unheard,
    welcome,
)
from commands.onboarding.base import feature
from commands.onboarding.lists import command as lists

__all__ = [
    "agreement",
    "areas",
    "codes",
    "companions",
    "doors",
    "feature",
    "inside",
    "inviting",
    "lists",
    "serving",
    "unheard",
    "welcome",
]
