"""Declare the lending capability, its help topic and its limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("lending", Path(__file__).parent)

ALONE_JOB = feature.job("alone")
BEGIN_JOB = feature.job("begin")
LAPSE_JOB = feature.job("lapse")
LATE_JOB = feature.job("late")
REMIND_JOB = feature.job("remind")
TIDY_JOB = feature.job("tidy")
UNKEPT_JOB = feature.job("unkept")

LENDING_TOPIC = Topic("lending", words("préstamos", "empréstimos", "lending"), _("Lending"))
EXAMPLE = _("For example: `!lend projector to @ana until tomorrow`")

LATE_AFTER = timedelta(minutes=5)
"""How late a message must be before it mentions the delay."""
LONGEST_NAME = 120
LONGEST_LOAN = timedelta(days=731)
PAGE_SIZE = 15
MOST_WANTED = 50
"""How many things one person may wait for."""
REQUEST_LASTS = timedelta(days=60)
"""How long a request without a date waits."""
STORED_FOR = timedelta(days=90)
"""How long a loan that is over can still be looked up by the two people."""
