"""The onboarding's `Feature`, and what all its parts share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.api import Feature, RequiredPower, Topic, _, words

feature = Feature("onboarding", Path(__file__).parent)

AGAIN_JOB = feature.job("again")
ASK_RULES_JOB = feature.job("ask_rules")
BALLOT_JOB = feature.job("ballot")
COMPANION_NEXT_JOB = feature.job("companion_next")
COMPANION_OVER_JOB = feature.job("companion_over")
COMPANION_TOLD_JOB = feature.job("companion_told")
ENOUGH_JOB = feature.job("enough")
EXPECTED_JOB = feature.job("expected")
GREET_JOB = feature.job("greet")
INVITE_JOB = feature.job("invite")
INVITED_JOB = feature.job("invited")
LAPSE_JOB = feature.job("lapse")
LIST_OVER_JOB = feature.job("list_over")
LOOK_JOB = feature.job("look")
MANY_KNOCK_JOB = feature.job("many_knock")
MANY_WAIT_JOB = feature.job("many_wait")
NUDGE_JOB = feature.job("nudge")
NUDGE_INSIDE_JOB = feature.job("nudge_inside")
ORPHANED_JOB = feature.job("orphaned")
OVERDUE_JOB = feature.job("overdue")
SETTLED_JOB = feature.job("settled")
STRANGER_JOB = feature.job("stranger")
STUCK_JOB = feature.job("stuck")
STUCK_INSIDE_JOB = feature.job("stuck_inside")
TELL_JOB = feature.job("tell")
TELL_NEXT_JOB = feature.job("tell_next")
VOTED_JOB = feature.job("voted")
feature.personal_kinds |= {"request"}
feature.powers += [
    RequiredPower(
        "invite", _("nobody comes in here by `!invite`, by a code, a list or a decision.")
    ),
    RequiredPower(
        "kick", _("who is turned down goes on knocking, and `!leave` takes nobody out of here.")
    ),
]

listeners: list[Callable[[str], bool]] = []
"""Predicates over unaddressed lines: `on(Message)` runs for a line if any of them accepts it."""
feature.wants_line = lambda line: any(listens(line) for listens in listeners)

NEWCOMERS = Topic(
    "onboarding",
    words(
        "llegadas",
        "chegadas",
        "newcomers",
        "ingreso, ingresos | ingresso, ingressos | onboarding",
    ),
    _("Newcomers and areas"),
)
"""The help topic of all onboarding commands."""
