"""Onboarding: areas, invitations, doors, and the network's agreement."""

from __future__ import annotations

from commands.onboarding import areas, inviting, serving
from commands.onboarding.base import feature

__all__ = ["areas", "feature", "inviting", "serving"]
