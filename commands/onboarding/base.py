"""What every part of the onboarding knows."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("onboarding", Path(__file__).parent)

NEWCOMERS = Topic(
    "onboarding",
    words("ingreso", "ingresso", "onboarding", "ingresos, ingressos, newcomers"),
    _("Newcomers and areas"),
)
