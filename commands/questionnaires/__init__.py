"""Questionnaires: several questions in private, one at a time; the room reads only the counts."""

from __future__ import annotations

from commands.questionnaires import (
    closing,
    interview,
    public_counts,
    questionnaire_command,
    restored_forms,
    services,
)
from commands.questionnaires.declaration import feature

__all__ = [
    "closing",
    "feature",
    "interview",
    "public_counts",
    "questionnaire_command",
    "restored_forms",
    "services",
]
