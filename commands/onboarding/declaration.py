"""The `Feature` of areas and invitations, and the help topic of everything about newcomers."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, RequiredPower, Topic, _, words

feature = Feature("onboarding", Path(__file__).parent)

AGAIN_JOB = feature.job("again")
INVITE_JOB = feature.job("invite")
INVITED_JOB = feature.job("invited")
OVERDUE_JOB = feature.job("overdue")
feature.powers += [
    RequiredPower(
        "invite", _("nobody comes in here by `!invite`, by a code, a list or a decision.")
    ),
    RequiredPower(
        "kick", _("who is turned down goes on knocking, and `!leave` takes nobody out of here.")
    ),
]

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
"""The help topic of all commands about newcomers."""
