"""The onboarding's `Feature`, and what all its parts share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.api import Feature, RequiredPower, Topic, _, words

feature = Feature("onboarding", Path(__file__).parent)
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
    words("ingreso", "ingresso", "onboarding", "ingresos, ingressos, newcomers"),
    _("Newcomers and areas"),
)
"""The help topic of all onboarding commands."""
