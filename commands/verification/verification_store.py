"""Store of verifications that are going on, and of those that came to a good end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import RoomId, UserId
from commands.verification.channel import Channel
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Verification:
    """One that is going on. `step` is the last one done; see `received_steps.py` for their order.

    `room` is the person's private room, also if the steps go from device to device (`by_device`).
    """

    person: UserId
    room: RoomId
    by_device: bool
    request: str | None
    asked: datetime
    step: str
    starts: bool
    device: str
    device_key: str
    master: str
    asked_devices: tuple[str, ...] = ()
    secret: bytes | None = None
    their_key: str | None = None
    start: Mapping[str, Any] | None = None
    commitment: str | None = None
    macs: Mapping[str, Any] | None = None
    code: bytes | None = None

    def known_keys(self) -> dict[str, str]:
        """Return the person's keys that the other side's codes must vouch for, by their ids."""
        return {f"ed25519:{self.device}": self.device_key, f"ed25519:{self.master}": self.master}

    def channel(self) -> Channel | None:
        """Return the channel by which our steps are sent; None while we don't know which event our
        request is."""
        if self.request is None:
            return None
        devices = self.asked_devices if self.step == "asked" else (self.device,)
        return Channel(self.person, None if self.by_device else self.room, self.request, devices)


async def get_verification(tx: Tx, person: UserId) -> Verification | None:
    """Return the person's verification that is going on."""
    row = await tx.one("SELECT * FROM verification_current WHERE person = ?", person)
    if row is None:
        return None
    return Verification(
        UserId(row["person"]),
        RoomId(row["room"]),
        bool(row["by_device"]),
        row["request"],
        datetime.fromtimestamp(row["asked"], UTC),
        row["step"],
        bool(row["starts"]),
        row["device"],
        row["device_key"],
        row["master"],
        tuple(json.loads(row["asked_devices"])),
        row["secret"],
        row["their_key"],
        json.loads(row["start"]) if row["start"] else None,
        row["commitment"],
        json.loads(row["macs"]) if row["macs"] else None,
        row["code"],
    )


async def put_verification(tx: Tx, one: Verification) -> None:
    """Store a verification, in place of the person's earlier one."""
    await delete_verification(tx, one.person)
    await tx.run(
        "INSERT INTO verification_current VALUES"
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.person,
        one.room,
        one.by_device,
        one.request,
        one.asked.timestamp(),
        one.step,
        one.starts,
        one.device,
        one.device_key,
        one.master,
        json.dumps(one.asked_devices),
        one.secret,
        one.their_key,
        json.dumps(one.start) if one.start is not None else None,
        one.commitment,
        json.dumps(one.macs) if one.macs is not None else None,
        one.code,
    )


async def delete_verification(tx: Tx, person: UserId) -> None:
    """Delete the person's verification that is going on."""
    await tx.run("DELETE FROM verification_current WHERE person = ?", person)
