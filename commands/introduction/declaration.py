"""The `Feature` of the introduction."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("introduction", Path(__file__).parent, needs=("care", "codes"))
