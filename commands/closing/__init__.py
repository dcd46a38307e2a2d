"""Closing a room or all rooms of a cohort: archive what is to be kept, tell, and leave."""

from __future__ import annotations

from commands.closing import carrying_out, close_command, cohort_closing, taking_back
from commands.closing.declaration import feature

__all__ = ["carrying_out", "close_command", "cohort_closing", "feature", "taking_back"]

feature.rows("closing_plan", room="keep")
