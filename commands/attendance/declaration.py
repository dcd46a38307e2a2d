"""Declare the attendance capability: who comes to events, what they do there, who was there."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("attendance", Path(__file__).parent, needs=("events",), cut_from="events")

BEGUN_JOB = feature.job("begun")
COUNTS_JOB = feature.job("counts")
MOVED_UP_JOB = feature.job("moved_up")
TIDY_JOB = feature.job("tidy")
