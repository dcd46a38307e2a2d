"""The services by which what stands on the poll book adds to it."""

from __future__ import annotations

from bot.api import Number, Service

ROLL_WRITTEN = Service[[Number], None]("roll written")
"""Add to a poll whose roll has just been fixed: who votes there for whom."""
