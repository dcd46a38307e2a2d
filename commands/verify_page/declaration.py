"""Declaration of the page that checks results."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "verify_page",
    Path(__file__).parent,
    needs=("ballot_secrecy", "decision_rules", "decisions"),
)
