"""The `Feature` of invitation codes, and its jobs."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "codes",
    Path(__file__).parent,
    needs=("expected_lists", "onboarding", "rules"),
    cut_from="onboarding",
)
OFFERED_JOB = feature.job("offered")
STRANGER_JOB = feature.job("stranger")
WITHDRAW_JOB = feature.job("withdraw")
