"""The feature of secret ballots, its job, and the names of its files and private messages."""

from __future__ import annotations

import secrets
from pathlib import Path

from bot.api import Feature, Number, Words

feature = Feature(
    "ballot_secrecy",
    Path(__file__).parent,
    needs=("decision_rules", "poll_book", "poll_lines"),
    cut_from="polls",
)

SHRED_JOB = feature.job("shred")
SLOT_PREFIX = "secret:"
"""Slot of private messages about a secret ballot, votes too.

They are redacted when it is shredded.
"""


def file_name(name: Words, number: Number, language: str, at: int = 0) -> str:
    """Return the name of a secret ballot's file in this language, the `at`th of several."""
    behind = f"-{at}" if at else ""
    return f"{name.in_language(language)}-{number}{behind}.json"


def new_slot() -> str:
    """Return a new slot that marks a private message about a secret ballot."""
    return f"{SLOT_PREFIX}{secrets.token_hex(8)}"
