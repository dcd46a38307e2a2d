"""Declare the incidents: what somebody tells the care team, and appeals."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("incidents", Path(__file__).parent, needs=("care",), cut_from="care")

SHRED_JOB = feature.job("shred")
WAITING_JOB = feature.job("waiting")
feature.personal_kinds |= {"incident"}
