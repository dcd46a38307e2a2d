"""Declaration of the safety feature, its times and limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("safety", Path(__file__).parent)
feature.personal |= {"return"}

SAFETY = Topic("safety", words("seguridad", "segurança", "safety"), _("To be safe"))

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=30)
BEFORE = timedelta(minutes=15)
"""How long before the time the person is reminded, if that much is left."""
GRACE = timedelta(minutes=10)
"""How long the person has to answer, once asked, before the contacts are told."""
EVERY, MOST_TOLD = timedelta(minutes=15), 4
"""Interval and number of alarms to the contacts, until one of them takes care of it."""
OVER = timedelta(hours=24)
"""When a check-in without any answer is deleted."""
LATE = timedelta(minutes=5)
MOST_NAMED, LONGEST_NOTE = 10, 500
AT_ONCE = timedelta(minutes=3)
"""An `ok` sooner than this after the bot's answer only acknowledges it."""
