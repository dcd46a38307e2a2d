"""Declaration of the safety feature, its times and limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("safety", Path(__file__).parent)

ASK_JOB = feature.job("ask")
END_JOB = feature.job("end")
FEWER_JOB = feature.job("fewer")
SOON_JOB = feature.job("soon")
TAKEN_BACK_JOB = feature.job("taken_back")
TELL_JOB = feature.job("tell")
feature.personal_kinds |= {"return"}

SAFETY = Topic(
    "safety",
    words("protección", "proteção", "protection", "seguridad | segurança | safety"),
    _("To be safe"),
)

SHORTEST_ABSENCE, LONGEST_ABSENCE = timedelta(minutes=5), timedelta(days=30)
REMIND_BEFORE = timedelta(minutes=15)
"""How long before the time the person is reminded, if that much is left."""
ANSWER_TIME = timedelta(minutes=10)
"""How long the person has to answer, once asked, before the contacts are told."""
TELL_INTERVAL, MOST_ALARMS = timedelta(minutes=15), 4
"""Interval and number of alarms to the contacts, until one of them takes care of it."""
DELETE_AFTER = timedelta(hours=24)
"""When a check-in without any answer is deleted."""
LATE_AFTER = timedelta(minutes=5)
MOST_CONTACTS, LONGEST_NOTE = 10, 500
ACKNOWLEDGED_WITHIN = timedelta(minutes=3)
"""An `ok` sooner than this after the bot's answer only acknowledges it."""
