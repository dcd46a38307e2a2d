"""The `Feature` of introductions between networks, its jobs, its setting and its limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Setting, WholeNumber, _, words

feature = Feature("link_introductions", Path(__file__).parent, needs=("links",))

NEWS_JOB = feature.job("news")
RENEW_JOB = feature.job("renew")

NEEDED = Setting(
    "link introductions",
    words("presentaciones", "apresentações", "introductions"),
    WholeNumber(1, 2, off=True),
    "1",
    _("How many networks must introduce another one before it can be accepted on their word."),
    network=True,
)
feature.settings.append(NEEDED)

VALID_FOR, RENEWED_BEFORE = timedelta(days=365), timedelta(days=60)
"""How long an introduction can be accepted, and how long before its end it is signed anew."""
VALID_AT_MOST = timedelta(days=400)
"""An introduction that says it holds longer than this is refused."""
MOST_IN_MESSAGE = 50
"""Introductions in one message: 50 of the longest addresses still fit."""
MOST_CARRIED = 1000
"""Introductions kept of those that one network brought into a link, its own or others'."""
NAMES_SHOWN = 10
"""How many networks a message names; the rest is counted."""
