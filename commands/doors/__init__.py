"""Doors: people knock at a room and answer questions in private, then somebody decides."""

from __future__ import annotations

from commands.doors import (
    ballot,
    ballot_result,
    decision,
    expected_people,
    follow_up,
    interview,
    knocks,
    questions,
    request_list,
    services,
    stuck_requests,
    vouch_command,
    waiting_list_message,
)
from commands.doors.declaration import feature

__all__ = [
    "ballot",
    "ballot_result",
    "decision",
    "expected_people",
    "feature",
    "follow_up",
    "interview",
    "knocks",
    "questions",
    "request_list",
    "services",
    "stuck_requests",
    "vouch_command",
    "waiting_list_message",
]
