"""What every part of the lending knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("lending", Path(__file__).parent)

LENDING = Topic("lending", words("préstamos", "empréstimos", "lending"), _("Lending"))
EXAMPLE = _("For example: `!lend projector to @ana until tomorrow`")

LATE = timedelta(minutes=5)
"""What comes later than this says so."""
LONGEST_NAME = 120
LONGEST_LOAN = timedelta(days=731)
PAGE = 15
MOST_WANTED = 50
"""So many things one person may wait for."""
WANTED_FOR = timedelta(days=60)
"""So long a wish without a date waits."""
KEPT_FOR = timedelta(days=90)
"""So long what is over can still be looked up by the two people."""
