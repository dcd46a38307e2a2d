"""What every part of the safety check-in knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("safety", Path(__file__).parent)
feature.personal |= {"return"}

SAFETY = Topic("safety", words("seguridad", "segurança", "safety"), _("To be safe"))

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=30)
BEFORE = timedelta(minutes=15)
"""So long before the time the person is reminded, if there is as much left."""
GRACE = timedelta(minutes=10)
"""After the time the person is asked, and has this long to answer before others are told."""
EVERY, MOST_TOLD = timedelta(minutes=15), 4
"""As often, and as many times, the people named are told until one of them takes care of it."""
OVER = timedelta(hours=24)
"""Then nobody waits for an answer any more, and all of it is deleted."""
LATE = timedelta(minutes=5)
MOST_NAMED, LONGEST_NOTE = 10, 500
AT_ONCE = timedelta(minutes=3)
"""So soon after it was noted an `ok` is only an answer to that."""
