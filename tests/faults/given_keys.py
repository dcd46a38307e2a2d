"""Whom the bot gives keys: what it sends to each device, counted between it and its homeserver."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from tests.real.plain import Member
from tests.real.proxy import Answer, Call, Proxy

ENCRYPTED = r"^PUT \S*/sendToDevice/m\.room\.encrypted/"


@dataclass
class GivenKeys:
    """Counts the encrypted to-device messages for each device; keys of rooms are all there are."""

    given: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, proxy: Proxy) -> GivenKeys:
        made = cls()
        proxy.on(ENCRYPTED, made)
        return made

    async def __call__(self, call: Call) -> Answer:
        for user, devices in json.loads(call.body)["messages"].items():
            self.given.update((user, device) for device in devices)
        return await call.forward()

    def to(self, user: str, device: str = "") -> int:
        """Return how many key messages this device was sent; without one, all of the person's."""
        return sum(n for (who, which), n in self.given.items() if who == user and device in which)


async def rotates(member: Member, room: str, messages: int) -> None:
    """Set a room's keys to be replaced after so many messages."""
    content = {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_msgs": messages}
    await member.client.room_put_state(room, "m.room.encryption", content)
