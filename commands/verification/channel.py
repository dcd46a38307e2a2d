"""How the steps of one verification travel: as events of a room, or to the person's devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.api import Effect, EventId, RoomId, SendRaw, SendToDevices, UserId


@dataclass(frozen=True, slots=True)
class Channel:
    """Where our steps of a verification go.

    `room` is None if they go to `devices` alone. `request` is the event that began the
    verification, or its transaction id.
    """

    person: UserId
    room: RoomId | None
    request: str
    devices: tuple[str, ...] = ()

    def bind(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content of a verification step with the field that names its request."""
        if self.room is None:
            return dict(content) | {"transaction_id": self.request}
        relation = {"rel_type": "m.reference", "event_id": EventId(self.request)}
        return dict(content) | {"m.relates_to": relation}

    def send(self, step: str, content: Mapping[str, Any]) -> Effect:
        """Return the effect that sends one of our steps in the verification."""
        kind, body = f"m.key.verification.{step}", self.bind(content)
        if self.room is None:
            return SendToDevices(self.person, self.devices, kind, body)
        return SendRaw(kind, body, self.room)

    def cancel(self, code: str, reason: str = "") -> Effect:
        """Return the effect that cancels the verification, with a code of the spec."""
        return self.send("cancel", {"code": code, "reason": reason or code})
