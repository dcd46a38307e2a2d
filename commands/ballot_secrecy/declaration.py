"""The feature of secret ballots, and the job that destroys the link from voters to votes."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature(
    "ballot_secrecy",
    Path(__file__).parent,
    needs=("decision_rules", "poll_book", "poll_lines"),
    cut_from="polls",
)

SHRED_JOB = feature.job("shred")
