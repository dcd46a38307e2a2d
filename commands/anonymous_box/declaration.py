"""Declaration of the anonymous box, its setting and limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, NamedArgument, Setting, Switch, _, words

feature = Feature("anonymous_box", Path(__file__).parent, needs=("care", "incidents"))

FORGET_JOB = feature.job("forget")

KIND = "anonymous"
BOX = Setting(
    "anonymous_box",
    words("buzón", "caixa", "box"),
    Switch(),
    "no",
    _("Who is in this room can write to it without their name, through me in private."),
)
feature.settings.append(BOX)
TO = NamedArgument(words("para", "para", "to", "a, sala | sala | room"))
ARGS = (TO,)
CARE_WORDS = words(
    "cuidado", "cuidado", "care", "equipo de cuidado | equipe de cuidado | care team"
)
MUTE_WORDS = words(
    "silenciar",
    "silenciar",
    "mute",
    "silencia, callar, bloquear | silencia, calar, bloquear | block",
)
EXAMPLE = _("For example, in private: `box the meetings are too late for those with children`")

LINK_KEPT = timedelta(days=30)
"""How long I know who wrote a message, so that answers find them."""
MUTED_FOR = timedelta(days=30)
DAY = timedelta(days=1)
MOST_A_DAY = 5
"""Lines that one person may have passed on in a day."""
LONGEST = 2000
