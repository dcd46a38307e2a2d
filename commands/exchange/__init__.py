"""Offers and needs that find each other."""

from __future__ import annotations

from commands.exchange import ending, introducing, listing, naming, publishing, serving, shared
from commands.exchange.base import feature

__all__ = [
    "ending",
    "feature",
    "introducing",
    "listing",
    "naming",
    "publishing",
    "serving",
    "shared",
]

ORDER = ("need", "offer", "seek", "needs", "offers", "interested", "solved", "hide", "synonym")
"""What people need first is told first."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
