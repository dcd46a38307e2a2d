"""The feature to which the parts of the polls register, and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature(
    "polls",
    Path(__file__).parent,
    needs=(
        "ballot_secrecy",
        "decision_rules",
        "embargo",
        "many_rooms",
        "poll_book",
        "poll_lines",
        "translations",
    ),
)

CLOSE_JOB = feature.job("close")
CORRECT_JOB = feature.job("correct")
FINAL_JOB = feature.job("final")
NUDGE_JOB = feature.job("nudge")
REVIEW_JOB = feature.job("review")
ROOMS_JOB = feature.job("rooms")

DECISIONS = Topic(
    "decisions",
    words("decisiones", "decisões", "decisions", "encuestas, enquetes, polls"),
    _("Decisions"),
)
