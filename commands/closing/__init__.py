"""Closing a room or all rooms of a cohort: archive what is to be kept, tell, and leave."""

from __future__ import annotations

from commands.closing import carrying_out, close_command, cohort_closing
from commands.closing.declaration import feature

__all__ = ["carrying_out", "close_command", "cohort_closing", "feature"]

feature.rows("closing_plan", room="keep")
