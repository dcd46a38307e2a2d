"""The `Feature` of lists of expected people, and its jobs."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "expected_lists",
    Path(__file__).parent,
    needs=("onboarding", "rules"),
    cut_from="onboarding",
)
LIST_OVER_JOB = feature.job("list_over")
IN_PRIVATE_JOB = feature.job("in_private")
