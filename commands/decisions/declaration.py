"""The feature of the record of decisions."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "decisions",
    Path(__file__).parent,
    needs=("ballot_secrecy", "decision_rules", "poll_book", "poll_lines", "polls"),
    cut_from="polls",
)
