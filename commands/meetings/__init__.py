"""Meetings: minutes of marked lines, an agenda with times, a queue of speakers, shows of hands."""

from __future__ import annotations

from commands.meetings import (
    agenda,
    agenda_sheet,
    floor,
    idle_meetings,
    line_edits,
    meeting_command,
    meeting_end,
    newcomer_summary,
    notes,
    services,
    show_of_hands,
)
from commands.meetings.declaration import feature

__all__ = [
    "agenda",
    "agenda_sheet",
    "feature",
    "floor",
    "idle_meetings",
    "line_edits",
    "meeting_command",
    "meeting_end",
    "newcomer_summary",
    "notes",
    "services",
    "show_of_hands",
]

COMMAND_ORDER = ("meeting", "topic", "hand", "hands")
"""Commands in the order of their importance."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
