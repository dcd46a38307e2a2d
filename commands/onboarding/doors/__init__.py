"""Doors: people knock, answer a few questions in private, and somebody decides."""

from __future__ import annotations

from commands.onboarding.doors import (
    asking,
    ballot,
    deciding,
    knocking,
    listing,
    questions,
    voted,
    vouching,
    waiting,
)

__all__ = [
    "asking",
    "ballot",
    "deciding",
    "knocking",
    "listing",
    "questions",
    "voted",
    "vouching",
    "waiting",
]
