"""What people type when they ask and vote: options, reasons, split votes, whole lines. Pure."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("poll_lines", Path(__file__).parent, needs=("decision_rules",))
