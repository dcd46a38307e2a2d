"""The `Feature` of what networks show each other, and its jobs."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("shares", Path(__file__).parent, needs=("links",), cut_from="links")
CONTACT_JOB = feature.job("contact")
NEVER_JOB = feature.job("never")
NOTICE_JOB = feature.job("notice")
RECEDE_JOB = feature.job("recede")
REFUSE_JOB = feature.job("refuse")
RETRACT_JOB = feature.job("retract")
TELL_JOB = feature.job("tell")
