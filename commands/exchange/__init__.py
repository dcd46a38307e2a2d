"""Offers and needs: publish them, find what fits, and introduce the two people."""

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
"""The commands in the order the help lists them."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
