"""The `Feature` of welcomes and companions, and its jobs."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "welcome",
    Path(__file__).parent,
    needs=("onboarding", "rules"),
    cut_from="onboarding",
)
COMPANION_NEXT_JOB = feature.job("companion_next")
COMPANION_OVER_JOB = feature.job("companion_over")
COMPANION_TOLD_JOB = feature.job("companion_told")
GREET_JOB = feature.job("greet")
SETTLED_JOB = feature.job("settled")
TELL_JOB = feature.job("tell")
TELL_NEXT_JOB = feature.job("tell_next")
