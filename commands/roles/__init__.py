"""Roles in a room's own words: given for a time, drawn by lot, and called by their name."""

from __future__ import annotations

from commands.roles import calling, changing, command, drawing, serving, terms
from commands.roles.base import feature

__all__ = ["calling", "changing", "command", "drawing", "feature", "serving", "terms"]
