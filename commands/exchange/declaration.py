"""Declare the exchange capability and its help topic."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("exchange", Path(__file__).parent)

ASK_JOB = feature.job("ask")
DROP_JOB = feature.job("drop")
END_JOB = feature.job("end")
UNANSWERED_JOB = feature.job("unanswered")

EXCHANGE_TOPIC = Topic(
    "exchange",
    words("intercambio", "trocas", "exchange", "ofertas y pedidos | ofertas e pedidos"),
    _("Offers and needs"),
)

ANSWER_WITHIN = timedelta(days=7)
"""How long a person who might be introduced to another one is waited for."""
