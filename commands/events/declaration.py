"""Declare the events capability and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import (
    Feature,
    Topic,
    _,
    words,
)

feature = Feature("events", Path(__file__).parent)

BEGUN_JOB = feature.job("begun")
BELL_JOB = feature.job("bell")
COUNTS_JOB = feature.job("counts")
MOVED_UP_JOB = feature.job("moved_up")
OVER_JOB = feature.job("over")
REMIND_JOB = feature.job("remind")
TIDY_JOB = feature.job("tidy")
WAVE_JOB = feature.job("wave")
WEEKLY_JOB = feature.job("weekly")

EVENTS_TOPIC = Topic("events", words("eventos", "eventos", "events", "agenda"), _("Events"))
CREATION_EXAMPLE = _("For example: `!event Radio workshop tomorrow 19h`")
