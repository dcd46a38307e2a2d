"""Declare the calendar: events as files and pictures, once a week, and of linked networks."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("calendar", Path(__file__).parent, needs=("events",), cut_from="events")

WEEKLY_JOB = feature.job("weekly")
