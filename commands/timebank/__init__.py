"""The time bank, if a network wants one: hours given and received, confirmed by both people."""

from __future__ import annotations

from commands.timebank import confirming, hours, serving
from commands.timebank.base import feature

__all__ = ["confirming", "feature", "hours", "serving"]
