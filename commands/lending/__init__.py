"""Lending: things of people and of the network, who has them until when, and who is next."""

from __future__ import annotations

from commands.lending import borrow, handing, lend, listing, ringing, serving
from commands.lending.base import feature

__all__ = ["borrow", "feature", "handing", "lend", "listing", "ringing", "serving"]

ORDER = ("lend", "borrow", "received", "returned", "loans")
"""What people need first is told first."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
