"""Danger: calls for help that ring until somebody answers, and destruction of the keys."""

from __future__ import annotations

from commands.danger import (
    call_messages,
    contacts,
    helper_answers,
    named_helpers,
    panic_call,
    practice_room,
    ringing_jobs,
    self_destruct,
    services,
)
from commands.danger.declaration import feature

__all__ = [
    "call_messages",
    "contacts",
    "feature",
    "helper_answers",
    "named_helpers",
    "panic_call",
    "practice_room",
    "ringing_jobs",
    "self_destruct",
    "services",
]
