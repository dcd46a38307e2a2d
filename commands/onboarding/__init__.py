"""Onboarding: areas, invitations, doors, and the network's agreement."""

from __future__ import annotations

from commands.onboarding import areas, codes, doors, inviting, serving
from commands.onboarding.base import feature

__all__ = ["areas", "codes", "doors", "feature", "inviting", "serving"]
