"""Declare the feature that finds who has not written in a room for weeks, where a room wants it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Setting, Switch, _, words

feature = Feature("quiet", Path(__file__).parent, needs=("rooms",))

USUAL_WEEKS, LEAST_WEEKS, MOST_WEEKS = 4, 2, 26
"""Whole weeks: nothing finer is asked, so that nobody's days can be watched."""
INVITE_AGAIN = timedelta(days=28)
"""How long after an invitation from a room the next one may go out."""
MOST_INVITED = 20
"""Invitations at a time: as many private rooms may have to be opened."""

SEE_QUIET = Setting(
    "see_quiet",
    words("ver-silencios", "ver-silêncios", "see-quiet"),
    Switch(),
    "no",
    _("Moderators may ask who has not written here for weeks. Out of it: `!leave-me-out`"),
)
feature.settings.append(SEE_QUIET)
