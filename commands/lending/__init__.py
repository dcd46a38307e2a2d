"""Lending: things of people, rooms and the network, their loans, and who waits for them."""

from __future__ import annotations

from commands.lending import borrow, handing, lend, listing, ringing, serving
from commands.lending.base import feature

__all__ = ["borrow", "feature", "handing", "lend", "listing", "ringing", "serving"]

ORDER = ("lend", "borrow", "received", "returned", "loans")
"""The commands in the order the help lists them."""
feature.commands.sort(key=lambda command: ORDER.index(command.name.en))
