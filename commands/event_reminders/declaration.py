"""Declare the reminders of events: in private, before they begin, for those who come."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "event_reminders", Path(__file__).parent, needs=("events", "attendance"), cut_from="events"
)

BELL_JOB = feature.job("bell")
REMIND_JOB = feature.job("remind")
WAVE_JOB = feature.job("wave")
