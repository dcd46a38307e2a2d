"""The `Feature` of doors, and its jobs."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "doors",
    Path(__file__).parent,
    needs=("expected_lists", "onboarding", "rules"),
    cut_from="onboarding",
)
BALLOT_JOB = feature.job("ballot")
ENOUGH_JOB = feature.job("enough")
EXPECTED_JOB = feature.job("expected")
LAPSE_JOB = feature.job("lapse")
LIST_JOB = feature.job("list")
LOOK_JOB = feature.job("look")
MANY_KNOCK_JOB = feature.job("many_knock")
NUDGE_JOB = feature.job("nudge")
ORPHANED_JOB = feature.job("orphaned")
STUCK_JOB = feature.job("stuck")
VOTED_JOB = feature.job("voted")
feature.personal_kinds |= {"request"}
