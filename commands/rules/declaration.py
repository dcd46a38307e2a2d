"""The `Feature` of the network's rules, and its jobs."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "rules",
    Path(__file__).parent,
    needs=("onboarding",),
    cut_from="onboarding",
)
ASK_RULES_JOB = feature.job("ask_rules")
NUDGE_INSIDE_JOB = feature.job("nudge_inside")
STUCK_INSIDE_JOB = feature.job("stuck_inside")
