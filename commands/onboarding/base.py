"""What every part of the onboarding knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.api import Feature, Power, Topic, _, words

feature = Feature("onboarding", Path(__file__).parent)
feature.personal |= {"request"}
feature.powers += [
    Power("invite", _("nobody comes in here by `!invite`, by a code, a list or a decision.")),
    Power("kick", _("who is turned down goes on knocking, and `!leave` takes nobody out of here.")),
]

listeners: list[Callable[[str], bool]] = []
"""Which unaddressed lines the parts want to hear: `on(Message)` of each is asked of all of them."""
feature.listens = lambda line: any(listens(line) for listens in listeners)

NEWCOMERS = Topic(
    "onboarding",
    words("ingreso", "ingresso", "onboarding", "ingresos, ingressos, newcomers"),
    _("Newcomers and areas"),
)
