"""The feature of budgets: money shared out over projects, by a vote."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "budgets",
    Path(__file__).parent,
    needs=(
        "ballot_secrecy",
        "decision_rules",
        "decisions",
        "embargo",
        "poll_book",
        "poll_lines",
        "polls",
    ),
)
