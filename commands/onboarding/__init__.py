"""Onboarding: areas, invitations, doors, and the network's agreement."""

from __future__ import annotations

from commands.onboarding import areas, codes, inviting, serving
from commands.onboarding.base import feature

__all__ = ["areas", "codes", "feature", "inviting", "serving"]
