"""The feature of delegation, its jobs and the settings of a room."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Setting, WholeNumber, _, words

feature = Feature(
    "delegation", Path(__file__).parent, needs=("decision_rules", "poll_book", "polls")
)

END_JOB = feature.job("end")

HELD = Setting(
    "delegations_held",
    words("delegaciones-por-persona", "delegações-por-pessoa", "delegations-per-person"),
    WholeNumber(0, 100, off=True),
    "5",
    _("How many others' votes one person may hold in this room; `no`: nobody gives theirs."),
)
CHAIN = Setting(
    "delegation_chain",
    words("cadena-de-delegaciones", "cadeia-de-delegações", "delegation-chain"),
    WholeNumber(0, 5, off=True),
    "0",
    _("How many times a vote that was given may be passed on; `no`: never."),
)
feature.settings += [HELD, CHAIN]
