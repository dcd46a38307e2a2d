"""Doors: people knock at a room and answer questions in private, then somebody decides."""

from __future__ import annotations

from commands.onboarding.doors import (
    ballot,
    ballot_result,
    decision,
    interview,
    knocks,
    questions,
    request_list,
    stuck_requests,
    vouch_command,
)

__all__ = [
    "ballot",
    "ballot_result",
    "decision",
    "interview",
    "knocks",
    "questions",
    "request_list",
    "stuck_requests",
    "vouch_command",
]
