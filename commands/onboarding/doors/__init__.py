"""Doors: people knock, answer a few questions in private, and somebody decides."""

from __future__ import annotations

from commands.onboarding.doors import (
    asking,
    deciding,
    knocking,
    listing,
    questions,
    vouching,
    waiting,
)

__all__ = ["asking", "deciding", "knocking", "listing", "questions", "vouching", "waiting"]
