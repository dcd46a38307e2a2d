"""Tasks: who does what by when; and calls for action, which count what people did."""

from __future__ import annotations

from commands.tasks import actions, doing, listing, making, ringing, serving
from commands.tasks.base import feature

__all__ = ["actions", "doing", "feature", "listing", "making", "ringing", "serving"]
