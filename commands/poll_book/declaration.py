"""The feature that owns the tables of polls, rolls and votes."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "poll_book",
    Path(__file__).parent,
    needs=("decision_rules", "poll_lines", "translations"),
    cut_from="polls",
    schema_owner="polls",
)
