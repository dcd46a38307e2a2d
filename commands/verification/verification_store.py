"""Store of verifications that are going on, and of those that came to a good end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api import EventId, RoomId, UserId
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class Exchange:
    """One verification. `step` is the last one done; see `exchange.py` for their order."""

    person: UserId
    room: RoomId
    request: EventId | None
    asked: datetime
    step: str
    starts: bool
    device: str
    device_key: str
    master: str
    secret: bytes | None = None
    their_key: str | None = None
    start: Mapping[str, Any] | None = None
    commitment: str | None = None
    macs: Mapping[str, Any] | None = None

    def known_keys(self) -> dict[str, str]:
        """Return their keys that the codes must vouch for, by their ids."""
        return {f"ed25519:{self.device}": self.device_key, f"ed25519:{self.master}": self.master}


async def get_exchange(tx: Tx, person: UserId) -> Exchange | None:
    """Return the person's verification that is going on."""
    row = await tx.one("SELECT * FROM verification_exchange WHERE person = ?", person)
    if row is None:
        return None
    return Exchange(
        UserId(row["person"]),
        RoomId(row["room"]),
        EventId(row["request"]) if row["request"] else None,
        datetime.fromtimestamp(row["asked"], UTC),
        row["step"],
        bool(row["starts"]),
        row["device"],
        row["device_key"],
        row["master"],
        row["secret"],
        row["their_key"],
        json.loads(row["start"]) if row["start"] else None,
        row["commitment"],
        json.loads(row["macs"]) if row["macs"] else None,
    )


async def put_exchange(tx: Tx, one: Exchange) -> None:
    """Store it in place of the person's earlier one."""
    await delete_exchange(tx, one.person)
    await tx.run(
        "INSERT INTO verification_exchange VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.person,
        one.room,
        one.request,
        one.asked.timestamp(),
        one.step,
        one.starts,
        one.device,
        one.device_key,
        one.master,
        one.secret,
        one.their_key,
        json.dumps(one.start) if one.start is not None else None,
        one.commitment,
        json.dumps(one.macs) if one.macs is not None else None,
    )


async def delete_exchange(tx: Tx, person: UserId) -> None:
    """Forget the person's verification that is going on."""
    await tx.run("DELETE FROM verification_exchange WHERE person = ?", person)


async def note_done(tx: Tx, person: UserId, master: str, at: datetime) -> None:
    """Remember that the person compared the emoji with us."""
    await tx.run(
        "INSERT OR REPLACE INTO verification_done VALUES (?, ?, ?)", person, master, at.timestamp()
    )


async def when_done(tx: Tx, person: UserId, master: str) -> datetime | None:
    """Return when the person verified us with this identity, or None."""
    row = await tx.one(
        "SELECT at FROM verification_done WHERE person = ? AND master = ?", person, master
    )
    return datetime.fromtimestamp(row["at"], UTC) if row else None
