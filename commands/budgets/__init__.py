"""Budgets: money shared out over projects, fairly, by a vote of the room."""

from __future__ import annotations

from commands.budgets import budget_command
from commands.budgets.declaration import feature

__all__ = ["budget_command", "feature"]
