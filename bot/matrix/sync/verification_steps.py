"""Steps of verifications, in a room or for our device alone. Pure.

Spec §Key verification framework. Apps send them unencrypted, so all in them is any server's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.matrix.fields import relation_target, short_text
from bot.signing.canonical_json import encode_canonical
from bot.types import EventId, RoomId, Trust, UserId, VerificationStep

VERIFICATION_STEPS = {
    f"m.key.verification.{step}": step
    for step in ("ready", "start", "accept", "key", "mac", "done", "cancel")
}
"""Types of the steps of a verification after its request, which is a message in a room."""
VERIFICATION_REQUEST = "m.key.verification.request"
VERIFICATION_CANCEL = "m.key.verification.cancel"
REQUEST_LASTS = timedelta(minutes=10)
"""How long an app waits for an answer to its request (spec, m.key.verification.request)."""
MOST_STEP_BYTES = 16_384
"""Limit of a step of a verification. A real one has under two thousand."""


def find_room_step(
    event: EventId, kind: str, content: Mapping[str, Any], relates: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Return the step of a verification that a room's event is, and the event that began it; None
    for no step."""
    step = VERIFICATION_STEPS.get(kind, "request" if kind == "m.room.message" else "")
    about = event if step == "request" else relation_target(relates, "m.reference")
    return (step, about) if step and about is not None and is_short_step(content) else None


def is_verification(kind: object) -> bool:
    """Return whether a to-device event of this type is a step of a verification."""
    known = {VERIFICATION_REQUEST, *VERIFICATION_STEPS}
    return isinstance(kind, str) and kind in known


def is_short_step(content: Mapping[str, Any], most: int = MOST_STEP_BYTES) -> bool:
    """Return whether a step's content has at most so many bytes and can be written as JSON
    again."""
    try:
        return len(encode_canonical(content)) <= most
    except (ValueError, RecursionError):
        return False


def read_device_step(
    sender: UserId, kind: str, content: Mapping[str, Any], trust: Trust, at: datetime
) -> VerificationStep | None:
    """Return the step of a verification that came to the bot's device alone; None for another
    event.

    `at` is our clock (UTC). The same step has the same event id, so it is handled once.
    """
    about = short_text(content.get("transaction_id"))
    if not about or not is_verification(kind):
        return None
    try:
        said = encode_canonical([sender, kind, content])
    except (ValueError, RecursionError):
        return None
    event = EventId(f"$step-{sha256(said).hexdigest()[:32]}")
    step = VERIFICATION_STEPS.get(kind, "request")
    return VerificationStep(RoomId(""), event, sender, at, step, about, content, trust)
