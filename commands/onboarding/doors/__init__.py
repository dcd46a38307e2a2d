"""Doors: people knock at a room and answer questions in private, then somebody decides."""

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
