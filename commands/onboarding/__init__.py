"""Onboarding: areas, which are named sets of rooms, and invitations into them."""

from __future__ import annotations

from commands.onboarding import areas, invitations, services
from commands.onboarding.declaration import feature

__all__ = ["areas", "feature", "invitations", "services"]
