"""The feature to which elections register, its jobs, limits and help topic."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature(
    "elections",
    Path(__file__).parent,
    needs=(
        "decision_rules",
        "poll_book",
        "ballot_secrecy",
        "polls",
        "decisions",
        "roles",
        "embargo",
    ),
)

OPENS_JOB = feature.job("opens")

ELECTIONS = Topic(
    "elections",
    words("elecciones", "eleições", "elections"),
    _("Elect several people: candidacies, a vote, a count that can be checked"),
)
EXAMPLE = _(
    "For example: `!election Committee seats:5 candidacies until in 3 days, vote until in 6 days`"
)
USUAL_TIME = timedelta(days=7)
"""How long candidacies and the vote are open if nobody says."""
LONGEST_TIME = timedelta(days=366)
LATE_AFTER = timedelta(minutes=5)
LONGEST_WORDS = 400
"""Letters of what a candidate says of themselves."""
LONGEST_TITLE = 200
MOST_SEATS = 50
MOST_CANDIDATES = 100
MOST_OPEN = 10
"""How many elections of a room wait for candidacies at the same time."""
