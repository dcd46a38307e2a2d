"""The record: what was decided, in full, as files, and the tool that checks a result."""

from __future__ import annotations

from commands.decisions import (
    decisions,
    for_meetings,
    newcomer_summary,
    paper_ballot,
    poll_minutes,
    public_decision,
    result_export,
    verify_tool,
)
from commands.decisions.declaration import feature

__all__ = [
    "decisions",
    "feature",
    "for_meetings",
    "newcomer_summary",
    "paper_ballot",
    "poll_minutes",
    "public_decision",
    "result_export",
    "verify_tool",
]

COMMAND_ORDER = ("decisions", "minutes", "export")
"""The order of the help."""
feature.commands.sort(key=lambda command: COMMAND_ORDER.index(command.name.en))
