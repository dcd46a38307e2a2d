"""Onboarding: areas, invitations, doors, and the network's agreement."""

from __future__ import annotations

from commands.onboarding import agreement, areas, codes, doors, inviting, serving
from commands.onboarding.base import feature
from commands.onboarding.lists import command as lists

__all__ = ["agreement", "areas", "codes", "doors", "feature", "inviting", "lists", "serving"]
